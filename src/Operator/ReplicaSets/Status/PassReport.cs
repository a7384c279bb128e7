using Modestano.Crds.V1Alpha1;
using Modestano.Operator.Overrides;
using Modestano.Operator.ReplicaSets.Decision;
using Modestano.Operator.ReplicaSets.Observation;
using Modestano.Operator.ReplicaSets.Planning;
using Modestano.Operator.ReplicaSets.Topology;

namespace Modestano.Operator.ReplicaSets.Status;

/// <summary>Everything that a pass learnt and did: what status is made of.</summary>
public sealed record PassReport
{
    /// <summary>The object as the pass began.</summary>
    public required MongoReplicaSet Entity { get; init; }

    /// <summary>When the pass ended.</summary>
    public required DateTimeOffset At { get; init; }

    /// <summary>What was seen; null: nothing could be.</summary>
    public ObservedReplicaSet? Observed { get; init; }

    /// <summary>The effective topology; null: not known.</summary>
    public DesiredTopology? Desired { get; init; }

    /// <summary>The limits that were planned with; null: nothing was planned.</summary>
    public PlanningPolicy? Policy { get; init; }

    /// <summary>Somebody else's change that is held; null: none.</summary>
    public HeldChange? HeldChange { get; init; }

    /// <summary>The use of spec.recovery; null: none.</summary>
    public UsedRecovery? Recovery { get; init; }

    /// <summary>The planner's decision; null: the pass did not come that far.</summary>
    public PlanDecision? Decision { get; init; }

    /// <summary>The plan.</summary>
    public PlanPreview Preview { get; init; } = PlanPreview.Nothing;

    /// <summary>Which override is in force.</summary>
    public OverrideDecision? Override { get; init; }

    /// <summary>The override with its acknowledgement; null: none.</summary>
    public LatchedOverride? Latch { get; init; }

    /// <summary>Why nothing could be planned: a Secret, the API server, another owner.</summary>
    public Problem? Problem { get; init; }

    /// <summary>Who holds the object and why; null: nobody.</summary>
    public string? HeldBecause { get; init; }

    /// <summary>The latest effect.</summary>
    public LastAction? LastAction { get; init; }

    /// <summary>The latest hand-off, now with its whole gap; null: nothing new is known of it.</summary>
    public LastAction? MeasuredHandOff { get; init; }

    /// <summary>The approval in use.</summary>
    public ApprovedPlan? ApprovedPlan { get; init; }
}

/// <summary>Why nothing could be planned.</summary>
/// <param name="Reason">A constant.</param>
/// <param name="Message">What to do.</param>
public sealed record Problem(string Reason, string Message);
