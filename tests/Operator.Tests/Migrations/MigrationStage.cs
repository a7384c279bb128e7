using Modestano.Crds.V1Alpha1;
using Modestano.Operator.Configuration;
using Modestano.Operator.Migrations.Decision;
using Modestano.Operator.Migrations.Gates;
using Modestano.Operator.Migrations.Planning;
using Modestano.Operator.Migrations.Status;

namespace Modestano.Operator.Tests.Migrations;

/// <summary>
/// A migration with targets that do what they are asked, one pass at a time: they latch the override, then reach it. No timers, no
/// servers: what is tested is what the migration decides from what it sees.
/// </summary>
internal sealed class MigrationStage
{
    public MigrationStage(Func<RegionMigrationSpec, RegionMigrationSpec>? change = null)
    {
        var spec = new RegionMigrationSpec
        {
            ReplicaSetRef = new LocalObjectReference { Name = "marketplace" },
            From = "eu-west-1",
            To = "eu-west-2",
            DnsRecordRefs = [new MigratedDnsRecord { Name = "shop" }],
            TrafficSteps = [Step(10), Step(50), Step(100)],
        };
        Migration = new RegionMigration
        {
            Metadata = new() { Name = "to-london", NamespaceProperty = "shop", Uid = "uid-1", Generation = 1, CreationTimestamp = Now.UtcDateTime },
            Spec = change is null ? spec : change(spec),
        };
        ReplicaSet = new MongoReplicaSet
        {
            Metadata = new() { Name = "marketplace", NamespaceProperty = "shop" },
            Spec = new MongoReplicaSetSpec { ReplicaSetName = "rs0", PrimaryRegion = "eu-west-1", Regions = [Region("eu-west-1"), Region("eu-west-2")] },
            Status = new MongoReplicaSetStatus { Primary = "a.eu-west-1:27017", PrimaryRegion = "eu-west-1", Members = Members("SECONDARY") },
        };
        Record = new WeightedDnsRecord
        {
            Metadata = new() { Name = "shop", NamespaceProperty = "shop" },
            Spec = new WeightedDnsRecordSpec { ProviderRef = new LocalObjectReference { Name = "production" }, HostedZone = new HostedZoneReference { Id = "Z1" }, Name = "shop.modestano.test", Endpoints = [Endpoint("eu-west-1", 255), Endpoint("eu-west-2", 0)] },
        };
        Serve(new Dictionary<string, int> { ["eu-west-1"] = 255, ["eu-west-2"] = 0 }, null);
    }

    public DateTimeOffset Now { get; set; } = new(2026, 11, 23, 3, 0, 0, TimeSpan.Zero);

    public RegionMigration Migration { get; set; }

    public MongoReplicaSet? ReplicaSet { get; set; }

    public WeightedDnsRecord? Record { get; set; }

    public List<RegionMigration> Rivals { get; } = [];

    /// <summary>What the outside (probes, queries) answers whenever it is asked.</summary>
    public List<GateStatus> Gates { get; set; } = [];

    /// <summary>How often the outside was asked.</summary>
    public int TimesAsked { get; private set; }

    /// <summary>Times in which the operator's configuration lets nothing begin.</summary>
    public IReadOnlyList<Freeze> Freezes { get; set; } = [];

    /// <summary>Members that do not serve.</summary>
    public HashSet<string> Down { get; } = [];

    /// <summary>How far members are behind; absent: not at all.</summary>
    public Dictionary<string, TimeSpan?> Lag { get; } = [];

    /// <summary>The record follows with the operator's own code instead of being told what to say.</summary>
    public SteeredRecord? Steered { get; set; }

    /// <summary>Targets that do not react: they latch nothing and reach nothing.</summary>
    public bool TargetsAreFrozen { get; set; }

    public RegionMigrationStatus Status => Migration.Status ?? new RegionMigrationStatus();

    public string? Phase => Status.Phase;

    public PhaseOutcome Last { get; private set; } = new(new(), null);

    /// <summary>What one look shows, with the answers of the gates that the real evaluator asks.</summary>
    public MigrationContext Context()
    {
        var records = Record is null ? new Dictionary<string, WeightedDnsRecord>() : new Dictionary<string, WeightedDnsRecord> { ["shop"] = Record };
        var context = new MigrationContext(Now, Migration, ReplicaSet, records, Rivals, []) { Freezes = Freezes };
        var outside = new Outside(this);
        var asking = new GateEvaluator(outside, [outside]).EvaluateAsync(context, CancellationToken.None);
        Assert.That(asking.IsCompleted, Is.True);
        return context with { Gates = asking.Result };
    }

