using Modestano.Crds.V1Alpha1;

namespace Modestano.Operator.ReplicaSets.Status;

/// <summary>A Kubernetes Event to write.</summary>
/// <param name="IsWarning">Needs a person's eye.</param>
/// <param name="Reason">A constant.</param>
/// <param name="Message">What happened.</param>
public sealed record Transition(bool IsWarning, string Reason, string Message);

/// <summary>What changed between two statuses that is worth an Event. Pure.</summary>
public static class Transitions
{
    /// <summary>Compares.</summary>
    /// <param name="before">The status before; null: the object is new.</param>
    /// <param name="after">The status after.</param>
    public static IReadOnlyList<Transition> Between(MongoReplicaSetStatus? before, MongoReplicaSetStatus after)
    {
        ArgumentNullException.ThrowIfNull(after);
        var found = new List<Transition>();
        if (after.LastAction is { } action && (action.Kind, action.Time, action.Summary) != (before?.LastAction?.Kind, before?.LastAction?.Time ?? default, before?.LastAction?.Summary))
        {
            found.Add(new(action.Outcome is not "Succeeded", action.Kind + action.Outcome, action.Summary));
        }

        if (after.LastHandOff is { WriteGapMillis: { } gap } handOff && (handOff.Time != before?.LastHandOff?.Time || gap != before.LastHandOff.WriteGapMillis))
        {
            found.Add(new(false, Reasons.WriteGapMeasured, $"majority writes waited {gap} ms for the hand-off"));
        }

        if (after.Primary is not null && before?.Primary is not null && after.Primary != before.Primary)
        {
            found.Add(new(false, Reasons.PrimaryChanged, $"the primary is {after.Primary}, it was {before.Primary}"));
        }
        else if (after.Primary is null && before?.Primary is not null)
        {
            found.Add(new(true, Reasons.NoPrimary, $"the set has no primary; it was {before.Primary}"));
        }

        Members(before, after, found);
        Conditions(before, after, found);
        if (after.Override is { } latch && (latch.MigrationUid, latch.ObservedRevision) != (before?.Override?.MigrationUid, before?.Override?.ObservedRevision ?? 0))
        {
            found.Add(new(false, Reasons.OverrideLatched, $"follows RegionMigration {latch.MigrationName}, revision {latch.ObservedRevision}"));
        }
        else if (after.Override is null && before?.Override is { } released)
        {
            found.Add(new(false, Reasons.OverrideReleased, $"the override of RegionMigration {released.MigrationName} has ended: the spec counts"));
        }

        return found;
    }

    private static void Members(MongoReplicaSetStatus? before, MongoReplicaSetStatus after, List<Transition> found)
    {
        foreach (var member in after.Members ?? [])
        {
            var healthy = before?.Members?.FirstOrDefault(m => m.Host == member.Host)?.Healthy;
            if (healthy == true && member.Healthy == false)
            {
                found.Add(new(true, Reasons.MemberUnhealthy, $"{member.Host} is not healthy: {member.State}"));
            }
            else if (healthy == false && member.Healthy == true)
            {
                found.Add(new(false, Reasons.MemberRecovered, $"{member.Host} is healthy again: {member.State}"));
            }
        }
    }

    private static void Conditions(MongoReplicaSetStatus? before, MongoReplicaSetStatus after, List<Transition> found)
    {
        foreach (var condition in after.Conditions ?? [])
        {
            var was = before?.Conditions?.FirstOrDefault(c => c.Type == condition.Type);
            var isNew = was?.Status != condition.Status || was.Reason != condition.Reason;
            if (!isNew || condition.Status != "True")
            {
                continue;
            }

            if (condition.Type == ConditionTypes.Stalled)
            {
                found.Add(new(true, condition.Reason, condition.Message));
            }
            else if (condition.Type is ConditionTypes.Ready or ConditionTypes.Held or ConditionTypes.AwaitingApproval)
            {
                found.Add(new(false, condition.Reason, condition.Message));
            }
            else if (condition.Type == ConditionTypes.OverrideOrphaned)
            {
                found.Add(new(true, condition.Reason, condition.Message));
            }
        }
    }
}
