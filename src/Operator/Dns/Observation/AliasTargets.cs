using Modestano.Operator.Dns.Accounts;
using Modestano.Operator.Dns.Records;

namespace Modestano.Operator.Dns.Observation;

/// <summary>
/// Reads the TTL of alias targets that lie in the record's own zone: Route 53 answers for an alias with its target's TTL ("Choosing between
/// alias and non-alias records" in the Developer Guide). Targets elsewhere, load balancers above all, have 60 s.
/// </summary>
internal sealed class AliasTargets(ZoneReader zones)
{
    /// <summary>Aliases of aliases are followed this far; Route 53 refuses loops, a reader must not rely on it.</summary>
    private const int Deepest = 5;

    /// <summary>TTL by the target's normalised name, for those that could be read.</summary>
    public async Task<IReadOnlyDictionary<string, long>> ReadAsync(
        Route53Account account, string zoneId, string type, IEnumerable<AliasTo> aliases, Freshness freshness, CancellationToken cancellationToken)
    {
        var found = new Dictionary<string, long>(StringComparer.Ordinal);
        foreach (var name in aliases.Where(alias => alias.HostedZoneId == zoneId).Select(alias => alias.DnsName).Distinct(StringComparer.Ordinal))
        {
            if (await TtlOfAsync(name, Deepest) is { } ttl)
            {
                found[name] = ttl;
            }
        }

        return found;

        async Task<long?> TtlOfAsync(string name, int further)
        {
            long? longest = null;
            foreach (var set in await zones.ReadAsync(account, zoneId, name, type, freshness, cancellationToken))
            {
                var ttl = set.Alias is null ? set.Ttl
                    : set.Alias.HostedZoneId != zoneId ? set.AnswerTtl
                    : further > 0 ? await TtlOfAsync(set.Alias.DnsName, further - 1)
                    : null;
                longest = ttl is null ? longest : Math.Max(longest ?? 0, ttl.Value);
            }

            return longest;
        }
    }
}
