using Modestano.Crds.V1Alpha1;
using Modestano.Testbed.Mongo.Model;

namespace Modestano.Scenarios.Simulation;

/// <summary>The machines of a schedule: hosts in three regions, some of which belong to somebody else's replica set.</summary>
internal sealed class Landscape
{
    private const int HostsPerRegion = 4;

    private static readonly string[] Regions = ["eu-west-1", "eu-west-2", "eu-central-1"];
    private readonly Dictionary<string, string> _regions = [];

    /// <param name="network">Where the machines are added.</param>
    /// <param name="random">Of the schedule.</param>
    /// <param name="mayBeMixed">Whether they may be of two neighbouring releases, as in the middle of an upgrade.</param>
    public Landscape(SimulatedReplicaSetNetwork network, Random random, bool mayBeMixed)
    {
        var releases = ServerVersion.Supported;
        var older = random.Next(releases.Count);
        Oldest = releases[older];
        Newest = mayBeMixed && random.Next(3) == 0 ? releases[Math.Min(older + 1, releases.Count - 1)] : Oldest;
        var small = random.Next(4) == 0;
        foreach (var region in Regions)
        {
            for (var number = 1; number <= HostsPerRegion; number++)
            {
                var host = $"{"abcd"[number - 1]}.{region}:27017";
                _regions[host] = region;
                network.AddMember(new MemberOptions
                {
                    Host = host,
                    Region = region,
                    Version = random.Next(2) == 0 ? Oldest : Newest,

                    // A small oplog leaves a member that was away too stale.
                    OplogSizeBytes = small ? 12_000 : 990L * 1024 * 1024,
                    Disk = new DiskOptions { InitialSyncBytesPerSecond = random.Next(1_000, 10_000) },
                });
            }
        }

        network.Faults.RemoteRoundTrip = TimeSpan.FromMilliseconds(random.Next(5, 120));
        Hosts = [.. _regions.Keys];
        Foreign = random.Next(8) == 0 ? Hosts[random.Next(Hosts.Count)] : null;
    }

    /// <summary>The release of some hosts, and of the data.</summary>
    public ServerVersion Oldest { get; }

    /// <summary>The release of the others; the same where nothing is mixed.</summary>
    public ServerVersion Newest { get; }

    /// <summary>Whether some hosts are of a newer release than the data.</summary>
    public bool IsMixed => Oldest != Newest;

    /// <summary>Whether a member of any of the releases refuses a second arbiter.</summary>
    public bool HasOneArbiter => new Release(Newest).Has(Trait.OneArbiter);

    public IReadOnlyList<string> Hosts { get; }

    /// <summary>A host that is a replica set of its own, of the same name; null: there is none.</summary>
    public string? Foreign { get; }

    public string RegionOf(string host) => _regions[host];

    /// <summary>A zone per host name, so that a region of four has three zones.</summary>
    public static string ZoneOf(string host, string region) => $"{region}{(host[0] == 'd' ? 'a' : host[0])}";

    /// <summary>Members by region, as a spec lists them.</summary>
    public IReadOnlyList<RegionSpec> Group(IEnumerable<MemberSpec> members) =>
        [.. members.GroupBy(m => RegionOf(m.Host)).Select(g => new RegionSpec { Name = g.Key, Members = [.. g] })];
}
