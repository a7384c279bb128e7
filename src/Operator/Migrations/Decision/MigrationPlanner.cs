using Modestano.Crds.V1Alpha1;
using Modestano.Operator.Migrations.Phases;
using Modestano.Operator.Migrations.Planning;
using Modestano.Operator.Runtime;

namespace Modestano.Operator.Migrations.Decision;

/// <summary>
/// What a migration's status should be after one look at its targets. The status is the migration's only effect: it carries the override
/// that the targets follow, so writing it is what moves them.
/// </summary>
public static class MigrationPlanner
{
    private const int TimelineLength = 50;

    // What the API takes. A person's annotation may be longer, and a status that is refused would freeze the migration.
    private const int LongestText = 1024;

    private static readonly Dictionary<string, IMigrationPhase> Phases = new IMigrationPhase[]
    {
        new PendingPhase(), new PreflightPhase(), new SyncingPhase(), new PromotingPhase(), new ShiftingPhase(), new MovingPrimaryPhase(),
        new SoakingPhase(), new DecommissioningPhase(), new RollingBackPhase(),
        new EndPhase(MigrationPhases.Completed), new EndPhase(MigrationPhases.RolledBack),
    }.ToDictionary(p => p.Name);

    /// <summary>Decides one transition at most.</summary>
    public static PhaseOutcome Next(MigrationContext context)
    {
        var current = context with { Status = Begin(context) };
        var outcome = Decide(current);
        if (Asks.NobodyServes(current.Status.Override, outcome.Status.Override) is { } nobody)
        {
            outcome = PhaseOutcome.Stalled(current.Status, MigrationReasons.NobodyWouldServe, $"WeightedDnsRecord {nobody.Name} would have no weight above 0 anywhere: nothing is asked of it; give it an endpoint in {context.Spec.From} and one in {context.Spec.To}");
        }

        return outcome with { Status = Finish(current, outcome) };
    }

    private static RegionMigrationStatus Begin(MigrationContext context)
    {
        var status = context.Status with { Step = Steps.Placed(context.Status.Step, context.Spec.TrafficSteps), Released = Releases.WithoutTheGone(context), NextWindow = null };
        return status.Phase is null ? status with { Phase = MigrationPhases.Pending, PhaseStartTime = context.Now.UtcDateTime } : status;
    }

    private static PhaseOutcome Decide(MigrationContext context)
    {
        var status = context.Status;
        if (!Phases.TryGetValue(status.Phase!, out var phase))
        {
            return PhaseOutcome.Stalled(status, MigrationReasons.UnknownPhase, $"status.phase {status.Phase} is not known to this version of the operator; it was written by a newer one");
        }

        if (context.IsBeingDeleted && status.Override is not null && Claims.Targets(context.Spec).All(t => Releases.IsReleased(status, t)))
        {
            return PhaseOutcome.Wait(status, Releases.StillFollowing(context) is { } target
                ? $"{target} to take note of its release"
                : "the finalizer to be removed: every target is released");
        }

        if (KnownValues.Unknown(context.Spec) is { } unknown)
        {
            return KeepPlace(context, unknown);
        }

        if (RollBacks.Requested(context) is { } request && status.Phase is not (MigrationPhases.RollingBack or MigrationPhases.RolledBack))
        {
            if (TurnBack(context, request) is { } turned)
            {
                return turned;
            }
        }

        if (Place.IsForgotten(context))
        {
            return PhaseOutcome.Stalled(status, MigrationReasons.StatusIsOld, OldStatus(context));
        }

        if (Holding.Reason(context) is { } held && !Holding.IsEnd(status.Phase))
        {
            return Hold(context, held);
        }

        if (context.ReplicaSet is null && !Releases.IsReleased(status, $"MongoReplicaSet/{context.Spec.ReplicaSetRef.Name}") && status.Override is not null && !Holding.IsEnd(status.Phase))
        {
            return PhaseOutcome.Stalled(status, MigrationReasons.ReplicaSetNotFound, $"MongoReplicaSet {context.Spec.ReplicaSetRef.Name} is gone; the migration stays where it is until it is back");
        }

        if (context.RecordRefs.FirstOrDefault(r => !context.Records.ContainsKey(r.Name) && !Releases.IsReleased(status, $"WeightedDnsRecord/{r.Name}")) is { } gone
            && status.Override is not null && !Holding.IsEnd(status.Phase))
        {
            return PhaseOutcome.Stalled(status, MigrationReasons.RecordNotFound, $"WeightedDnsRecord {gone.Name} is gone; the migration stays where it is until it is back");
        }

        if (status.Override?.Hold == true)
        {
            return PhaseOutcome.Ask(status with { Override = status.Override with { Hold = null } }, "the targets to go on", "No longer held", context.Now);
        }

        return Promotions.Taken(context) ?? phase.Evaluate(context);
    }

