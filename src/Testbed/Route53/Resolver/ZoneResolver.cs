using System.Collections.Immutable;
using Modestano.Testbed.Route53.Zones;

namespace Modestano.Testbed.Route53.Resolver;

/// <summary>Answers questions from the zones as far as they are in sync.</summary>
internal sealed class ZoneResolver(ZoneStore store, HealthChecks healthChecks, int seed)
{
    private const int AliasTtl = 60;
    private const int LongestChain = 10;

    private readonly Lock _gate = new();
    private readonly Random _random = new(seed);

    /// <summary>Resolves a name and type.</summary>
    /// <param name="name">As asked.</param>
    /// <param name="type">As <c>A</c>.</param>
    public Resolution Resolve(string name, string type)
    {
        var asked = DnsName.Normalize(name);
        var answers = new List<AnsweredSet>();
        var at = asked;
        for (var i = 0; i < LongestChain; i++)
        {
            if (ZoneOf(at) is not { } zone)
            {
                return new Resolution(answers.Count > 0 ? ResolutionKind.Answer : ResolutionKind.Refused, answers, null);
            }

            var (found, exists) = Find(store.Served(zone), at, type);
            if (found is null)
            {
                var kind = answers.Count > 0 ? ResolutionKind.Answer : exists ? ResolutionKind.NoData : ResolutionKind.NoSuchName;
                return new Resolution(kind, answers, store.Served(zone).Values.FirstOrDefault(set => set.Type == "SOA" && set.Name == zone.Name));
            }

            var values = found.Alias is null ? found.Values! : ValuesOf(found.Alias, type, 0);
            answers.Add(new AnsweredSet(at, found.Type, (int)(found.Ttl ?? AliasTtl), values, found.SetIdentifier));
            if (found.Type != "CNAME" || type == "CNAME" || values.Count == 0)
            {
                break;
            }

            at = DnsName.Normalize(values[0]);
        }

        return new Resolution(ResolutionKind.Answer, answers, null);
    }

    /// <summary>The zone with the longest matching name; a public one where two have it.</summary>
    private HostedZone? ZoneOf(string name) =>
        store.Zones.Where(zone => DnsName.IsWithin(name, zone.Name)).OrderByDescending(zone => zone.Name.Length).ThenBy(zone => zone.IsPrivate).FirstOrDefault();

    private (RecordSet? Set, bool NameExists) Find(ImmutableSortedDictionary<RecordKey, RecordSet> sets, string name, string type)
    {
        var here = sets.Values.Where(set => set.Name == name).ToList();
        if (here.Count == 0)
        {
            // An empty non-terminal exists without data; a wildcard answers only for names that do not exist.
            var below = sets.Values.Any(set => DnsName.IsWithin(set.Name, name));
            var wildcard = "\\052" + name[name.IndexOf('.', StringComparison.Ordinal)..];
            here = below ? [] : [.. sets.Values.Where(set => set.Name == wildcard)];
            if (here.Count == 0)
            {
                return (null, below);
            }
        }

        var candidates = here.Where(set => set.Type == type).ToList();
        if (candidates.Count == 0)
        {
            candidates = [.. here.Where(set => set.Type == "CNAME")];
        }

        return candidates.Count == 0 ? (null, true) : (Choose(candidates), true);
    }

    private RecordSet Choose(IReadOnlyList<RecordSet> candidates)
    {
        double random;
        lock (_gate)
        {
            random = _random.NextDouble();
        }

        return WeightedChoice.Choose(candidates, set => IsHealthy(set, 0), random);
    }

    private bool IsHealthy(RecordSet set, int depth) =>
        healthChecks.IsHealthy(set.HealthCheckId)
        && (set.Alias is not { EvaluateTargetHealth: true } alias || depth >= LongestChain || TargetsOf(alias, set.Type) is not { Count: > 0 } targets || targets.Any(target => IsHealthy(target, depth + 1)));

    /// <summary>An alias within our zones is followed; one to another service (a load balancer) has no addresses here.</summary>
    private IReadOnlyList<string> ValuesOf(AliasTarget alias, string type, int depth)
    {
        if (TargetsOf(alias, type) is not { Count: > 0 } targets || depth >= LongestChain)
        {
            return [];
        }

        var chosen = Choose(targets);
        return chosen.Alias is null ? chosen.Values! : ValuesOf(chosen.Alias, type, depth + 1);
    }

    private List<RecordSet>? TargetsOf(AliasTarget alias, string type) =>
        store.Zones.FirstOrDefault(zone => zone.Id == alias.HostedZoneId) is { } zone
            ? [.. store.Served(zone).Values.Where(set => set.Name == alias.DnsName && set.Type == type)]
            : null;
}

/// <summary>What became of a question.</summary>
internal enum ResolutionKind
{
    Answer,
    NoData,
    NoSuchName,
    Refused,
}

/// <summary>An answer, or why there is none.</summary>
internal sealed record Resolution(ResolutionKind Kind, IReadOnlyList<AnsweredSet> Answers, RecordSet? Soa);

/// <summary>A set that is answered with.</summary>
internal sealed record AnsweredSet(string Name, string Type, int Ttl, IReadOnlyList<string> Values, string? SetIdentifier);
