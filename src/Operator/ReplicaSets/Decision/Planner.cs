using Modestano.Operator.ReplicaSets.Observation;
using Modestano.Operator.ReplicaSets.Planning;
using Modestano.Operator.ReplicaSets.Planning.Changes;
using Modestano.Operator.ReplicaSets.Planning.Situations;
using Modestano.Operator.ReplicaSets.Rules;
using Modestano.Operator.ReplicaSets.Topology;

namespace Modestano.Operator.ReplicaSets.Decision;

/// <summary>Decides the next step of a replica set. Pure: the same arguments give the same decision.</summary>
public static class Planner
{
    /// <summary>The one thing to do now.</summary>
    /// <param name="observed">What this pass saw, with SteadySince filled in by a <see cref="StabilityTracker"/>.</param>
    /// <param name="desired">The effective topology.</param>
    /// <param name="policy">The limits.</param>
    /// <param name="history">The past.</param>
    public static PlanDecision Next(ObservedReplicaSet observed, DesiredTopology desired, PlanningPolicy policy, PlanningHistory history)
    {
        var rest = RestPlan.For(desired, observed.Config);
        if (rest.Problem is { } problem)
        {
            return new PlanDecision.Stalled(PlanReasons.InvalidTopology, problem);
        }

        if (SituationGuards.NotSupported(observed, desired) is { } notSupported)
        {
            return notSupported;
        }

        if (SituationGuards.WrongSet(observed, desired, history) is { } wrongSet)
        {
            return wrongSet;
        }

        if (observed.Config is null)
        {
            return Checked(Bootstrap.Decide(observed, desired, rest, history));
        }

        if (ChangeOfOwner.Refuse(observed.Config, desired, policy) is { } foreign)
        {
            return foreign;
        }

        if (observed.Primary is null && policy.Recovery is { } permit && Recovery.Concerns(observed, permit, history))
        {
            return Checked(Recovery.Decide(observed, rest, permit, history));
        }

        return SituationGuards.NoFirmGround(observed)
            ?? Contest.Decide(policy, history)
            ?? Checked(Ownership.Guard(Decide(new PlanContext(observed, desired, rest, policy, history)), observed, desired, policy, history));

        static PlanDecision Decide(PlanContext context) => TwoNames.Decide(context) ?? Unanswered.Guard(new TopologyChange(context).Decide(), context);

        // No step leaves the planner that breaks a rule.
        PlanDecision Checked(PlanDecision decision) => RuleBook.Assert(Refusals.Guard(decision, observed, history), observed, desired, rest, policy, history);
    }
}
