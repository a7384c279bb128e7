namespace Modestano.Operator.Dns.Weights;

/// <summary>The way from the served weights to the wanted ones in steps that move a bounded part of the traffic each (D2).</summary>
public static class WeightPath
{
    /// <summary>What whole weights cannot do exactly: a step may be larger than asked for by this much of the traffic.</summary>
    public const double Tolerance = 0.005;

    /// <summary>The next weights; the wanted ones where one step is enough. Null: whole weights beside the fixed ones allow no step that small.</summary>
    /// <param name="served">Weights as served now, by identifier; those that do not exist yet with 0.</param>
    /// <param name="wanted">Weights at the end, for the same identifiers.</param>
    /// <param name="fixedWeights">Weights of sets in the same group that belong to others, by identifier.</param>
    /// <param name="maxStepPercent">Per cent of the traffic that one step may move.</param>
    public static IReadOnlyDictionary<string, int>? Next(
        IReadOnlyDictionary<string, int> served, IReadOnlyDictionary<string, int> wanted, IReadOnlyDictionary<string, int> fixedWeights, int maxStepPercent)
    {
        ArgumentNullException.ThrowIfNull(served);
        ArgumentNullException.ThrowIfNull(fixedWeights);
        var limit = (maxStepPercent / 100.0) + Tolerance;
        var before = WithFixed(served, fixedWeights);
        var distance = Shares.Moved(before, WithFixed(wanted, fixedWeights));
        if (distance <= limit)
        {
            return wanted;
        }

        var (from, to) = (Shares.Of(before), Shares.Of(WithFixed(wanted, fixedWeights)));
        for (var part = Math.Min(1, maxStepPercent / 100.0 / distance); part > 0.001; part *= 0.9)
        {
            var shares = from.Keys.ToDictionary(id => id, id => from[id] + (part * (to[id] - from[id])), StringComparer.Ordinal);
            if (Whole(shares, served, fixedWeights) is { } next && Shares.Moved(before, WithFixed(next, fixedWeights)) is > 0 and var moved && moved <= limit)
            {
                return next;
            }
        }

        return null;
    }

    /// <summary>Weights together with those of others.</summary>
    public static IReadOnlyDictionary<string, int> WithFixed(IReadOnlyDictionary<string, int> weights, IReadOnlyDictionary<string, int> fixedWeights)
    {
        ArgumentNullException.ThrowIfNull(weights);
        ArgumentNullException.ThrowIfNull(fixedWeights);
        return fixedWeights.Count == 0 ? weights : weights.Concat(fixedWeights).ToDictionary(StringComparer.Ordinal);
    }

    /// <summary>Whole weights that make these shares beside the fixed ones; null: there are none.</summary>
    /// <param name="shares">Share by identifier, others' included; they sum to 1.</param>
    /// <param name="own">Whose weights are asked for.</param>
    /// <param name="fixedWeights">Weights of others.</param>
    internal static IReadOnlyDictionary<string, int>? Whole(IReadOnlyDictionary<string, double> shares, IReadOnlyDictionary<string, int> own, IReadOnlyDictionary<string, int> fixedWeights)
    {
        var fixedSum = fixedWeights.Values.Sum();
        if (fixedSum == 0)
        {
            var ours = own.Keys.ToDictionary(id => id, id => shares[id], StringComparer.Ordinal);
            var sum = ours.Values.Sum();
            return sum <= 0 ? null : Shares.ToWeights(ours.ToDictionary(s => s.Key, s => s.Value / sum, StringComparer.Ordinal));
        }

        // The others' weights cannot be scaled, so ours are, to the sum at which theirs make their share.
        var theirs = 1 - own.Keys.Sum(id => shares[id]);
        if (theirs <= 0)
        {
            return null;
        }

        var total = fixedSum / theirs;
        var whole = own.Keys.ToDictionary(id => id, id => (int)Math.Round(shares[id] * total), StringComparer.Ordinal);
        return whole.Values.Any(weight => weight > Shares.LargestWeight) ? null : whole;
    }
}
