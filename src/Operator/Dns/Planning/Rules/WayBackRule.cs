using Modestano.Operator.Dns.Weights;

namespace Modestano.Operator.Dns.Planning.Rules;

/// <summary>
/// A roll-back to several endpoints of which one is unhealthy (D5 keeps more from it): the others take its part, and it keeps the share that it
/// has. Traffic that must go must not wait for the last endpoint of the region that it goes to. The rest follows when the endpoint is well again.
/// </summary>
public static class WayBackRule
{
    /// <summary>The weights with which nobody unfit gets more; the wanted ones where all who get more are fit, or nobody is.</summary>
    /// <param name="served">Weights as served now.</param>
    /// <param name="wanted">Weights at the end, for the same identifiers.</param>
    /// <param name="others">Weights of others in the group.</param>
    /// <param name="health">Health by identifier.</param>
    public static IReadOnlyDictionary<string, int> ToTheFit(
        IReadOnlyDictionary<string, int> served, IReadOnlyDictionary<string, int> wanted, IReadOnlyDictionary<string, int> others, IReadOnlyDictionary<string, EndpointHealth> health)
    {
        ArgumentNullException.ThrowIfNull(wanted);
        ArgumentNullException.ThrowIfNull(health);
        var (from, to) = (Shares.Of(WeightPath.WithFixed(served, others)), Shares.Of(WeightPath.WithFixed(wanted, others)));
        var unfit = GateRule.Rising(served, wanted, others)
            .Where(id => wanted.ContainsKey(id) && health.TryGetValue(id, out var seen) && seen is EndpointHealth.Unhealthy or EndpointHealth.Deleted)
            .ToHashSet(StringComparer.Ordinal);
        var fit = wanted.Keys.Where(id => !unfit.Contains(id)).Sum(id => to[id]);
        if (unfit.Count == 0 || fit <= 0)
        {
            return wanted;
        }

        var left = wanted.Keys.Sum(id => to[id]) - unfit.Sum(id => from[id]);
        var shares = to.ToDictionary(s => s.Key, s => unfit.Contains(s.Key) ? from[s.Key] : wanted.ContainsKey(s.Key) ? s.Value / fit * left : s.Value, StringComparer.Ordinal);
        return WeightPath.Whole(shares, wanted, others) is { } whole ? WithoutRise(whole, unfit, from, others) : wanted;
    }

    /// <summary>Rounding must not raise what may not rise.</summary>
    private static Dictionary<string, int> WithoutRise(
        IReadOnlyDictionary<string, int> whole, IReadOnlySet<string> unfit, IReadOnlyDictionary<string, double> from, IReadOnlyDictionary<string, int> others)
    {
        var weights = whole.ToDictionary(StringComparer.Ordinal);
        while (unfit.FirstOrDefault(id => weights[id] > 0 && Shares.Of(WeightPath.WithFixed(weights, others))[id] > from[id] + 1e-9) is { } risen)
        {
            weights[risen]--;
        }

        return weights;
    }
}
