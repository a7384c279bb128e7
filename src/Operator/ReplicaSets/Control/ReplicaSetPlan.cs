using Modestano.Crds.V1Alpha1;
using Modestano.Operator.Overrides;
using Modestano.Operator.ReplicaSets.Decision;
using Modestano.Operator.ReplicaSets.Observation;
using Modestano.Operator.ReplicaSets.Planning;
using Modestano.Operator.ReplicaSets.Topology;

namespace Modestano.Operator.ReplicaSets.Control;

/// <summary>What a pass makes of what it saw, before anything is done. Pure.</summary>
internal sealed record ReplicaSetPlan
{
    /// <summary>The effective topology: the spec, and what a migration asks for.</summary>
    public required DesiredTopology Desired { get; init; }

    /// <summary>The limits.</summary>
    public required PlanningPolicy Policy { get; init; }

    /// <summary>The past, with what the approval acknowledges.</summary>
    public required PlanningHistory History { get; init; }

    /// <summary>Every step to come.</summary>
    public required PlanPreview Preview { get; init; }

    /// <summary>The approval in use; null: none.</summary>
    public required ApprovedPlan? Approved { get; init; }

    /// <summary>The one thing to do now.</summary>
    public required PlanDecision Decision { get; init; }

    /// <summary>Who holds the set, and why; null: nobody.</summary>
    public required string? HeldBecause { get; init; }

    /// <summary>Whether a step may be taken at all.</summary>
    public required bool MayAct { get; init; }

    /// <summary>The step to take now; null: none.</summary>
    public Step? Due => MayAct && HeldBecause is null ? (Decision as PlanDecision.Act)?.Step : null;

    /// <summary>Plans.</summary>
    /// <param name="entity">The object.</param>
    /// <param name="observed">What was seen of its set.</param>
    /// <param name="overriding">What a migration asks for.</param>
    /// <param name="history">The past.</param>
    /// <param name="ownership">Who this object is, and whom it may follow.</param>
    /// <param name="bytesPerSecond">What an initial sync was last seen to copy a second; null: not measured yet.</param>
    public static ReplicaSetPlan Of(
        MongoReplicaSet entity, ObservedReplicaSet observed, OverrideDecision overriding, PlanningHistory history, OwnIdentity ownership, double? bytesPerSecond)
    {
        var how = entity.Spec.Reconfiguration;
        var desired = DesiredTopology.From(entity.Spec, ownership.Owner, overriding.Latch).SpelledAs(observed.Config);
        var policy = Policies.From(entity.Spec, bytesPerSecond, observed.Config) with { MayFollow = ownership.MayFollow };
        var preview = how.Mode == "Observe" ? PlanPreview.Nothing : PlanPreview.Of(new(observed, desired, policy, history), Identity(entity, overriding));
        var approved = Approvals.Fold(how.ApprovedPlanHash, entity.Status?.ApprovedPlan, preview, observed.At);
        var isApproved = approved is { State: Approvals.Running };
        var past = (isApproved ? history.Acknowledged() : history) with { PlanApproved = isApproved };
        return new ReplicaSetPlan
        {
            Desired = desired,
            Policy = policy,
            History = past,
            Preview = Approvals.Named(preview, approved),
            Approved = approved,
            Decision = Planner.Next(new(observed, desired, policy, past)),
            HeldBecause = HoldReason.Of(entity, overriding, observed),
            MayAct = how.Mode == "Apply",
        };
    }

    private static PlanIdentity Identity(MongoReplicaSet entity, OverrideDecision overriding) =>
        new(
            entity.Metadata.Uid ?? "",
            Approvals.SpecRevision(entity.Spec),
            overriding.Latch?.ObservedRevision,
            entity.Status?.ApprovedPlan is { State: not Approvals.Running } spent ? spent.Hash : null);
}
