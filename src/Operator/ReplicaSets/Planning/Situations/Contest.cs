namespace Modestano.Operator.ReplicaSets.Planning.Situations;

/// <summary>R11: who undoes our changes twice in ten minutes means it. The operator stops writing instead of fighting.</summary>
internal static class Contest
{
    /// <summary>Stalled when contested; null: not.</summary>
    public static PlanDecision? Decide(PlanInput input) => IsOn(input.Policy, input.History)
        ? new PlanDecision.Stalled(
            PlanReasons.Contested,
            "somebody undid this operator's changes twice within ten minutes: find out who else manages this set (another operator, a cron job, a person), stop it, or change the spec to what is there; an edit of the spec goes on")
        : null;

    /// <summary>Whether somebody undid our changes twice, and nobody has acknowledged it since.</summary>
    public static bool IsOn(PlanningPolicy policy, PlanningHistory history)
    {
        var undone = history.ForeignChanges.Where(c => c is { UndidOurs: true, Acknowledged: false }).Select(c => c.At).Order().ToList();
        return undone.Zip(undone.Skip(1)).Any(pair => pair.Second - pair.First <= policy.ContestWindow);
    }
}
