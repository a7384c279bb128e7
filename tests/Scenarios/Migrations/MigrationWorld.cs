using k8s.Models;
using Modestano.Crds.V1Alpha1;
using Modestano.Scenarios.MigrationSimulation;
using Modestano.Scenarios.ReplicaSets;
using Modestano.Scenarios.Virtual;
using Modestano.Testbed.Mongo.Model;
using MongoDB.Bson;

namespace Modestano.Scenarios.Migrations;

/// <summary>A whole migration from Ireland to London in one process under virtual time: the operator's three controllers, six members, Route 53.</summary>
internal sealed class MigrationWorld : IDisposable
{
    public const string Ireland = ReplicaSetWorld.Ireland;
    public const string London = ReplicaSetWorld.London;

    private readonly IDisposable _entered;
    private readonly MigrationSuite _suite;
    private bool _changed = true;

    public MigrationWorld(
        Func<RegionMigrationSpec, RegionMigrationSpec>? with = null, Func<VirtualCluster, Func<WeightedDnsRecordSpec, WeightedDnsRecordSpec>>? withRecord = null, int seed = 1)
    {
        Cluster = new VirtualCluster(seed);
        Prometheus = new VirtualPrometheus(Network.Loop);

        // From here on nothing in this world continues on another thread.
        _entered = Network.Loop.Enter();
        Network.Faults.SetRoundTrip(Ireland, London, TimeSpan.FromMilliseconds(10));
        _suite = new MigrationSuite(Cluster, Cluster.Zone);
        _suite.AddMembers();
        _suite.Initiate();
        Network.RunUntil(_suite.IsInitiated, TimeSpan.FromSeconds(60));
        Network.RunFor(TimeSpan.FromSeconds(5));
        Cluster.Sets.Changed += _ => _changed = true;
        Cluster.Records.Changed += _ => _changed = true;
        Cluster.Migrations.Changed += _ => _changed = true;
        _suite.Apply(with, withRecord?.Invoke(Cluster));
        Operator = Start(null);
    }

    public VirtualCluster Cluster { get; }

    public VirtualOperator Operator { get; private set; }

    /// <summary>What the queries of gates get, by their text.</summary>
    public VirtualPrometheus Prometheus { get; }

    public SimulatedReplicaSetNetwork Network => Cluster.Network;

    public MongoReplicaSet Set => Cluster.Sets.Find(_suite.SetKey)!;

    public WeightedDnsRecord Record => Cluster.Records.Find(_suite.RecordKey)!;

    public RegionMigration? Migration => Cluster.Migrations.Find(_suite.MigrationKey);

    public RegionMigrationStatus Status => Migration?.Status ?? new RegionMigrationStatus();

    public string? Phase => Status.Phase;

    public string? Primary => Network.Describe().Where(m => m.IsWritablePrimary).MaxBy(m => m.Term)?.Host;

    public string Weights => string.Join('/', Cluster.Route53.Zones.Sets(Cluster.Zone).Values.Where(s => s.Type == "A").Select(s => s.Weight));

    /// <summary>The hosts that the primary's configuration hides.</summary>
    public IReadOnlyList<string> HiddenHosts() =>
        [.. Network.Execute(Primary!, new BsonDocument { { "replSetGetConfig", 1 }, { "$db", "admin" } })["config"]["members"].AsBsonArray
            .Where(m => m.AsBsonDocument.GetValue("hidden", false).ToBoolean()).Select(m => m["host"].AsString)];

    /// <summary>Starts an operator process on what is stored.</summary>
    /// <param name="end">When it is killed; null: never.</param>
    public VirtualOperator Start((int Effect, KillMoment Moment)? end)
    {
        Operator?.Life.Kill();
        return Operator = new VirtualOperator(Cluster, new OperatorLife(end), answers: Prometheus);
    }

    /// <summary>Lets time pass until something that is stored makes a condition true, or the operator is dead.</summary>
    /// <returns>Whether the condition holds.</returns>
    public bool Run(Func<MigrationWorld, bool> condition, double limitSeconds = 1800)
    {
        var holds = false;
        _changed = true;
        Network.RunUntil(
            () =>
            {
                if (_changed)
                {
                    _changed = false;
                    holds = condition(this);
                }

                return holds || Operator.Life.IsDead;
            },
            TimeSpan.FromSeconds(limitSeconds));
        return holds;
    }

