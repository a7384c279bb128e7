using Modestano.Crds.V1Alpha1;
using Modestano.Scenarios.ReplicaSets;
using Modestano.Scenarios.Virtual;
using Modestano.Testbed.Mongo.Model;

namespace Modestano.Scenarios.MigrationSimulation;

/// <summary>What a schedule begins with: members in two or three regions, records with endpoints in them, and the three kinds of specs. All at random.</summary>
internal sealed class Scene
{
    public const string From = ReplicaSetWorld.Ireland;
    public const string To = ReplicaSetWorld.London;
    public const string Third = "eu-central-1";

    private static readonly ServerVersion[] Versions = [ServerVersion.Mongo44, ServerVersion.Mongo50, ServerVersion.Mongo60, ServerVersion.Mongo70, ServerVersion.Mongo80];
    private static readonly string[] Regions = [From, To, Third];

    private readonly VirtualCluster _cluster;
    private readonly Random _random;
    private int _address = 10;

    public Scene(VirtualCluster cluster, Random random)
    {
        (_cluster, _random) = (cluster, random);
        var version = Versions[random.Next(Versions.Length)];
        int[] counts = [3, random.Next(4) == 0 ? 2 : 3, random.Next(5) == 0 ? 1 : 0];
        Hosts = Regions.Zip(counts).ToDictionary(r => r.First, r => (IReadOnlyList<string>)[.. Enumerable.Range(0, r.Second).Select(i => $"{"abc"[i]}.{r.First}:27017")]);
        foreach (var (region, hosts) in Hosts)
        {
            foreach (var host in hosts)
            {
                cluster.Network.AddMember(new MemberOptions { Host = host, Region = region, Version = version, Disk = new DiskOptions { InitialSyncBytesPerSecond = random.Next(2_000, 20_000) } });
            }
        }

        cluster.Network.Faults.RemoteRoundTrip = TimeSpan.FromMilliseconds(random.Next(5, 60));
        Set = ReplicaSet();
        Records = Enumerable.Range(1, random.Next(8) switch { 0 => 0, < 5 => 1, < 7 => 2, _ => 3 }).ToDictionary(i => $"shop-{i}", i => Record(i));
        Migration = RandomMigration();
    }

    public IReadOnlyDictionary<string, IReadOnlyList<string>> Hosts { get; }

    public MongoReplicaSetSpec Set { get; }

    public IReadOnlyDictionary<string, WeightedDnsRecordSpec> Records { get; }

    public RegionMigrationSpec Migration { get; }

    /// <summary>The Route 53 health checks of endpoints, in the order in which they were made: their ids differ from run to run.</summary>
    public List<string> HealthChecks { get; } = [];

    /// <summary>A hold as a person writes it: some seconds, or until somebody promotes the step.</summary>
    public Duration? Hold() => _random.Next(5) == 0 ? null : Duration.FromSeconds(_random.Next(0, 25));

    /// <summary>Windows that leave room for the slowest step, of the forms that <see cref="WishJudge"/> can tell without cron.</summary>
    public IReadOnlyList<MigrationWindow>? Windows()
    {
        MigrationWindow[] windows =
        [
            .. _random.Next(2) == 0 ? [new MigrationWindow { Kind = "Allow", Schedule = "*/30 * * * *", Duration = Duration.FromSeconds(1200), TimeZone = "Europe/London" }] : Array.Empty<MigrationWindow>(),
            .. _random.Next(2) == 0 ? [new MigrationWindow { Kind = "Deny", Schedule = "*/20 * * * *", Duration = Duration.FromSeconds(240) }] : Array.Empty<MigrationWindow>(),
        ];
        return _random.Next(3) == 0 && windows.Length > 0 ? windows : null;
    }

    /// <summary>Traffic steps as a person writes them.</summary>
    public IReadOnlyList<TrafficStep> Steps() =>
        [.. Enumerable.Range(0, _random.Next(0, 4)).Select(_ => _random.Next(1, 20) * 5).Append(100).Distinct().Order().Select(percent => new TrafficStep { Percent = percent, Hold = Hold() })];

