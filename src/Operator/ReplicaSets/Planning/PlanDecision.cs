namespace Modestano.Operator.ReplicaSets.Planning;

/// <summary>What is to be done now: exactly one of the nested cases.</summary>
public abstract record PlanDecision
{
    private PlanDecision()
    {
    }

    /// <summary>Take this step.</summary>
    /// <param name="Step">The step; every rule R1 to R12 has been asserted on it.</param>
    public sealed record Act(Step Step) : PlanDecision;

    /// <summary>Nothing can be done before something changes by itself.</summary>
    /// <param name="Reason">One of <see cref="PlanReasons"/>.</param>
    /// <param name="Message">What is waited for: names members and limits, carries no figure that changes by itself.</param>
    /// <param name="Until">When to look again at the latest; null: when something is observed.</param>
    public sealed record Wait(string Reason, string Message, DateTimeOffset? Until = null) : PlanDecision;

    /// <summary>What is wanted is there.</summary>
    public sealed record Settled : PlanDecision;

    /// <summary>Nothing goes on until a person changes something.</summary>
    /// <param name="Reason">One of <see cref="PlanReasons"/>, or a rule's name as <c>R4GentlePrimary</c>.</param>
    /// <param name="Message">What to do.</param>
    public sealed record Stalled(string Reason, string Message) : PlanDecision;

    /// <summary>A plan waits for a person.</summary>
    /// <param name="Reason">One of <see cref="PlanReasons"/>.</param>
    /// <param name="Message">Why this plan needs approval and how it is given.</param>
    public sealed record AwaitingApproval(string Reason, string Message) : PlanDecision;
}
