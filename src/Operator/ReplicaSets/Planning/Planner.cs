using Modestano.Operator.ReplicaSets.Observation;
using Modestano.Operator.ReplicaSets.Topology;

namespace Modestano.Operator.ReplicaSets.Planning;

/// <summary>Decides the next step of a replica set. Pure: the same arguments give the same decision.</summary>
public static class Planner
{
    /// <summary>The one thing to do now.</summary>
    /// <param name="observed">What this pass saw, with SteadySince filled in by a <see cref="StabilityTracker"/>.</param>
    /// <param name="desired">The effective topology.</param>
    /// <param name="policy">The limits.</param>
    /// <param name="history">The past.</param>
    public static PlanDecision Next(ObservedReplicaSet observed, DesiredTopology desired, PlanningPolicy policy, PlanningHistory history) =>
        new PlanDecision.Wait(PlanReasons.NoMemberAnswers, $"no member of {desired.SetName} has answered yet");
}