    /// <summary>A new endpoint.</summary>
    public EndpointSpec Endpoint(string setIdentifier, string region, int weight) =>
        new() { SetIdentifier = setIdentifier, Region = region, Weight = weight, Values = [$"192.0.2.{_address++}"] };

    private MongoReplicaSetSpec ReplicaSet() => new()
    {
        ReplicaSetName = "rs0",
        PrimaryRegion = From,
        Regions = [.. Hosts.Where(r => r.Value.Count > 0).Select(r => new RegionSpec { Name = r.Key, Members = [.. r.Value.Select((host, i) => new MemberSpec { Host = host, Zone = $"{r.Key}{"abc"[i]}" })] })],
        Connection = new ConnectionSpec { Tls = new TlsSpec { Mode = "Disabled" } },
        DefaultWriteConcern = new DefaultWriteConcern { W = "majority" },
        Reconfiguration = new ReconfigurationSpec
        {
            Adoption = "Automatic",
            StabilizationWindow = Duration.FromSeconds(_random.Next(0, 15)),
            MinOplogWindow = Duration.FromSeconds(1),
            MaxConcurrentInitialSyncs = _random.Next(1, 4),
        },
    };

    private WeightedDnsRecordSpec Record(int number)
    {
        var endpoints = new List<EndpointSpec>();
        foreach (var (region, most) in new[] { (From, 2), (To, 2), (Third, 1) })
        {
            var count = region == Third ? (_random.Next(5) == 0 ? 1 : 0) : _random.Next(1, most + 1);
            for (var i = 0; i < count; i++)
            {
                var weight = region == To ? (_random.Next(12) == 0 ? _random.Next(1, 60) : 0) : _random.Next(3) == 0 ? _random.Next(1, 255) : 255;
                var endpoint = Endpoint(count == 1 ? region : $"{region}-{i}", region, weight);
                endpoints.Add(region == To && _random.Next(5) == 0 ? endpoint with { HealthCheckId = HealthCheck() } : endpoint);
            }
        }

        return new WeightedDnsRecordSpec
        {
            ProviderRef = new LocalObjectReference { Name = "production" },
            HostedZone = new HostedZoneReference { Id = _cluster.Zone },
            Name = $"shop-{number}.modestano.com",
            Type = "A",
            Ttl = _random.Next(1, 15),
            Endpoints = endpoints,
            Shift = _random.Next(5) == 0 ? new ShiftSpec { MaxStepPercent = _random.Next(10, 60), Interval = Duration.FromSeconds(_random.Next(0, 10)) } : null,
            Fence = _random.Next(10) == 0,
            DeletionPolicy = _random.Next(2) == 0 ? "Retain" : "Delete",
        };
    }

    private string HealthCheck()
    {
        var id = _cluster.Route53.HealthChecks.Create();
        HealthChecks.Add(id);
        return id;
    }

    private RegionMigrationSpec RandomMigration() => new()
    {
        ReplicaSetRef = new LocalObjectReference { Name = Stage.SetKey.Name },
        From = From,
        To = To,
        DnsRecordRefs = [.. Records.Keys.Select(name => new MigratedDnsRecord { Name = name })],
        TrafficSteps = Steps(),
        Windows = Windows(),
        Primary = new PrimaryMoveSpec { MoveAtPercent = _random.Next(4) switch { 0 => 0, 1 => 100, 2 => 30, _ => 50 } },
        Gates = new GatesSpec
        {
            Prometheus = [.. Enumerable.Range(1, _random.Next(3)).Select(i => new PrometheusGate { Name = $"gate-{i}", PrometheusRef = "main", Query = $"query-{i}", Max = "0.01", FailureThreshold = _random.Next(3) == 0 ? 2 : null })],
        },
        OnGateFailure = _random.Next(2) == 0 ? "Hold" : "RollBack",
        OnDelete = _random.Next(2) == 0 ? "Hold" : "RollBack",
        Decommission = _random.Next(5) == 0
            ? new DecommissionSpec { Mode = "Remove", After = Duration.FromSeconds(_random.Next(0, 30)), ClientsConfirmed = _random.Next(2) == 0 }
            : new DecommissionSpec(),
    };
}
