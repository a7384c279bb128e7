namespace Modestano.Operator.Dns.Planning.Rules;

/// <summary>
/// D6: weight 0 is no fence. With health checks attached Route 53 answers with weight-0 sets once every other one is unhealthy; only a set
/// that does not exist is never answered.
/// </summary>
public static class FenceRule
{
    /// <summary>Whether an endpoint's set should not exist: it left the spec, or it is fenced, and it has no weight left.</summary>
    /// <param name="next">Its weight after the batch.</param>
    /// <param name="wanted">Its weight at the end; null: it left the spec.</param>
    /// <param name="exists">Whether it exists now.</param>
    /// <param name="fence">Whether weight 0 fences.</param>
    public static bool IsAbsent(int next, int? wanted, bool exists, bool fence) =>
        next == 0 && (wanted is null || (fence && (wanted == 0 || !exists)));

    /// <summary>Endpoints at weight 0 that Route 53 may answer with all the same; what status warns of.</summary>
    public static IReadOnlyList<string> MayServeAnyway(ObservedGroup observed)
    {
        ArgumentNullException.ThrowIfNull(observed);
        return observed.Sets.Any(set => set.HealthCheckId is not null || set.Alias is { EvaluateTargetHealth: true })
            ? [.. observed.Sets.Where(set => set.Weight == 0 && set.SetIdentifier is not null).Select(set => set.SetIdentifier!)]
            : [];
    }
}