    private static string OldStatus(MigrationContext context) =>
        "the status is older than what the targets follow, so it was restored from a copy; they stay where they are. Ask for a roll-back, or clear it to go on from there: "
        + $"kubectl patch rmig {context.Migration.Metadata.Name} --subresource=status --type=merge -p '{{\"status\":null}}'";

    /// <summary>A spec that is not understood moves nothing; a stop that it, or an annotation, asks for in known words still reaches the targets.</summary>
    private static PhaseOutcome KeepPlace(MigrationContext context, string unknown)
    {
        var mayStop = !Holding.IsEnd(context.Status.Phase) && !Place.IsForgotten(context);
        var kept = mayStop && Holding.Reason(context) is { } held ? Hold(context, held) : PhaseOutcome.Wait(context.Status, unknown);
        return kept with { WaitingFor = unknown, StalledReason = RuntimeReasons.UnknownValue };
    }

    private static PhaseOutcome? TurnBack(MigrationContext context, RollBackRequest request)
    {
        var latched = context.Status with { RollBack = request };
        if (RollBacks.Impossible(latched) is { } impossible)
        {
            // Not latched: with the request taken back, what is under way ends.
            var left = Holding.IsEnd(context.Status.Phase) ? Releases.Update(context) : context.Status;
            return PhaseOutcome.Stalled(left, MigrationReasons.NoWayBack, $"{impossible}; then take the request to roll back out (annotation or spec.intent)");
        }

        // An old status does not know where things are, and a damaged one not what was asked for.
        var isLost = latched is { Origin: not null, Override: null };
        if (isLost && !Targets.AreObserved(context))
        {
            return PhaseOutcome.Wait(context.Status, "every target to be seen: a roll-back is asked for, and status.override, which says what they follow, is missing");
        }

        latched = isLost || (Place.IsForgotten(context) && Targets.AreObserved(context)) ? latched with { Override = Place.AsObserved(context) with { Revision = Place.LatchedRevision(context) } } : latched;

        // Nothing was asked of anybody yet: there is nothing to walk back.
        return latched.Origin is null
            ? PhaseOutcome.Enter(latched, MigrationPhases.RolledBack, context.Now, $"Rolled back before it began: {request.Reason}")
            : PhaseOutcome.Enter(
                latched with { Override = latched.Override! with { Hold = null } }, MigrationPhases.RollingBack, context.Now, $"Rolling back ({request.Source}): {request.Reason}");
    }

    private static PhaseOutcome Hold(MigrationContext context, string why)
    {
        var status = context.Status;
        if (status.Override is null)
        {
            return PhaseOutcome.Wait(status, why);
        }

        if (status.Override.Hold != true)
        {
            return PhaseOutcome.Ask(status with { Override = Asks.Forbid(status.Override) with { Hold = true } }, why, $"Held: {why}");
        }

        if (!context.IsBeingDeleted)
        {
            return PhaseOutcome.Wait(status, why);
        }

        // While it is deleted, the way out is Git saying what is reached, and not what it was on its way to.
        var reached = Reached.Of(context);
        return Asks.SameValues(status.Override, reached)
            ? PhaseOutcome.Wait(Releases.Update(context, target => Reached.IsKnown(context, target)), Handshake.NotSettled(context) is { } unknown ? $"{unknown}; {why}" : why)
            : PhaseOutcome.Ask(status with { Override = reached }, why, "What is reached takes the place of what was asked for: the targets stay where they are");
    }

    private static RegionMigrationStatus Finish(MigrationContext context, PhaseOutcome outcome)
    {
        var (before, after) = (context.Status, outcome.Status);
        if (after.Override is { } asked && !Asks.SameValues(before.Override, asked))
        {
            // Above what any target has latched: a target never goes back to an older revision, whatever happened to this status.
            after = after with { Override = asked with { Revision = Math.Max(before.Override?.Revision ?? 0, Place.LatchedRevision(context)) + 1 } };
        }

        if (outcome.Happened is { } happened)
        {
            var entry = new TimelineEntry { Time = context.Now.UtcDateTime, Phase = after.Phase!, Message = Clipped(happened)! };
            after = after with { Timeline = [.. (after.Timeline ?? []).Append(entry).TakeLast(TimelineLength)] };
        }

        var served = Targets.ServedPercent(context);
        after = after with { Pause = Pauses.Of(context, after) };
        return after with
        {
            IgnoredPromotion = Promotions.Ignored(context, after),
            WaitingFor = Clipped(outcome.WaitingFor),
            PrimaryRegion = context.ReplicaSet?.Status?.PrimaryRegion ?? before.PrimaryRegion,
            Traffic = context.RecordRefs.Count == 0 ? null : served is null ? before.Traffic : $"{served:0}%",
            Step = after.Step is { } step ? step with { Summary = $"{step.Index + 1}/{context.Spec.TrafficSteps.Count} ({step.Percent}%)" } : null,
        };
    }

    private static string? Clipped(string? text) => text is null ? null : OneLine.Of(text, LongestText);
}