    /// <summary>One pass of the migration, then one of its targets, a second later.</summary>
    public void Pass()
    {
        var context = Context();
        Last = MigrationPlanner.Next(context);
        Migration.Status = MigrationReport.Of(context, Last);
        Now += TimeSpan.FromSeconds(1);
        if (!TargetsAreFrozen)
        {
            Follow();
        }
    }

    /// <summary>So many passes, in which nothing is to happen.</summary>
    public void Idle(int passes)
    {
        for (var i = 0; i < passes; i++)
        {
            Pass();
        }
    }

    /// <summary>Passes until something is the case; fails where it never is.</summary>
    public MigrationStage Until(Func<MigrationStage, bool> reached, int passes = 200)
    {
        for (var i = 0; i < passes && !reached(this); i++)
        {
            Pass();
        }

        Assert.That(reached(this), Is.True, $"still in {Phase}, waiting for {Status.WaitingFor}");
        return this;
    }

    public MigrationStage UntilPhase(string phase) => Until(s => s.Phase == phase);

    public void Annotate(string name, string value) => (Migration.Metadata.Annotations ??= new Dictionary<string, string>())[name] = value;

    public int WeightInNewRegion() => Record!.Status!.Endpoints!.Single(e => e.SetIdentifier == "eu-west-2").ServedWeight!.Value;

    private sealed class Outside(MigrationStage stage) : IGateSource, IReplicaSetHealthSource
    {
        public Task<IReadOnlyList<GateStatus>> EvaluateAsync(MigrationContext context, string region, CancellationToken cancellationToken)
        {
            stage.TimesAsked++;
            return Task.FromResult<IReadOnlyList<GateStatus>>(stage.Gates);
        }

        public ReplicaSetHealth? Observe(MongoReplicaSet replicaSet, DateTimeOffset? notBefore) => new(
            replicaSet.Status?.Primary,
            [.. replicaSet.Spec.Regions.SelectMany(r => r.Members, (r, m) =>
                new MemberFigures(m.Host, r.Name, true, true, !stage.Down.Contains(m.Host), stage.Lag.GetValueOrDefault(m.Host, TimeSpan.Zero), TimeSpan.FromHours(48)) { Applications = [] })]);
    }

    private static TrafficStep Step(int percent) => new() { Percent = percent, Hold = Duration.FromSeconds(5) };

    private static EndpointSpec Endpoint(string region, int weight) => new() { SetIdentifier = region, Region = region, Weight = weight, Values = ["192.0.2.1"] };

    private static RegionSpec Region(string name) => new() { Name = name, Members = [.. "abc".Select(c => new MemberSpec { Host = $"{c}.{name}:27017" })] };

    private static List<MemberStatus> Members(string newOnes) =>
        [.. "abc".Select(c => new MemberStatus { Host = $"{c}.eu-west-1:27017", State = "SECONDARY" }), .. "abc".Select(c => new MemberStatus { Host = $"{c}.eu-west-2:27017", State = newOnes })];

    private void Follow()
    {
        Steered?.Pass(Migration, Now);
        if (Status.Override is not { } asked)
        {
            return;
        }

        if (ReplicaSet is not null)
        {
            var latched = Latch(ReplicaSet.Status!.Override, asked);
            var region = latched.Settled ? asked.PrimaryRegion! : ReplicaSet.Status.PrimaryRegion!;
            ReplicaSet.Status = ReplicaSet.Status with { Override = latched, PrimaryRegion = asked.Hold == true ? ReplicaSet.Status.PrimaryRegion : region, Primary = $"a.{region}:27017" };
        }

        if (Record is not null && Steered is null)
        {
            var latched = Latch(Record.Status!.Override, asked);
            var current = Record.Status.Endpoints!.ToDictionary(e => e.SetIdentifier, e => e.ServedWeight!.Value);
            var mayMove = latched.Settled && asked.Hold != true;
            Serve(mayMove ? asked.Records!.Single().Weights : current, latched);
        }
    }

    // First pass latches, the second reaches.
    private LatchedOverride Latch(LatchedOverride? latched, MigrationOverride asked) => new()
    {
        MigrationName = Migration.Metadata.Name,
        MigrationUid = Migration.Metadata.Uid,
        ObservedRevision = asked.Revision,
        Weights = asked.Records is [var first, ..] ? first.Weights : null,
        Settled = latched?.ObservedRevision == asked.Revision && latched.MigrationUid == Migration.Metadata.Uid,
    };

    private void Serve(IReadOnlyDictionary<string, int> weights, LatchedOverride? latched) => Record!.Status = new WeightedDnsRecordStatus
    {
        ObservedGeneration = 1,
        Override = latched,
        Endpoints = [.. weights.Select(w => new EndpointStatus { SetIdentifier = w.Key, Region = w.Key, ServedWeight = w.Value })],
    };
}
