using Modestano.Crds.V1Alpha1;
using Modestano.Operator.ReplicaSets.Planning;

namespace Modestano.Operator.ReplicaSets.Control;

/// <summary>A pass with what it did.</summary>
/// <param name="Pass">The pass; its object as stored last.</param>
/// <param name="Done">The step; null: none was due.</param>
internal sealed record PassOutcome(SetPass Pass, (LastAction Action, PastStep Step)? Done)
{
    /// <summary>The step was a forced reconfig.</summary>
    public bool WasForced { get; init; }

    /// <summary>When to look again.</summary>
    public Pause PauseAfter(PlanDecision decision, DateTimeOffset now) =>
        new(Pass.Memory.IsAtRest, Done is not null, RequeuePolicy.After(decision, Done is not null, now), (decision as PlanDecision.Wait)?.Until);
}
