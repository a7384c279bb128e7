using System.Collections.Immutable;
using RecordSets = System.Collections.Immutable.ImmutableSortedDictionary<Modestano.Testbed.Route53.Zones.RecordKey, Modestano.Testbed.Route53.Zones.RecordSet>;

namespace Modestano.Testbed.Route53.Zones;

/// <summary>A hosted zone: what lists show now, and what the DNS servers answer with so far.</summary>
public sealed class HostedZone
{
    private readonly List<(DateTimeOffset From, RecordSets Sets)> _served = [];

    /// <summary>A zone with its NS and SOA sets.</summary>
    internal HostedZone(string id, string name, string callerReference, string? comment, bool isPrivate, IReadOnlyList<string> nameServers, DateTimeOffset now)
    {
        (Id, Name, CallerReference, Comment, IsPrivate, NameServers) = (id, name, callerReference, comment, isPrivate, nameServers);
        Sets = ImmutableSortedDictionary.Create<RecordKey, RecordSet>(RecordOrder.Instance);
        foreach (var set in new[]
        {
            new RecordSet { Name = name, Type = "NS", Ttl = 172800, Values = [.. nameServers.Select(server => server + ".")] },
            new RecordSet { Name = name, Type = "SOA", Ttl = 900, Values = [$"{nameServers[0]}. awsdns-hostmaster.amazon.com. 1 7200 900 1209600 86400"] },
        })
        {
            Sets = Sets.Add(set.Key, set);
        }

        _served.Add((now, Sets));
    }

    /// <summary>As <c>Z0123456789ABCDEFGHIJ</c>.</summary>
    public string Id { get; }

    /// <summary>Normalised.</summary>
    public string Name { get; }

    public string CallerReference { get; }

    public string? Comment { get; }

    public bool IsPrivate { get; }

    public IReadOnlyList<string> NameServers { get; }

    /// <summary>What lists show: changes that are PENDING included.</summary>
    public RecordSets Sets { get; private set; }

    /// <summary>Until when another batch is refused.</summary>
    internal DateTimeOffset BusyUntil { get; set; }

    /// <summary>What the DNS servers answer with at a moment.</summary>
    public RecordSets ServedAt(DateTimeOffset now)
    {
        var due = _served.FindLastIndex(entry => entry.From <= now);
        if (due > 0)
        {
            _served.RemoveRange(0, due);
        }

        return _served[0].Sets;
    }

    /// <summary>Lists show the sets from now on, DNS once the change is in sync. Changes reach DNS in the order in which they were made.</summary>
    /// <returns>When the change is in sync.</returns>
    internal DateTimeOffset Apply(RecordSets sets, DateTimeOffset inSyncAt)
    {
        var from = _served[^1].From > inSyncAt ? _served[^1].From : inSyncAt;
        Sets = sets;
        _served.Add((from, sets));
        return from;
    }
}
