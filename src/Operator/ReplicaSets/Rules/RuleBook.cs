using Modestano.Operator.ReplicaSets.Observation;
using Modestano.Operator.ReplicaSets.Planning;
using Modestano.Operator.ReplicaSets.Planning.Changes;

namespace Modestano.Operator.ReplicaSets.Rules;

/// <summary>The rules R1 to R12, asserted on every step before it leaves the planner. A step that would break one is never taken.</summary>
public static class RuleBook
{
    /// <summary>All rules, in order.</summary>
    public static IReadOnlyList<IReplicaSetRule> All { get; } =
    [
        new R1Majority(),
        new R2OneVote(),
        new R3LateVote(),
        new R4GentlePrimary(),
        new R5Limits(),
        new R6NoForce(),
        new R7Fresh(),
        new R8RightSet(),
        new R9Redundancy(),
        new R10OneLeader(),
        new R11OneOwner(),
        new R12VotesFollowThePrimary(),
    ];

    /// <summary>The rules that a step would break, each as <c>name: words</c>.</summary>
    public static IReadOnlyList<(string Name, string Words)> Violations(Step step, PlanInput input)
    {
        var current = input.Observed.Config ?? new ReplicaSetConfig { SetName = input.Desired.SetName, Version = 0, Term = 0, Members = [] };
        var next = step switch
        {
            Reconfig reconfig => ConfigChanges.Apply(current, reconfig),
            Initiate initiate => current with { Version = 1, Members = [initiate.Member] },
            _ => current,
        };
        var proposed = new ProposedStep(step, input, current, next);
        return [.. All.Select(rule => (rule.Name, Words: rule.Check(proposed))).Where(v => v.Words is not null).Select(v => (v.Name, v.Words!))];
    }

    /// <summary>The decision, or <see cref="PlanDecision.Stalled"/> under the rule's name where its step breaks one.</summary>
    internal static PlanDecision Assert(PlanDecision decision, PlanInput input) =>
        decision is PlanDecision.Act(var step) && Violations(step, input) is [var (name, words), ..]
            ? new PlanDecision.Stalled(name, $"the planned step ({step.Summary}) is not taken, as it would break {name}: {words}. This is a defect of the operator: please report it with this object's status")
            : decision;
}
