using Modestano.Operator.ReplicaSets.Planning;

namespace Modestano.Operator.ReplicaSets.Rules;

/// <summary>
/// The primary is never removed, demoted or made unelectable: it steps down first, and only when a caught-up successor exists where the
/// primary should be. No priority is set above the sitting primary's but in the wanted region: it would start a priority takeover, which
/// can lose its election (manual: Adjust Priority for Replica Set Member; seen).
/// </summary>
internal sealed class R4GentlePrimary : IReplicaSetRule
{
    public string Name => nameof(R4GentlePrimary);

    public string? Check(ProposedStep proposed) => proposed.Step switch
    {
        Reconfig { Force: false } => Reconfigured(proposed),
        StepDown down => SteppedDown(proposed, down),
        _ => null,
    };

    private static string? Reconfigured(ProposedStep proposed)
    {
        if (proposed.Primary is not { } primary)
        {
            return "there is no primary";
        }

        if (proposed.Next.Members.FirstOrDefault(m => m.Id == primary.Id) is not { } after)
        {
            return $"the primary {primary.Host} would be removed";
        }

        if (after.Host != primary.Host)
        {
            return $"the primary {primary.Host} would be renamed";
        }

        if (!after.IsElectable || after.Hidden || after.SecondaryDelaySecs > 0)
        {
            return $"the primary {primary.Host} would become unelectable";
        }

        var raised = proposed.Next.Members.FirstOrDefault(m =>
            m.Priority > after.Priority && m.Priority > (proposed.Current.Members.FirstOrDefault(o => o.Id == m.Id)?.Priority ?? 0));
        return raised is not null && !proposed.PrimaryIsHome
            ? $"{raised.Host} would rank above the primary {primary.Host}"
            : null;
    }

    private static string? SteppedDown(ProposedStep proposed, StepDown down)
    {
        if (down.StepDownSecs <= down.CatchUpSecs)
        {
            return $"the step-down lasts {down.StepDownSecs} s, which is not longer than its catch-up of {down.CatchUpSecs} s";
        }

        // Between an explicit list and what the configuration allows, the configuration decides who follows.
        var electable = proposed.Current.Voters.Where(m => m.IsElectable && m.Host != down.PrimaryHost).ToList();
        if (electable.FirstOrDefault(m => proposed.Desired.RegionOf(m) != proposed.Rest.PrimaryRegion) is { } elsewhere)
        {
            return $"{elsewhere.Host} outside {proposed.Rest.PrimaryRegion} could become primary";
        }

        return electable.Any(m => proposed.IsClose(m) && proposed.Rest.Find(m.Host) is { IsElectable: true })
            ? null
            : $"no caught-up successor in {proposed.Rest.PrimaryRegion}";
    }
}
