namespace Modestano.Operator.ReplicaSets.Topology;

/// <summary>What makes a topology impossible, in words that say what to change. The API server refuses most of it; what several fields or an override bring about is caught here.</summary>
internal static class TopologyProblems
{
    /// <summary>The first problem; null: none.</summary>
    public static string? Find(DesiredTopology desired, IReadOnlyList<RestMember> members, PriorityClasses classes)
    {
        if (desired.Members.GroupBy(m => m.Host, HostNames.Comparer).FirstOrDefault(g => g.Count() > 1) is { } twice)
        {
            return $"member {twice.Key} is listed {twice.Count()} times in spec.regions: list each host once";
        }

        if (members.Count > 50)
        {
            return $"{members.Count} members are wanted, retained ones included, and a replica set has at most 50: take some out of spec.regions, or set reconfiguration.removal: Remove";
        }

        var votes = members.Count(m => m.Votes == 1);
        if (votes > VoteAllocation.MaxVotes)
        {
            return $"{votes} members are told to vote, retained ones included, and a replica set has at most 7 votes: set votes: 0 on {votes - VoteAllocation.MaxVotes} of them, or leave votes out";
        }

        if (!members.Any(m => m.Region == desired.PrimaryRegion && m.IsElectable))
        {
            var retired = desired.Retired.Where(h => desired.Regions.GetValueOrDefault(h) == desired.PrimaryRegion).Order(StringComparer.Ordinal).ToList();
            return $"no member of region {desired.PrimaryRegion} can be primary: it needs a member that votes, holds data, is not hidden or delayed and has a priority above 0"
                + (retired.Count == 0 ? "" : $"; a migration retired {string.Join(", ", retired)} (status.override): name another primaryRegion, or take them out of spec.regions in one commit and list them again in the next");
        }

        if (classes.Top > PriorityClasses.Max)
        {
            return $"a member outside {desired.PrimaryRegion} has priority {PriorityClasses.Max}, so nothing can rank above it: lower it";
        }

        return members.Where(m => m.Region != desired.PrimaryRegion && m.Priority > classes.HighestAtHome).OrderByDescending(m => m.Priority).FirstOrDefault() is { } above
            ? $"member {above.Host} in {above.Region} has a priority above every member of the primary's region {desired.PrimaryRegion}: lower it, or change primaryRegion"
            : null;
    }
}
