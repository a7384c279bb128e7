using Modestano.Crds.V1Alpha1;

namespace Modestano.Operator.Migrations.Planning;

/// <summary>
/// Weights (0–255) for a share of the traffic in the new region. The weights of a record always sum to 255, so each share is within
/// 0.2 per cent; endpoints in other regions keep their share.
/// </summary>
public static class TrafficWeights
{
    private const int Sum = 255;

    /// <summary>Weight by set identifier.</summary>
    /// <param name="endpoints">The record's endpoints.</param>
    /// <param name="origin">
    /// The weights at the start of the migration: they give the split inside the old region and the other regions' share. An endpoint that was
    /// not there has no part in either.
    /// </param>
    /// <param name="from">The old region.</param>
    /// <param name="to">The new region.</param>
    /// <param name="percent">Share of from and to together that goes to the new region, 0 to 100.</param>
    /// <param name="split">Parts by set identifier inside the new region; null: equal.</param>
    public static IReadOnlyDictionary<string, int> For(
        IReadOnlyList<EndpointSpec> endpoints, IReadOnlyDictionary<string, int> origin, string from, string to, int percent,
        IReadOnlyDictionary<string, int>? split)
    {
        decimal Origin(EndpointSpec e) => Math.Max(0, origin.GetValueOrDefault(e.SetIdentifier));

        var oldOnes = endpoints.Where(e => e.Region == from).ToList();
        var newOnes = endpoints.Where(e => e.Region == to).ToList();
        var others = endpoints.Where(e => e.Region != from && e.Region != to).ToList();
        var moving = oldOnes.Concat(newOnes).Sum(Origin);
        var total = moving + others.Sum(Origin);
        var movingShare = total == 0 ? 1 : moving / total;
        var newShare = movingShare * percent / 100;

        var shares = new Dictionary<string, decimal>();
        Spread(newOnes, newShare, e => split is null ? 1 : Math.Max(0, split.GetValueOrDefault(e.SetIdentifier)));
        Spread(oldOnes, movingShare - newShare, Origin);
        foreach (var other in others)
        {
            shares[other.SetIdentifier] = total == 0 ? 0 : Origin(other) / total;
        }

        return LargestRemainder(shares);

        void Spread(List<EndpointSpec> group, decimal share, Func<EndpointSpec, decimal> part)
        {
            var parts = group.Sum(part);
            foreach (var endpoint in group)
            {
                shares[endpoint.SetIdentifier] = parts == 0 ? share / group.Count : share * part(endpoint) / parts;
            }
        }
    }

    /// <summary>The share of from and to together that the new region has, per cent; null where neither has any weight.</summary>
    public static decimal? PercentInNewRegion(IReadOnlyList<EndpointSpec> endpoints, IReadOnlyDictionary<string, int> weights, string from, string to)
    {
        decimal In(string region) => endpoints.Where(e => e.Region == region).Sum(e => weights.GetValueOrDefault(e.SetIdentifier));
        var both = In(from) + In(to);
        return both == 0 ? null : 100 * In(to) / both;
    }

    // Whole numbers that sum to 255 and are each less than one away from the exact share; ties go to the earlier name so that the result is always the same.
    private static Dictionary<string, int> LargestRemainder(Dictionary<string, decimal> shares)
    {
        var weights = shares.ToDictionary(s => s.Key, s => (int)decimal.Floor(s.Value * Sum));
        var missing = Sum - weights.Values.Sum();
        foreach (var (name, _) in shares
            .Where(s => s.Value > 0)
            .OrderByDescending(s => (s.Value * Sum) - decimal.Floor(s.Value * Sum))
            .ThenBy(s => s.Key, StringComparer.Ordinal)
            .Take(missing))
        {
            weights[name]++;
        }

        return weights;
    }
}
