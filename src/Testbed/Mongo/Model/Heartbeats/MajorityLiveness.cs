namespace Modestano.Testbed.Mongo.Model;

/// <summary>A primary steps down when it has had no sign of a voting majority for an election timeout.</summary>
internal sealed class MajorityLiveness(MemberProcess process)
{
    private ProcessTimer? next;

    /// <summary>Looks at the signs of life and comes back when the next of them goes stale.</summary>
    public void Check()
    {
        next?.Cancel();
        if (!process.Topology.IsLeader || process.Topology.Config is not { } config)
        {
            return;
        }

        var timeout = config.Settings.ElectionTimeout;
        var signs = process.Views.All.Where(view => view.Config.IsVoter).Select(view => view.LastSign).OrderDescending().ToArray();
        var needed = config.MajorityVoteCount - (process.Topology.Self is { IsVoter: true } ? 1 : 0);
        if (needed <= 0)
        {
            return;
        }

        var stale = (signs.Length < needed ? TimeSpan.MinValue : signs[needed - 1]) + timeout;
        if (stale <= process.Elapsed)
        {
            process.StepDown.BecauseOf("it can no longer see a majority", InterruptReason.SteppedDown);
        }
        else
        {
            next = process.After(stale - process.Elapsed, Check);
        }
    }
}
