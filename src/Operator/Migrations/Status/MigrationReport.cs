using Modestano.Crds.V1Alpha1;
using Modestano.Operator.Migrations.Gates;
using Modestano.Operator.Migrations.Planning;
using Modestano.Operator.Runtime;

namespace Modestano.Operator.Migrations.Status;

/// <summary>Turns a decision into the status that people and targets read. Pure.</summary>
public static class MigrationReport
{
    /// <summary>The status to store.</summary>
    public static RegionMigrationStatus Of(MigrationContext context, PhaseOutcome outcome)
    {
        ArgumentNullException.ThrowIfNull(context);
        ArgumentNullException.ThrowIfNull(outcome);
        var status = outcome.Status with
        {
            ObservedGeneration = context.Migration.Metadata.Generation,
            Gates = Gates(context),
        };
        return status with { Conditions = Conditions(context, outcome, status) };
    }

    private static IReadOnlyList<GateStatus>? Gates(MigrationContext context)
    {
        if (context.Gates.Count == 0)
        {
            return context.Status.Gates;
        }

        return [.. context.Gates.Select(now =>
        {
            var before = context.Status.Gates?.FirstOrDefault(g => g.Name == now.Name);
            var same = before is not null && before.Result == now.Result && before.Limit == now.Limit && before.Message == now.Message && before.Failures == now.Failures;
            return same && before!.Time is { } time && context.Now.UtcDateTime - time < SteadyFigure.Interval ? before : now;
        })];
    }

    private static IReadOnlyList<Condition> Conditions(MigrationContext context, PhaseOutcome outcome, RegionMigrationStatus status)
    {
        var list = new ConditionList(context.Migration.Status?.Conditions, context.Migration.Metadata.Generation, context.Now);
        var waiting = outcome.WaitingFor ?? "nothing";
        var done = Holding.IsEnd(status.Phase);
        var held = done ? null : Holding.Reason(context);

        // A phase that nobody knows is whatever somebody wrote, and need not be what a reason may be.
        var reason = outcome.StalledReason ?? status.Phase!;
        if (done)
        {
            var edits = status.SpecEdits is { Count: > 0 } ? "; commit the edits in status.specEdits to Git, until then the override holds" : "";
            var again = status.Phase == MigrationPhases.RolledBack && status.Override?.VotelessMembers is { Count: > 0 } ? $"; before another migration to {context.Spec.To} take votes: 0 out again there" : "";
            list.Set(ConditionTypes.Ready, true, status.Phase!, $"{(status.Phase == MigrationPhases.Completed ? "Primary and traffic are where they should be" : "Primary and traffic are back where they were")}{edits}{again}");
        }
        else
        {
            list.Set(ConditionTypes.Ready, false, reason, $"Waiting for {waiting}");
        }

        list.Set(ConditionTypes.Reconciling, !done && outcome.StalledReason is null, reason, done ? "The migration has ended" : $"Waiting for {waiting}");
        list.Set(ConditionTypes.Stalled, outcome.StalledReason is not null, outcome.StalledReason ?? MigrationReasons.NotStalled, outcome.StalledReason is null ? "Nothing needs a person" : waiting);
        list.Set(ConditionTypes.Held, held is not null, held is null ? MigrationReasons.NotHeld : MigrationReasons.HoldAsked, held ?? "Nobody asked for a stop");
        Awaiting(list, context, outcome, status, held);
        list.Set(
            ConditionTypes.OverrideActive, status.Override is not null && Claims.Targets(context.Spec).Any(t => !Releases.IsReleased(status, t)), MigrationReasons.Override,
            status.Override is null ? "No target is steered yet" : "Targets follow status.override, or have been released from it (status.released)");
        if (context.Gates.Count > 0)
        {
            GateConditions(list, context.Gates);
        }

        return list.Build();
    }

    // Where somebody holds it, or nothing goes on, a promotion would not help.
    private static void Awaiting(ConditionList list, MigrationContext context, PhaseOutcome outcome, RegionMigrationStatus status, string? held)
    {
        var pause = held is null && outcome.StalledReason is null && Pauses.Standing(context, status) is { Until: null } standing ? standing : null;
        list.Set(
            ConditionTypes.AwaitingApproval, pause is not null, pause is null ? MigrationReasons.NotAsked : MigrationReasons.AwaitingPromotion,
            pause is null ? "No step waits for a person" : $"Waiting for {Pauses.Words(context, pause)}");
    }

    private static void GateConditions(ConditionList list, IReadOnlyList<GateStatus> gates)
    {
        if (GateVerdict.FirstNotPassing(gates) is not { } bad)
        {
            list.Set(ConditionTypes.GatesPassing, true, MigrationReasons.AllPassing, "Every gate that counts now holds");
        }
        else if (GateVerdict.AnyFailing(gates))
        {
            list.Set(ConditionTypes.GatesPassing, false, MigrationReasons.GateFailing, bad);
        }
        else
        {
            list.SetUnknown(ConditionTypes.GatesPassing, MigrationReasons.NoData, bad);
        }
    }
}
