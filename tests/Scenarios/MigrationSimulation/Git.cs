using k8s;
using k8s.Models;
using Modestano.Crds.V1Alpha1;
using Modestano.Operator.Runtime;
using Modestano.Scenarios.Dns;

namespace Modestano.Scenarios.MigrationSimulation;

/// <summary>What people have committed, and the controller that applies it: what is missing is made anew, what differs is put back, what left is deleted.</summary>
internal sealed class Git(Stage stage)
{
    private readonly List<(MongoReplicaSetSpec Set, IReadOnlyDictionary<string, WeightedDnsRecordSpec> Records, RegionMigrationSpec? Migration)> _commits = [];
    private int _uids;

    /// <summary>The replica set's spec; null: not committed yet.</summary>
    public MongoReplicaSetSpec? Set { get; private set; }

    public IReadOnlyDictionary<string, WeightedDnsRecordSpec> Records { get; private set; } = new Dictionary<string, WeightedDnsRecordSpec>();

    /// <summary>The migration's spec; null: there is to be none.</summary>
    public RegionMigrationSpec? Migration { get; private set; }

    /// <summary>Every endpoint that a record's spec has ever had, as it was last.</summary>
    public Dictionary<(string Record, string SetIdentifier), EndpointSpec> Endpoints { get; } = [];

    /// <summary>Raised before a commit is applied.</summary>
    public event Action? Committed;

    public void Commit(string what, MongoReplicaSetSpec? set = null, IReadOnlyDictionary<string, WeightedDnsRecordSpec>? records = null, RegionMigrationSpec? migration = null)
    {
        stage.Log($"commit: {what}");
        (Set, Records, Migration) = (set ?? Set, records ?? Records, migration ?? Migration);
        _commits.Add((Set!, Records, Migration));
        foreach (var (name, endpoint) in Records.SelectMany(r => r.Value.Endpoints, (r, e) => (r.Key, e)))
        {
            Endpoints[(name, endpoint.SetIdentifier)] = endpoint;
        }

        Committed?.Invoke();
        Apply();
    }

    public void CommitRecord(string what, string name, WeightedDnsRecordSpec spec) =>
        Commit(what, records: new Dictionary<string, WeightedDnsRecordSpec>(Records) { [name] = spec });

    /// <summary>The migration leaves Git; nothing is applied.</summary>
    public void Drop() => Migration = null;

    /// <summary>A commit is reverted: what set, records and migration were a while ago. The migration itself stays or goes as now.</summary>
    public void Revert(int commits)
    {
        var (set, records, migration) = _commits[Math.Max(0, _commits.Count - 1 - commits)];
        Commit($"revert of {commits}", set, records, Migration is null ? null : migration);
    }

    /// <summary>One round of the GitOps controller.</summary>
    public void Apply()
    {
        if (Set is not null)
        {
            Apply(stage.Cluster.Sets, Stage.SetKey, Set, e => e.Spec, (metadata, spec, e) => new MongoReplicaSet { Metadata = metadata, Spec = spec, Status = e?.Status });
        }

        foreach (var (name, spec) in Records)
        {
            Apply(stage.Cluster.Records, Stage.RecordKey(name), spec, e => e.Spec, (metadata, s, e) => new WeightedDnsRecord { Metadata = metadata, Spec = s, Status = e?.Status });
        }

        if (Migration is not null)
        {
            Apply(stage.Cluster.Migrations, Stage.MigrationKey, Migration, e => e.Spec, (metadata, s, e) => new RegionMigration { Metadata = metadata, Spec = s, Status = e?.Status });
        }
    }

    /// <summary>Somebody deletes an object; its finalizer keeps it.</summary>
    public void Delete<TEntity>(StoredEntities<TEntity> stored, ObjectKey key)
        where TEntity : class, IKubernetesObject<V1ObjectMeta>
    {
        if (stored.Find(key) is { Metadata.DeletionTimestamp: null } entity)
        {
            entity.Metadata.DeletionTimestamp = stage.Loop.UtcNow.UtcDateTime;
            stored.Put(entity, newGeneration: true);
        }
    }

    private void Apply<TEntity, TSpec>(StoredEntities<TEntity> stored, ObjectKey key, TSpec spec, Func<TEntity, TSpec> specOf, Func<V1ObjectMeta, TSpec, TEntity?, TEntity> make)
        where TEntity : class, IKubernetesObject<V1ObjectMeta>
    {
        var existing = stored.Find(key);
        if (existing is null)
        {
            var metadata = new V1ObjectMeta { Name = key.Name, NamespaceProperty = key.Namespace, Uid = $"uid-{++_uids}", CreationTimestamp = stage.Loop.UtcNow.UtcDateTime };
            stage.Log($"made anew: {typeof(TEntity).Name} {key.Name}");
            stored.Put(make(metadata, spec, null), newGeneration: true);
        }
        else if (KubernetesJson.Serialize(specOf(existing)) != KubernetesJson.Serialize(spec))
        {
            stored.Put(make(existing.Metadata, spec, existing), newGeneration: true);
        }
    }
}
