using System.Globalization;

namespace Modestano.Operator.Dns.Weights;

/// <summary>Shares of the traffic and the weights (0 to 255) that make them.</summary>
public static class Shares
{
    /// <summary>The largest weight that Route 53 takes.</summary>
    public const int LargestWeight = 255;

    /// <summary>Share by identifier, 0 to 1: weight over the sum. All-zero weights are equal shares, as the service treats them.</summary>
    public static IReadOnlyDictionary<string, double> Of(IReadOnlyDictionary<string, int> weights)
    {
        ArgumentNullException.ThrowIfNull(weights);
        var sum = weights.Values.Sum();
        return weights.ToDictionary(w => w.Key, w => sum == 0 ? 1.0 / weights.Count : (double)w.Value / sum, StringComparer.Ordinal);
    }

    /// <summary>Whole weights that sum to 255 and give shares within half a per cent: rounded down, then the largest remainders get the rest.</summary>
    /// <param name="shares">Shares by identifier; they sum to 1.</param>
    /// <exception cref="ArgumentException">A share is negative, or they do not sum to 1.</exception>
    public static IReadOnlyDictionary<string, int> ToWeights(IReadOnlyDictionary<string, double> shares)
    {
        ArgumentNullException.ThrowIfNull(shares);
        var sum = shares.Values.Sum();
        if (shares.Values.Any(s => s < 0) || Math.Abs(sum - 1) > 1e-6)
        {
            throw new ArgumentException($"shares must not be negative and must sum to 1, and these sum to {sum.ToString("0.######", CultureInfo.InvariantCulture)}", nameof(shares));
        }

        var exact = shares.ToDictionary(s => s.Key, s => s.Value * LargestWeight, StringComparer.Ordinal);
        // Without the small push 0.2 × 255, which is 50.99999…, would lose a whole weight.
        var weights = exact.ToDictionary(s => s.Key, s => (int)Math.Floor(s.Value + 1e-9), StringComparer.Ordinal);
        var rest = LargestWeight - weights.Values.Sum();
        foreach (var (id, _) in exact.Where(s => s.Value > 1e-9).OrderByDescending(s => s.Value - weights[s.Key]).ThenBy(s => s.Key, StringComparer.Ordinal).Take(rest))
        {
            weights[id]++;
        }

        return weights;
    }

    /// <summary>The part of the traffic that goes elsewhere when one set of weights follows another, 0 to 1. Identifiers that are missing have weight 0.</summary>
    public static double Moved(IReadOnlyDictionary<string, int> before, IReadOnlyDictionary<string, int> after)
    {
        ArgumentNullException.ThrowIfNull(before);
        ArgumentNullException.ThrowIfNull(after);
        var (from, to) = (Of(before), Of(after));
        return from.Keys.Union(to.Keys).Sum(id => Math.Abs(to.GetValueOrDefault(id) - from.GetValueOrDefault(id))) / 2;
    }

    /// <summary>A share for people: per cent with one decimal.</summary>
    public static string Percent(double share) => (share * 100).ToString("0.0", CultureInfo.InvariantCulture);
}
