using System.Collections.Concurrent;
using Modestano.Operator.Dns.Accounts;
using Modestano.Operator.Dns.Planning.Rules;
using Modestano.Operator.Runtime;

namespace Modestano.Operator.Dns.Observation;

/// <summary>Finds NS record sets that give a record's name away to other servers: what this zone holds at or below them is never answered.</summary>
internal sealed class DelegationReader(ZoneReader zones, TimeProvider time) : ILeadershipListener
{
    /// <summary>Delegations hardly ever change, and each reading may cost a request.</summary>
    private static readonly TimeSpan KeptFor = TimeSpan.FromMinutes(15);

    private readonly ConcurrentDictionary<(string Account, string Zone, string Name), (DateTimeOffset At, bool Delegated)> _known = new();

    /// <inheritdoc/>
    public void StoppedLeading() => _known.Clear();

    /// <summary>The name at which a record is delegated; null: it is not.</summary>
    /// <param name="account">Where.</param>
    /// <param name="zoneId">The zone.</param>
    /// <param name="zoneName">Its name, normalised.</param>
    /// <param name="recordName">The record's name, normalised.</param>
    /// <param name="cancellationToken">Ends the reading.</param>
    public async Task<string?> FindAsync(Route53Account account, string zoneId, string zoneName, string recordName, CancellationToken cancellationToken)
    {
        foreach (var name in DelegationRule.PlacesOf(recordName, zoneName))
        {
            if (await IsDelegatedAsync(account, zoneId, name, cancellationToken))
            {
                return name;
            }
        }

        return null;
    }

    private async Task<bool> IsDelegatedAsync(Route53Account account, string zoneId, string name, CancellationToken cancellationToken)
    {
        var key = (account.Key, zoneId, name);
        if (_known.TryGetValue(key, out var known) && time.GetUtcNow() - known.At < KeptFor)
        {
            return known.Delegated;
        }

        var delegated = (await zones.ReadAsync(account, zoneId, name, "NS", Freshness.AtRest, cancellationToken)).Count > 0;
        var now = time.GetUtcNow();
        _known[key] = (now, delegated);
        foreach (var old in _known.Where(entry => now - entry.Value.At > KeptFor))
        {
            _known.TryRemove(old.Key, out _);
        }

        return delegated;
    }
}