    /// <summary>The same; fails where the condition does not come true.</summary>
    public void RunUntil(Func<MigrationWorld, bool> condition, double limitSeconds = 1800)
    {
        if (!Run(condition, limitSeconds))
        {
            throw new AssertionException($"not within {limitSeconds} s: {Story()}");
        }
    }

    public void RunFor(double seconds) => Network.RunFor(TimeSpan.FromSeconds(seconds));

    public void RunUntilPhase(string phase, double limitSeconds = 1800) => RunUntil(w => w.Phase == phase, limitSeconds);

    /// <summary>A person's edit of the migration.</summary>
    public void Edit(Func<RegionMigrationSpec, RegionMigrationSpec>? spec = null, Action<V1ObjectMeta>? metadata = null)
    {
        var migration = Migration!;
        migration.Spec = spec?.Invoke(migration.Spec) ?? migration.Spec;
        metadata?.Invoke(migration.Metadata);
        Cluster.Migrations.Put(migration, newGeneration: spec is not null);
    }

    public void Annotate(string name, string? value) => Edit(metadata: m =>
    {
        m.Annotations = new Dictionary<string, string>(m.Annotations ?? new Dictionary<string, string>());
        m.Annotations.Remove(name);
        if (value is not null)
        {
            m.Annotations[name] = value;
        }
    });

    /// <summary>Somebody deletes the migration; its finalizer keeps it.</summary>
    public void Delete() => Edit(metadata: m => m.DeletionTimestamp = Network.Loop.UtcNow.UtcDateTime);

    /// <summary>The migration is gone, finalizer and all.</summary>
    public void Vanish() => Cluster.Migrations.Remove(_suite.MigrationKey);

    /// <summary>The same manifest is applied again: a new object, without status.</summary>
    public void MakeAnew(string uid = "uid-again", string name = "to-london", Func<RegionMigrationSpec, RegionMigrationSpec>? with = null)
    {
        var metadata = new V1ObjectMeta { Name = name, NamespaceProperty = _suite.MigrationKey.Namespace, Uid = uid, CreationTimestamp = Network.Loop.UtcNow.UtcDateTime };
        Cluster.Migrations.Put(new RegionMigration { Metadata = metadata, Spec = with?.Invoke(_suite.Spec) ?? _suite.Spec }, newGeneration: true);
    }

    /// <summary>The status is replaced, as from a backup; null: it is lost.</summary>
    public void RestoreStatus(RegionMigrationStatus? status)
    {
        var migration = Migration!;
        migration.Status = status;
        Cluster.Migrations.Put(migration, newGeneration: false);
    }

    /// <summary>The whole namespace comes back from a backup under a new operator process: every object anew, none with a status.</summary>
    public void RestoreNamespace()
    {
        Operator.Life.Kill();
        var (set, record, migration) = (Set, Record, Migration!);
        (set.Status, record.Status, migration.Status) = (null, null, null);
        (set.Metadata.Uid, record.Metadata.Uid, migration.Metadata.Uid) = ("set-restored", "record-restored", "migration-restored");
        Cluster.Sets.Put(set, newGeneration: true);
        Cluster.Records.Put(record, newGeneration: true);
        Cluster.Migrations.Put(migration, newGeneration: true);
        Start(null);
    }

    /// <summary>Git says what <c>status.specEdits</c> lists for the records.</summary>
    public void CommitWeights()
    {
        var record = Record;
        record.Spec = record.Spec with { Endpoints = [.. record.Spec.Endpoints.Select(e => e with { Weight = record.Status!.Endpoints!.Single(s => s.SetIdentifier == e.SetIdentifier).ServedWeight!.Value })] };
        Cluster.Records.Put(record, newGeneration: true);
    }

    /// <summary>Git says where the primary is.</summary>
    public void CommitPrimaryRegion()
    {
        var set = Set;
        set.Spec = set.Spec with { PrimaryRegion = set.Status!.PrimaryRegion! };
        Cluster.Sets.Put(set, newGeneration: true);
    }

    /// <summary>What is there to read when a run stops short.</summary>
    public string Story() => $"""
        {Phase}, waiting for {Status.WaitingFor}; primary {Primary}; weights {Weights}; set {Set.Status?.Phase}
        {string.Join('\n', (Status.Timeline ?? []).Select(t => $"{t.Time:mm:ss} {t.Phase}: {t.Message}"))}
        {string.Join('\n', Cluster.Events.All.TakeLast(12))}
        """;

    public void Dispose()
    {
        Operator.Life.Kill();
        Prometheus.Dispose();
        _entered.Dispose();
    }
}
