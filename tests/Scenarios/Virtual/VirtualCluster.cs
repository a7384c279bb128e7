using Modestano.Crds.V1Alpha1;
using Modestano.Operator.Configuration;
using Modestano.Scenarios.Dns;
using Modestano.Scenarios.ReplicaSets;
using Modestano.Testbed.Mongo.Model;

namespace Modestano.Scenarios.Virtual;

/// <summary>What outlives an operator process: the API server's objects, the members, Route 53. All in the virtual time of one loop.</summary>
internal sealed class VirtualCluster
{
    public VirtualCluster(int seed, string domain = "modestano.com", int zones = 1)
    {
        Network = new SimulatedReplicaSetNetwork(EventLoop.Virtual(seed));
        Calls = new SimulatedMemberCalls(Network);
        Route53 = new VirtualRoute53(Network.Loop.TimeProvider, TimeSpan.FromSeconds(2));
        Accepted = new AcceptedEffects(Records);
        Calls.CarriedOut += Accepted.Took;
        Route53.Applied += Accepted.Applied;
        Zones = [.. Enumerable.Range(0, zones).Select(_ => Route53.Zones.CreateZone(domain).Id)];
        Grants = Grants.Namespaced with
        {
            Providers =
            [
                new ProviderGrant
                {
                    Name = "production",
                    Namespaces = new NamespaceList(["shop"]),
                    Zones = Zones,
                    NameSuffixes = [domain],
                    RecordTypes = ["A"],
                },
            ],
            Prometheus = [new PrometheusGrant { Name = "main", Namespaces = new NamespaceList(["shop"]), Url = new Uri("http://prometheus.modestano.com/"), AllSeries = true }],
        };
    }

    /// <summary>What goes wrong between operators and the two services that they call.</summary>
    public CallFaults CallFaults { get; } = new();

    public SimulatedReplicaSetNetwork Network { get; }

    public SimulatedMemberCalls Calls { get; }

    public VirtualRoute53 Route53 { get; }

    /// <summary>The hosted zones, all of one name.</summary>
    public IReadOnlyList<string> Zones { get; }

    public string Zone => Zones[0];

    /// <summary>The configuration of operators that start from now on.</summary>
    public Grants Grants { get; set; }

    /// <summary>What was done to the members and to Route 53.</summary>
    public AcceptedEffects Accepted { get; }

    public RecordedEvents Events { get; } = new();

    public StoredEntities<MongoReplicaSet> Sets { get; } = new();

    public StoredEntities<WeightedDnsRecord> Records { get; } = new();

    public StoredEntities<RegionMigration> Migrations { get; } = new();
}
