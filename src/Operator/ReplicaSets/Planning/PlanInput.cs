using Modestano.Operator.ReplicaSets.Observation;
using Modestano.Operator.ReplicaSets.Topology;

namespace Modestano.Operator.ReplicaSets.Planning;

/// <summary>All that a decision is made of. Planner, guards and rules read it; nobody else adds to it.</summary>
/// <param name="observed">What this pass saw, with SteadySince filled in by a <see cref="StabilityTracker"/>.</param>
/// <param name="desired">The effective topology.</param>
/// <param name="policy">The limits.</param>
/// <param name="history">The past.</param>
public sealed class PlanInput(ObservedReplicaSet observed, DesiredTopology desired, PlanningPolicy policy, PlanningHistory history)
{
    /// <summary>What was seen.</summary>
    public ObservedReplicaSet Observed => observed;

    /// <summary>What is wanted.</summary>
    public DesiredTopology Desired => desired;

    /// <summary>What is wanted, with votes and priorities derived.</summary>
    public RestPlan Rest { get; } = RestPlan.For(desired, observed.Config);

    /// <summary>The limits.</summary>
    public PlanningPolicy Policy => policy;

    /// <summary>The past.</summary>
    public PlanningHistory History => history;
}
