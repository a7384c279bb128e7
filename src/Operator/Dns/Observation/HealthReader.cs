using System.Collections.Concurrent;
using Modestano.Operator.Dns.Accounts;
using Modestano.Operator.Dns.Planning;
using Modestano.Operator.Dns.Route53;
using Modestano.Operator.Runtime;

namespace Modestano.Operator.Dns.Observation;

/// <summary>Health of endpoints from what the checkers of Route 53 report; kept for a few seconds, because each reading costs a request.</summary>
internal sealed class HealthReader(TimeProvider time) : ILeadershipListener
{
    /// <summary>Route 53 holds a check for healthy when more than this share of its checkers does.</summary>
    private const double HealthyShare = 0.18;

    private static readonly TimeSpan KeptForEffects = TimeSpan.FromSeconds(10);

    /// <summary>At rest all checks together cost one request in this time, so that a thousand of them do not use up the account's rate.</summary>
    private static readonly TimeSpan PerCheckAtRest = TimeSpan.FromSeconds(2);

    /// <summary>Longer than any check is kept, so that those of deleted records do not count.</summary>
    private static readonly TimeSpan ForgottenAfter = TimeSpan.FromHours(6);

    private readonly ConcurrentDictionary<(string Account, string Check), (DateTimeOffset At, EndpointHealth Health)> _seen = new();

    /// <inheritdoc/>
    public void StoppedLeading() => _seen.Clear();

    /// <summary>The health of a check; Unknown where it cannot be read or nobody has reported yet.</summary>
    public async Task<EndpointHealth> ReadAsync(Route53Account account, string healthCheckId, Freshness freshness, CancellationToken cancellationToken)
    {
        var key = (account.Key, healthCheckId);
        if (_seen.TryGetValue(key, out var seen) && time.GetUtcNow() - seen.At < KeptFor(freshness))
        {
            return seen.Health;
        }

        var health = await AskAsync(account.Client, healthCheckId, cancellationToken);
        var now = time.GetUtcNow();
        _seen[key] = (now, health);
        foreach (var old in _seen.Where(entry => now - entry.Value.At > ForgottenAfter))
        {
            _seen.TryRemove(old.Key, out _);
        }

        return health;
    }

    private TimeSpan KeptFor(Freshness freshness) =>
        freshness == Freshness.AtRest && PerCheckAtRest * _seen.Count is var atRest && atRest > KeptForEffects ? atRest : KeptForEffects;

    private static async Task<EndpointHealth> AskAsync(IAmazonRoute53 client, string healthCheckId, CancellationToken cancellationToken)
    {
        if (!Ids.IsBare(healthCheckId))
        {
            return EndpointHealth.Deleted;
        }

        try
        {
            var answer = await client.GetHealthCheckStatusAsync(new() { HealthCheckId = healthCheckId }, cancellationToken);
            var reports = answer.HealthCheckObservations.Select(o => o.StatusReport?.Status).OfType<string>().ToList();
            return reports.Count == 0 ? EndpointHealth.Unknown
                : reports.Count(r => r.StartsWith("Success", StringComparison.Ordinal)) > HealthyShare * reports.Count ? EndpointHealth.Healthy
                : EndpointHealth.Unhealthy;
        }
        catch (NoSuchHealthCheckException)
        {
            return EndpointHealth.Deleted;
        }
        catch (Exception e) when (Route53Failure.Of(e) is not null && !cancellationToken.IsCancellationRequested)
        {
            // Missing data never moves traffic (D5) and must not hide the record itself.
            return EndpointHealth.Unknown;
        }
    }
}
