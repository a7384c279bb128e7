namespace Modestano.Testbed.Mongo.Model;

/// <summary>
/// A secondary of higher priority than the primary runs after an election timeout (times its rank among the higher priorities), when it is
/// about as fresh as the freshest; it tries again at every turn until it is primary. A secondary that is ahead of a primary which is still
/// catching up runs after <c>catchUpTakeoverDelayMillis</c>.
/// </summary>
internal sealed class Takeover(MemberProcess process)
{
    /// <summary>How far behind the newest operation it may be (<c>priorityTakeoverFreshnessWindowSeconds</c>).</summary>
    private const long FreshnessSeconds = 2;

    private ProcessTimer? timer;
    private ProcessTimer? catchUpTimer;

    public void Cancel()
    {
        timer?.Cancel();
        timer = null;
        catchUpTimer?.Cancel();
        catchUpTimer = null;
    }

    /// <summary>Looks whether a takeover is due; called with each heartbeat.</summary>
    public void Consider()
    {
        ConsiderCatchUp();
        if (timer is not null || !IsDue())
        {
            return;
        }

        var config = process.Topology.Config!;
        var rank = config.Members.Count(member => member.EffectivePriority > process.Topology.Self!.EffectivePriority);
        var delay = (config.Settings.ElectionTimeout * (rank + 1)) + ElectionTimer.RandomOffset(process);
        process.Trace("schedules a priority takeover");
        timer = process.After(delay, () =>
        {
            timer = null;
            if (IsDue() && IsFresh())
            {
                process.Elections.Run(ElectionReason.PriorityTakeover);
            }
        });
    }

    private void ConsiderCatchUp()
    {
        if (catchUpTimer is not null || !IsAheadOfPrimary() || process.Topology.Config!.Settings.CatchUpTakeoverDelayMillis < 0)
        {
            return;
        }

        process.Trace("schedules a catch-up takeover");
        catchUpTimer = process.After(TimeSpan.FromMilliseconds(process.Topology.Config.Settings.CatchUpTakeoverDelayMillis), () =>
        {
            catchUpTimer = null;
            if (IsAheadOfPrimary())
            {
                process.Elections.Run(ElectionReason.CatchUpTakeover);
            }
        });
    }

    /// <summary>The primary has not written in its term yet, and has less than this member.</summary>
    private bool IsAheadOfPrimary() =>
        process.Topology is { State: MemberState.Secondary, Self.IsElectable: true, PrimaryId: { } id }
        && process.Views.FindById(id) is { IsUp: true } primary
        && primary.HeartbeatApplied.Term < process.Topology.Term
        && primary.HeartbeatApplied < process.Applier.LastApplied;

    private bool IsDue() =>
        process.Topology is { State: MemberState.Secondary, Self: { IsElectable: true } self, Primary: { } primary }
        && self.EffectivePriority > primary.EffectivePriority;

    private bool IsFresh()
    {
        var newest = process.Views.All.Select(view => view.Applied).Append(process.Applier.LastApplied).Max();
        return process.Applier.LastApplied.Seconds + FreshnessSeconds >= newest.Seconds;
    }
}
