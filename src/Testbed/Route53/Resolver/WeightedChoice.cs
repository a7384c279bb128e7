using Modestano.Testbed.Route53.Zones;

namespace Modestano.Testbed.Route53.Resolver;

/// <summary>
/// Chooses among weighted sets as the service does: among healthy sets with weight; if none, among healthy sets with weight 0;
/// if none is healthy, as if all were. Shares are weight over sum; all-zero weights are equal.
/// </summary>
public static class WeightedChoice
{
    /// <summary>Chooses one set.</summary>
    /// <param name="sets">The weighted sets of one name and type; at least one.</param>
    /// <param name="isHealthy">Whether a set's health check (and, for aliases that evaluate it, its target) is healthy.</param>
    /// <param name="random">From 0 up to, not including, 1.</param>
    public static RecordSet Choose(IReadOnlyList<RecordSet> sets, Func<RecordSet, bool> isHealthy, double random)
    {
        var healthy = sets.Where(isHealthy).ToList();
        var candidates = healthy.Count > 0 ? healthy : sets;
        var withWeight = candidates.Where(set => set.Weight > 0).ToList();
        return withWeight.Count > 0 ? Draw(withWeight, set => set.Weight!.Value, random) : Draw(candidates, _ => 1, random);
    }

    private static RecordSet Draw(IReadOnlyList<RecordSet> sets, Func<RecordSet, int> weight, double random)
    {
        var mark = random * sets.Sum(weight);
        foreach (var set in sets)
        {
            mark -= weight(set);
            if (mark < 0)
            {
                return set;
            }
        }

        return sets[^1];
    }
}
