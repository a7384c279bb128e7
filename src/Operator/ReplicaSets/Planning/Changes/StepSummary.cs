using System.Globalization;
using Modestano.Operator.ReplicaSets.Observation;

namespace Modestano.Operator.ReplicaSets.Planning.Changes;

/// <summary>Words for a reconfig.</summary>
internal static class StepSummary
{
    /// <summary>What the reconfig is for.</summary>
    public static ReconfigPurpose Purpose(Reconfig step, VoteChange? change, bool prepare, bool abandon) => (prepare, abandon, change) switch
    {
        (true, _, _) => ReconfigPurpose.PrepareHandOff,
        (_, true, null) => ReconfigPurpose.AbandonHandOff,
        (_, _, VoteChange.Gain) => ReconfigPurpose.GainVote,
        (_, _, VoteChange.Yield) => ReconfigPurpose.YieldVote,
        _ => step.Removals.Count > 0 && step.Additions.Count == 0 ? ReconfigPurpose.Remove : ReconfigPurpose.Arrange,
    };

    /// <summary>One sentence, the votes after it included.</summary>
    public static string Of(PlanContext context, Reconfig step, ReplicaSetConfig proposed, ReconfigPurpose purpose)
    {
        var parts = new List<string>();
        if (purpose == ReconfigPurpose.AbandonHandOff)
        {
            parts.Add("put the priorities of a hand-off back");
        }

        AddIf(parts, "add", step.Additions.Select(a => a.ArbiterOnly ? $"{a.Host} (arbiter)" : a.Host));
        AddIf(parts, "give a vote to", step.Edits.Where(e => e.Votes == 1).Select(e => e.Host));
        AddIf(parts, "take the vote of", step.Edits.Where(e => e.Votes == 0).Select(e => e.Host));
        AddIf(parts, "remove", step.Removals.Select(r => context.Config.Find(r.Host)!.IsVoter ? $"{r.Host} with its vote" : r.Host));
        AddIf(parts, "show", step.Edits.Where(e => e.Hidden == false && e.Votes != 1).Select(e => e.Host));
        AddIf(parts, "hide", step.Edits.Where(e => e.Hidden == true).Select(e => e.Host));
        if (purpose == ReconfigPurpose.PrepareHandOff)
        {
            parts.Add($"set priorities for the hand-off to {context.Rest.PrimaryRegion}");
        }
        else if (step.Edits.Where(e => e.Priority is not null && e.Votes is null).ToList() is { Count: > 0 } priorities)
        {
            parts.Add($"set priorities ({NameList.Of(priorities.Select(e => $"{e.Host}: {e.Priority!.Value.ToString(CultureInfo.InvariantCulture)}"))})");
        }

        AddIf(parts, "set tags of", step.Edits.Where(e => e.Tags is not null).Select(e => e.Host));
        AddIf(parts, "set horizons of", step.Edits.Where(e => e.Horizons is not null).Select(e => e.Host));
        AddIf(parts, "set the delay of", step.Edits.Where(e => e.SecondaryDelaySecs is not null).Select(e => e.Host));
        if (step.Settings is not null)
        {
            parts.Add("set replica-set settings");
        }

        return string.Join("; ", parts);
    }

    /// <summary>Votes by region, the primary's first, and the majority, as <c>eu-west-1:3 eu-west-2:1 /3</c>.</summary>
    public static string Votes(ReplicaSetConfig config, Topology.DesiredTopology desired)
    {
        var regions = config.Voters.GroupBy(desired.RegionOf).OrderByDescending(g => g.Key == desired.PrimaryRegion).ThenBy(g => g.Key, StringComparer.Ordinal);
        return $"{string.Join(' ', regions.Select(g => $"{(g.Key.Length == 0 ? "unknown" : g.Key)}:{g.Count()}"))} /{config.ElectionMajority}";
    }

    private static void AddIf(List<string> parts, string verb, IEnumerable<string> hosts)
    {
        var all = hosts.ToList();
        if (all.Count > 0)
        {
            parts.Add($"{verb} {NameList.Of(all)}");
        }
    }
}
