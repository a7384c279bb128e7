namespace Modestano.Operator.ReplicaSets.Topology;

/// <summary>
/// Priorities at rest: the primary's region above all others, explicit values kept. Without explicit ones it is 2 and 1. MongoDB takes the
/// reachable, caught-up member of the highest priority for primary (manual: Replica Set Elections, Member Priority).
/// </summary>
internal sealed record PriorityClasses
{
    /// <summary>MongoDB's limit.</summary>
    public const double Max = 1000;

    private readonly string _primaryRegion;

    /// <summary>The derived priority in the primary's region.</summary>
    public required double Top { get; init; }

    /// <summary>The derived priority elsewhere.</summary>
    public required double Low { get; init; }

    /// <summary>The lowest priority above 0 in the primary's region.</summary>
    public required double LowestAtHome { get; init; }

    /// <summary>The highest priority in the primary's region.</summary>
    public required double HighestAtHome { get; init; }

    /// <summary>An explicit priority elsewhere that would outrank the primary's region counts as absent: it was written for another region.</summary>
    public required bool IgnoreContradictions { get; init; }

    /// <summary>The classes for a topology.</summary>
    public static PriorityClasses For(DesiredTopology desired, IEnumerable<double> retainedElsewhere)
    {
        var electable = desired.Members.Where(m => m.CanBeElectable).ToList();
        var home = electable.Where(m => m.Region == desired.PrimaryRegion).ToList();
        var elsewhere = electable
            .Where(m => m.Region != desired.PrimaryRegion && !desired.PrimaryRegionIsOverridden)
            .Select(m => m.Priority ?? 0).Concat(retainedElsewhere).Append(0).Max();
        var top = Math.Max(2, Math.Floor(elsewhere) + 1);
        var atHome = home.Select(m => m.Priority ?? top).Append(home.Count == 0 ? top : Max).ToList();
        var lowest = atHome.Min();
        return new PriorityClasses(desired.PrimaryRegion)
        {
            Top = top,
            Low = lowest > 1 ? 1 : lowest / 2,
            LowestAtHome = lowest,
            HighestAtHome = home.Count == 0 ? top : home.Max(m => m.Priority ?? top),
            IgnoreContradictions = desired.PrimaryRegionIsOverridden,
        };
    }

    private PriorityClasses(string primaryRegion) => _primaryRegion = primaryRegion;

    /// <summary>The priority of a wanted member while it votes.</summary>
    public double Of(DesiredMember member)
    {
        if (member.Region == _primaryRegion)
        {
            return member.Priority ?? Top;
        }

        return member.Priority is { } priority && !(IgnoreContradictions && priority >= HighestAtHome) ? priority : Low;
    }
}
