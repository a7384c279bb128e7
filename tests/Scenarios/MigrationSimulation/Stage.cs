using System.Globalization;
using Modestano.Crds.V1Alpha1;
using Modestano.Operator.Runtime;
using Modestano.Scenarios.Virtual;
using Modestano.Testbed.Mongo.Model;
using Modestano.Testbed.Route53.Zones;

namespace Modestano.Scenarios.MigrationSimulation;

/// <summary>What anybody can see of a schedule from outside: Route 53's store, the members, the stored objects.</summary>
internal sealed class Stage(VirtualCluster cluster, Scene scene, Action<string>? trace)
{
    public const string Namespace = "shop";

    public static readonly ObjectKey SetKey = new(Namespace, "marketplace");
    public static readonly ObjectKey MigrationKey = new(Namespace, "to-london");

    private string? _break;

    public VirtualCluster Cluster => cluster;

    public Scene Scene => scene;

    public EventLoop Loop => cluster.Network.Loop;

    public TimeSpan Now => Loop.Elapsed;

    /// <summary>The first invariant that broke; null: none.</summary>
    public string? Broken => _break;

    public bool IsTraced => trace is not null;

    /// <summary>Since when nothing stands between the operator and the two services: before that it cannot be blamed for being slow.</summary>
    public TimeSpan CalmSince { get; set; }

    /// <summary>Nothing is broken now, and an operator runs.</summary>
    public bool IsUndisturbed { get; set; } = true;

    public RegionMigration? Migration => cluster.Migrations.Find(MigrationKey);

    public MongoReplicaSet? Set => cluster.Sets.Find(SetKey);

    /// <summary>The member that takes writes in the newest term; null: nobody does.</summary>
    public SimulatedMember? Primary => cluster.Network.Members.Where(m => m.Process is { } process && process.Topology.IsWritablePrimary).MaxBy(m => m.Process!.Topology.Term);

    public string? PrimaryRegion => Primary?.Options.Region;

    public static ObjectKey RecordKey(string name) => new(Namespace, name);

    public WeightedDnsRecord? Record(string name) => cluster.Records.Find(RecordKey(name));

    /// <summary>The weights that Route 53 holds for a record, by set identifier.</summary>
    public IReadOnlyDictionary<string, int> Weights(string record) => cluster.Route53.Zones.Sets(cluster.Zone).Values
        .Where(s => s.Type == "A" && s.Name == $"{record}.modestano.com." && s.SetIdentifier is not null)
        .ToDictionary(s => s.SetIdentifier!, s => s.Weight ?? 0, StringComparer.Ordinal);

    /// <summary>A person sets the annotation that promotes a step.</summary>
    public void Promote(string value)
    {
        if (Migration is { } migration)
        {
            Log($"a person promotes {value}");
            migration.Metadata.Annotations = new Dictionary<string, string>(migration.Metadata.Annotations ?? new Dictionary<string, string>()) { [Annotations.Promote] = value };
            cluster.Migrations.Put(migration, newGeneration: false);
        }
    }

    /// <summary>
    /// A person takes away what nobody is responsible for any more: sets that bear no mark, that the spec does not name, and that the record's
    /// status shows as served beside its own. True: there were some.
    /// </summary>
    public bool RemoveLeft(string record, WeightedDnsRecordSpec spec)
    {
        var status = Record(record)?.Status;
        if (status is null)
        {
            return false;
        }

        var left = Left(record, spec).Where(s => status.Endpoints?.Any(e => e.SetIdentifier == s.SetIdentifier && e.WantedWeight is null) == true).ToList();
        if (left.Count == 0)
        {
            return false;
        }

        Log($"a person removes {string.Join(", ", left.Select(s => s.SetIdentifier))} of {record} by hand");
        cluster.Route53.Zones.Apply(cluster.Zone, "by hand", [.. left.Select(s => new AppliedChange("DELETE", s))]);
        return true;
    }

    /// <summary>The sets of a record's name that bear no mark and that its spec does not name.</summary>
    public IReadOnlyList<RecordSet> Left(string record, WeightedDnsRecordSpec spec)
    {
        var sets = cluster.Route53.Zones.Sets(cluster.Zone).Values.ToList();
        return [.. sets.Where(s => s.Type == "A" && s.Name == $"{record}.modestano.com." && s.SetIdentifier is { } id
            && spec.Endpoints.All(e => e.SetIdentifier != id)
            && !sets.Exists(mark => mark.Type == "TXT" && mark.SetIdentifier == id && mark.Name.Contains(record, StringComparison.Ordinal)))];
    }

    public static string Words(IReadOnlyDictionary<string, int> weights) => string.Join(' ', weights.OrderBy(w => w.Key, StringComparer.Ordinal).Select(w => $"{w.Key}:{w.Value}"));

    public void Break(string what)
    {
        Log($"BREAK {what}");
        _break ??= string.Create(CultureInfo.InvariantCulture, $"at {Now.TotalSeconds:F1} s: {what}");
    }

    public void Log(string line) => trace?.Invoke(string.Create(CultureInfo.InvariantCulture, $"{Now.TotalMilliseconds:F3} -- {line}"));
}
