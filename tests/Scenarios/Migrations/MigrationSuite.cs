using k8s.Models;
using Modestano.Crds.V1Alpha1;
using Modestano.Operator.Runtime;
using Modestano.Scenarios.ReplicaSets;
using Modestano.Scenarios.Virtual;
using Modestano.Testbed.Mongo.Model;
using MongoDB.Bson;

namespace Modestano.Scenarios.Migrations;

/// <summary>One replica set with its record and its migration: six members, three of them initiated in Ireland.</summary>
/// <param name="cluster">Where it lives.</param>
/// <param name="zone">The hosted zone of its record.</param>
/// <param name="suffix">Of every name, so that several live side by side; as <c>-7</c>.</param>
internal sealed class MigrationSuite(VirtualCluster cluster, string zone, string suffix = "")
{
    public ObjectKey SetKey { get; } = new("shop", $"marketplace{suffix}");

    public ObjectKey RecordKey { get; } = new("shop", $"shop{suffix}");

    public ObjectKey MigrationKey { get; } = new("shop", $"to-london{suffix}");

    /// <summary>The migration's spec as it was applied first.</summary>
    public RegionMigrationSpec Spec { get; private set; } = new();

    public RegionMigrationStatus Status => cluster.Migrations.Find(MigrationKey)?.Status ?? new RegionMigrationStatus();

    public MongoReplicaSet Set => cluster.Sets.Find(SetKey)!;

    /// <summary>The weights that Route 53 holds for its record, Ireland's first.</summary>
    public string Weights => string.Join('/', cluster.Route53.Zones.Sets(zone).Values.Where(s => s.Type == "A" && s.Name == $"{RecordName}.").Select(s => s.Weight));

    private string RecordName => $"shop{suffix}.modestano.com";

    private string SetName => $"rs0{suffix}";

    public IReadOnlyList<string> Hosts(string region) => [.. "abc".Select(place => $"mongo-{place}{suffix}.{region}:27017")];

    public void AddMembers()
    {
        foreach (var region in new[] { ReplicaSetWorld.Ireland, ReplicaSetWorld.London })
        {
            foreach (var host in Hosts(region))
            {
                cluster.Network.AddMember(new MemberOptions { Host = host, Region = region, ReplSetName = SetName });
            }
        }
    }

    public void Initiate()
    {
        var hosts = Hosts(ReplicaSetWorld.Ireland);
        var members = hosts.Select((host, id) => new BsonDocument { { "_id", id }, { "host", host } });
        cluster.Network.Execute(hosts[0], new BsonDocument { { "replSetInitiate", new BsonDocument { { "_id", SetName }, { "members", new BsonArray(members) } } }, { "$db", "admin" } });
    }

    /// <summary>Whether it has a primary and two secondaries.</summary>
    public bool IsInitiated()
    {
        var hosts = Hosts(ReplicaSetWorld.Ireland);
        var seen = cluster.Network.Describe().Where(m => hosts.Contains(m.Host)).ToList();
        return seen.Exists(m => m.IsWritablePrimary) && seen.Count(m => m.State == "SECONDARY") == 2;
    }

    /// <summary>Commits the three objects.</summary>
    public void Apply(Func<RegionMigrationSpec, RegionMigrationSpec>? with, Func<WeightedDnsRecordSpec, WeightedDnsRecordSpec>? withRecord = null)
    {
        var record = Record();
        Spec = with?.Invoke(Migration()) ?? Migration();
        cluster.Sets.Put(new MongoReplicaSet { Metadata = Meta(SetKey), Spec = ReplicaSet() }, newGeneration: true);
        cluster.Records.Put(new WeightedDnsRecord { Metadata = Meta(RecordKey), Spec = withRecord?.Invoke(record) ?? record }, newGeneration: true);
        cluster.Migrations.Put(new RegionMigration { Metadata = Meta(MigrationKey), Spec = Spec }, newGeneration: true);
    }

    private V1ObjectMeta Meta(ObjectKey key) => new()
    {
        Name = key.Name,
        NamespaceProperty = key.Namespace,
        Uid = $"uid-{key.Name}",
        CreationTimestamp = cluster.Network.Loop.UtcNow.UtcDateTime,
    };

    private MongoReplicaSetSpec ReplicaSet() => new()
    {
        ReplicaSetName = SetName,
        PrimaryRegion = ReplicaSetWorld.Ireland,
        Regions = [Region(ReplicaSetWorld.Ireland), Region(ReplicaSetWorld.London)],
        Connection = new ConnectionSpec { Tls = new TlsSpec { Mode = "Disabled" } },
        Reconfiguration = new ReconfigurationSpec
        {
            Adoption = "Automatic",
            StabilizationWindow = Duration.FromSeconds(5),
            MinOplogWindow = Duration.FromSeconds(1),
            MaxConcurrentInitialSyncs = 3,
        },
    };

    private RegionSpec Region(string name) => new() { Name = name, Members = [.. Hosts(name).Select((host, i) => new MemberSpec { Host = host, Zone = $"{name}{"abc"[i]}" })] };

    private WeightedDnsRecordSpec Record() => new()
    {
        ProviderRef = new LocalObjectReference { Name = "production" },
        HostedZone = new HostedZoneReference { Id = zone },
        Name = RecordName,
        Type = "A",
        Ttl = 5,
        Endpoints =
        [
            new EndpointSpec { SetIdentifier = ReplicaSetWorld.Ireland, Region = ReplicaSetWorld.Ireland, Weight = 255, Values = ["192.0.2.1"] },
            new EndpointSpec { SetIdentifier = ReplicaSetWorld.London, Region = ReplicaSetWorld.London, Weight = 0, Values = ["192.0.2.2"] },
        ],
    };

    private RegionMigrationSpec Migration() => new()
    {
        ReplicaSetRef = new LocalObjectReference { Name = SetKey.Name },
        From = ReplicaSetWorld.Ireland,
        To = ReplicaSetWorld.London,
        DnsRecordRefs = [new MigratedDnsRecord { Name = RecordKey.Name }],
        TrafficSteps = [.. new[] { 10, 50, 100 }.Select(percent => new TrafficStep { Percent = percent, Hold = Duration.FromSeconds(5) })],
    };
}
