using Modestano.Operator.ReplicaSets.Planning;
using Modestano.Operator.ReplicaSets.Planning.Changes;
using Modestano.Operator.ReplicaSets.Planning.Situations;
using Modestano.Operator.ReplicaSets.Rules;

namespace Modestano.Operator.ReplicaSets.Decision;

/// <summary>Decides the next step of a replica set. Pure: the same input gives the same decision.</summary>
public static class Planner
{
    /// <summary>Who is asked, in this order: the first that has something to say decides.</summary>
    private static readonly IReadOnlyList<Func<PlanInput, PlanDecision?>> Chain =
    [
        InvalidTopology,
        SituationGuards.NotSupported,
        SituationGuards.WrongSet,
        Bootstrap.Decide,
        ChangeOfOwner.Refuse,
        Recovery.Decide,
        SituationGuards.NoFirmGround,
        Contest.Decide,
        Change,
    ];

    /// <summary>The one thing to do now. No step leaves the planner that was refused a moment ago, or that breaks a rule.</summary>
    /// <param name="input">What it is made of.</param>
    public static PlanDecision Next(PlanInput input)
    {
        var decision = Chain.Select(ask => ask(input)).First(d => d is not null)!;
        return RuleBook.Assert(Refusals.Guard(decision, input), input);
    }

    private static PlanDecision.Stalled? InvalidTopology(PlanInput input) =>
        input.Rest.Problem is { } problem ? new PlanDecision.Stalled(PlanReasons.InvalidTopology, problem) : null;

    /// <summary>From here on the set has one primary and a committed configuration.</summary>
    private static PlanDecision Change(PlanInput input)
    {
        var context = new PlanContext(input);
        return Ownership.Guard(TwoNames.Decide(context) ?? Unanswered.Guard(new TopologyChange(context).Decide(), context), input);
    }
}
