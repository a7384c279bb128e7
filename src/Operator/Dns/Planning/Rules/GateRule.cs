using Modestano.Operator.Dns.Weights;

namespace Modestano.Operator.Dns.Planning.Rules;

/// <summary>
/// D5: a share rises only towards an endpoint whose gates hold at that moment: in a migration its permission, which it gives while its
/// gates hold and lets run out; otherwise the endpoint's health check. An endpoint that is known to be unhealthy never gets more.
/// </summary>
public static class GateRule
{
    /// <summary>A share that changes by less than this is not raised: it comes from rounding.</summary>
    private const double Noise = 0.0005;

    /// <summary>Identifiers whose share of the traffic rises, others' included: taking weight from ours gives it to them.</summary>
    public static IReadOnlyList<string> Rising(IReadOnlyDictionary<string, int> served, IReadOnlyDictionary<string, int> next, IReadOnlyDictionary<string, int> others)
    {
        ArgumentNullException.ThrowIfNull(next);
        var before = Shares.Of(WeightPath.WithFixed(served, others));
        var after = Shares.Of(WeightPath.WithFixed(next, others));
        return [.. after.Keys.Where(id => after[id] > before.GetValueOrDefault(id) + Noise).Order(StringComparer.Ordinal)];
    }

    /// <summary>What to do about health checks that do not exist any more.</summary>
    public static string Deleted(IReadOnlyCollection<string> identifiers) =>
        $"The health check of {string.Join(", ", identifiers)} was deleted (or its id is wrong), and Route 53 takes no record set with it any more: make a new one and name it in spec.endpoints, or take healthCheckId out";

    /// <summary>What a rise waits for; null: it may happen now.</summary>
    public static Wait? NotYet(IReadOnlyCollection<string> rising, IReadOnlyDictionary<string, EndpointHealth> health, ShiftPolicy policy, DateTimeOffset now)
    {
        ArgumentNullException.ThrowIfNull(rising);
        ArgumentNullException.ThrowIfNull(health);
        ArgumentNullException.ThrowIfNull(policy);
        EndpointHealth? Of(string id) => health.TryGetValue(id, out var seen) ? seen : null;

        if (rising.Where(id => Of(id) == EndpointHealth.Unhealthy).ToList() is { Count: > 0 } down)
        {
            return new Wait(DnsReasons.EndpointUnhealthy, $"The health check of {string.Join(", ", down)} fails: no traffic is moved there until it passes", null);
        }

        if (rising.Where(id => Of(id) == EndpointHealth.Deleted).ToList() is { Count: > 0 } gone)
        {
            return new Wait(DnsReasons.HealthCheckDeleted, Deleted(gone), null);
        }

        if (policy.Steered)
        {
            return policy.PermittedUntil is { } until && now < until
                ? null
                : new Wait(DnsReasons.NotPermitted, $"The migration permits no rise of {string.Join(", ", rising)} at this moment: its gates have to hold", null);
        }

        return rising.Where(id => Of(id) == EndpointHealth.Unknown).ToList() is { Count: > 0 } unknown
            ? new Wait(DnsReasons.HealthUnknown, $"Nothing is known of the health check of {string.Join(", ", unknown)} now: no traffic is moved there until it is", null)
            : null;
    }
}
