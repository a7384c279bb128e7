using k8s.Models;
using Modestano.Crds.V1Alpha1;
using Modestano.Operator.Runtime;
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

    private static readonly ObjectKey SetKey = new("shop", "marketplace");
    private static readonly ObjectKey RecordKey = new("shop", "shop");
    private static readonly ObjectKey MigrationKey = new("shop", "to-london");

    private readonly SynchronizationContext? _before = SynchronizationContext.Current;
    private bool _changed = true;
    private RegionMigrationSpec _spec = new();

    public MigrationWorld(Func<RegionMigrationSpec, RegionMigrationSpec>? with = null, int seed = 1)
    {
        Cluster = new VirtualCluster(seed);

        // From here on nothing in this world continues on another thread.
        SynchronizationContext.SetSynchronizationContext(new LoopContext(Network.Loop));
        Network.Faults.SetRoundTrip(Ireland, London, TimeSpan.FromMilliseconds(10));
        foreach (var region in new[] { Ireland, London })
        {
            foreach (var host in ReplicaSetWorld.Hosts(region))
            {
                Network.AddMember(new MemberOptions { Host = host, Region = region });
            }
        }

        InitiateIreland();
        Cluster.Sets.Changed += _ => _changed = true;
        Cluster.Records.Changed += _ => _changed = true;
        Cluster.Migrations.Changed += _ => _changed = true;
        Apply(with);
        Operator = Start(null);
    }

    public VirtualCluster Cluster { get; }

    public VirtualOperator Operator { get; private set; }

    public SimulatedReplicaSetNetwork Network => Cluster.Network;

    public MongoReplicaSet Set => Cluster.Sets.Find(SetKey)!;

    public WeightedDnsRecord Record => Cluster.Records.Find(RecordKey)!;

    public RegionMigration? Migration => Cluster.Migrations.Find(MigrationKey);

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
        return Operator = new VirtualOperator(Cluster, new OperatorLife(end));
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
    public void Vanish() => Cluster.Migrations.Remove(MigrationKey);

    /// <summary>The same manifest is applied again: a new object, without status.</summary>
    public void MakeAnew(string uid = "uid-again", string name = "to-london", Func<RegionMigrationSpec, RegionMigrationSpec>? with = null)
    {
        var metadata = new V1ObjectMeta { Name = name, NamespaceProperty = MigrationKey.Namespace, Uid = uid, CreationTimestamp = Network.Loop.UtcNow.UtcDateTime };
        Cluster.Migrations.Put(new RegionMigration { Metadata = metadata, Spec = with?.Invoke(_spec) ?? _spec }, newGeneration: true);
    }

    /// <summary>The status is replaced, as from a backup; null: it is lost.</summary>
    public void RestoreStatus(RegionMigrationStatus? status)
    {
        var migration = Migration!;
        migration.Status = status;
        Cluster.Migrations.Put(migration, newGeneration: false);
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
        SynchronizationContext.SetSynchronizationContext(_before);
    }

    private void InitiateIreland()
    {
        var hosts = ReplicaSetWorld.Hosts(Ireland);
        var members = hosts.Select((host, id) => new BsonDocument { { "_id", id }, { "host", host } });
        Network.Execute(hosts[0], new BsonDocument { { "replSetInitiate", new BsonDocument { { "_id", "rs0" }, { "members", new BsonArray(members) } } }, { "$db", "admin" } });
        Network.RunUntil(() => Primary is not null && Network.Describe().Count(m => m.State == "SECONDARY") == 2, TimeSpan.FromSeconds(60));
        Network.RunFor(TimeSpan.FromSeconds(5));
    }

    private void Apply(Func<RegionMigrationSpec, RegionMigrationSpec>? with)
    {
        V1ObjectMeta Meta(ObjectKey key) => new()
        {
            Name = key.Name,
            NamespaceProperty = key.Namespace,
            Uid = $"uid-{key.Name}",
            CreationTimestamp = Network.Loop.UtcNow.UtcDateTime,
        };
        var set = new MongoReplicaSetSpec
        {
            ReplicaSetName = "rs0",
            PrimaryRegion = Ireland,
            Regions = [ReplicaSetWorld.Region(Ireland, 3), ReplicaSetWorld.Region(London, 3)],
            Connection = new ConnectionSpec { Tls = new TlsSpec { Mode = "Disabled" } },
            Reconfiguration = new ReconfigurationSpec
            {
                Adoption = "Automatic",
                StabilizationWindow = Duration.FromSeconds(5),
                MinOplogWindow = Duration.FromSeconds(1),
                MaxConcurrentInitialSyncs = 3,
            },
        };
        var record = new WeightedDnsRecordSpec
        {
            ProviderRef = new LocalObjectReference { Name = "production" },
            HostedZone = new HostedZoneReference { Id = Cluster.Zone },
            Name = "shop.modestano.com",
            Type = "A",
            Ttl = 5,
            Endpoints =
            [
                new EndpointSpec { SetIdentifier = Ireland, Region = Ireland, Weight = 255, Values = ["192.0.2.1"] },
                new EndpointSpec { SetIdentifier = London, Region = London, Weight = 0, Values = ["192.0.2.2"] },
            ],
        };
        var migration = new RegionMigrationSpec
        {
            ReplicaSetRef = new LocalObjectReference { Name = SetKey.Name },
            From = Ireland,
            To = London,
            DnsRecordRefs = [new MigratedDnsRecord { Name = RecordKey.Name }],
            TrafficSteps = [Step(10), Step(50), Step(100)],
        };
        Cluster.Sets.Put(new MongoReplicaSet { Metadata = Meta(SetKey), Spec = set }, newGeneration: true);
        Cluster.Records.Put(new WeightedDnsRecord { Metadata = Meta(RecordKey), Spec = record }, newGeneration: true);
        _spec = with?.Invoke(migration) ?? migration;
        Cluster.Migrations.Put(new RegionMigration { Metadata = Meta(MigrationKey), Spec = _spec }, newGeneration: true);
    }

    private static TrafficStep Step(int percent) => new() { Percent = percent, Hold = Duration.FromSeconds(5) };
}
