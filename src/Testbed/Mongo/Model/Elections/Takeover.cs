namespace Modestano.Testbed.Mongo.Model;

/// <summary>
/// A secondary of higher priority than the primary runs after an election timeout (times its rank among the higher priorities), when it is
/// about as fresh as the freshest; it tries again at every turn until it is primary.
/// </summary>
internal sealed class Takeover(MemberProcess process)
{
    /// <summary>How far behind the newest operation it may be (<c>priorityTakeoverFreshnessWindowSeconds</c>).</summary>
    private const long FreshnessSeconds = 2;

    private ProcessTimer? timer;

    public void Cancel()
    {
        timer?.Cancel();
        timer = null;
    }

    /// <summary>Looks whether a takeover is due; called with each heartbeat.</summary>
    public void Consider()
    {
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

    private bool IsDue() =>
        process.Topology is { State: MemberState.Secondary, Self: { IsElectable: true } self, Primary: { } primary }
        && self.EffectivePriority > primary.EffectivePriority;

    private bool IsFresh()
    {
        var newest = process.Views.All.Select(view => view.Applied).Append(process.Applier.LastApplied).Max();
        return process.Applier.LastApplied.Seconds + FreshnessSeconds >= newest.Seconds;
    }
}
