namespace Modestano.Testbed.Mongo.Model;

/// <summary>Latency, loss and partitions between members, by region or by host.</summary>
public sealed class NetworkFaults(EventLoop loop)
{
    private static readonly TimeSpan FirstRetransmission = TimeSpan.FromMilliseconds(200);

    private readonly Dictionary<(string, string), TimeSpan> roundTrips = [];
    private readonly Dictionary<(string, string), double> losses = [];
    private readonly HashSet<(string From, string To)> cuts = [];

    /// <summary>Round trip within one region; 0.5 ms unless set.</summary>
    public TimeSpan LocalRoundTrip { get; set; } = TimeSpan.FromMilliseconds(0.5);

    /// <summary>Round trip between two regions that nothing was set for; 20 ms unless set.</summary>
    public TimeSpan RemoteRoundTrip { get; set; } = TimeSpan.FromMilliseconds(20);

    /// <summary>Share of a round trip by which single messages vary, 0 to 1; 0.1 unless set.</summary>
    public double Jitter { get; set; } = 0.1;

    /// <summary>Sets the round trip between two regions, both ways.</summary>
    public void SetRoundTrip(string region, string otherRegion, TimeSpan roundTrip)
    {
        roundTrips[(region, otherRegion)] = roundTrip;
        roundTrips[(otherRegion, region)] = roundTrip;
    }

    /// <summary>
    /// Sets the share of packets that are lost between two regions, both ways. TCP repeats them: a loss shows as 200 ms more, doubling.
    /// </summary>
    public void SetLoss(string region, string otherRegion, double share)
    {
        losses[(region, otherRegion)] = share;
        losses[(otherRegion, region)] = share;
    }

    /// <summary>Drops everything that one host sends to another (one way; packets vanish, nothing is refused).</summary>
    public void Cut(string fromHost, string toHost) => cuts.Add((fromHost, toHost));

    /// <summary>Lets packets from one host to another pass again.</summary>
    public void Mend(string fromHost, string toHost) => cuts.Remove((fromHost, toHost));

    /// <summary>Cuts every path, both ways, between two groups of hosts.</summary>
    public void Partition(IReadOnlyCollection<string> hosts, IReadOnlyCollection<string> otherHosts)
    {
        foreach (var one in hosts)
        {
            foreach (var other in otherHosts)
            {
                Cut(one, other);
                Cut(other, one);
            }
        }
    }

    /// <summary>Mends every cut.</summary>
    public void Heal() => cuts.Clear();

    /// <summary>Whether packets from one host to another vanish.</summary>
    public bool IsCut(string fromHost, string toHost) => cuts.Contains((fromHost, toHost));

    /// <summary>Time that the next message takes from one region to another.</summary>
    internal TimeSpan NextDelay(string fromRegion, string toRegion)
    {
        var roundTrip = fromRegion == toRegion
            ? LocalRoundTrip
            : roundTrips.GetValueOrDefault((fromRegion, toRegion), RemoteRoundTrip);
        var delay = roundTrip / 2 * (1 + (Jitter * loop.Random.NextDouble()));
        if (losses.TryGetValue((fromRegion, toRegion), out var loss) && loss > 0)
        {
            for (var again = FirstRetransmission; again < TimeSpan.FromMinutes(2) && loop.Random.NextDouble() < loss; again *= 2)
            {
                delay += again;
            }
        }

        return delay;
    }
}
