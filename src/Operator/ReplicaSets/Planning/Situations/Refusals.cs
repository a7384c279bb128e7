namespace Modestano.Operator.ReplicaSets.Planning.Situations;

/// <summary>
/// A step that the server refused is not sent again at once. What passes by itself is waited for; what the server does not like for good is
/// told to a person and tried again ever more seldom, as long as the configuration is the one that it was computed from (R7). A refusal belongs
/// to the step that was refused: a corrected spec asks for another one, which is sent at once.
/// </summary>
internal static class Refusals
{
    private static readonly TimeSpan Short = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan Quorum = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan Long = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan Longest = TimeSpan.FromMinutes(15);

    /// <summary>The decision; or a pause, where its step was refused a moment ago.</summary>
    public static PlanDecision Guard(PlanDecision decision, PlanInput input)
    {
        // A step-down has a pause of its own: it counts the ones that were not refused too.
        if (decision is not PlanDecision.Act(var step) || step is StepDown)
        {
            return decision;
        }

        var refused = input.History.Steps.Reverse().Where(s => IsSameAttempt(s.Step, step)).TakeWhile(s => s.Refusal is not null).ToList();
        if (refused is not [{ Refusal: { } refusal } last, ..] || last.At + Pause(refusal.Kind, refused.Count) is var until && until <= input.Observed.At)
        {
            return decision;
        }

        return refusal.Kind switch
        {
            RefusalKind.ReconfigRunning => new PlanDecision.Wait(PlanReasons.AutomaticReconfig, $"another reconfig runs on the primary, the server's own or somebody else's ({refusal.Words})", until),
            RefusalKind.NotCommitted => new PlanDecision.Wait(PlanReasons.ConfigNotCommitted, $"the configuration in force is not on a majority of the voters yet ({refusal.Words})", until),
            RefusalKind.NotPrimary => new PlanDecision.Wait(PlanReasons.NoPrimary, $"the member that was the primary says that it is no more: observing again ({refusal.Words})", until),
            RefusalKind.NoQuorum => new PlanDecision.Wait(PlanReasons.MajorityAtRisk, $"the primary does not reach enough voters of the next configuration, which the operator may still reach: check the network between the members ({refusal.Words})", until),
            RefusalKind.ImplicitWriteConcern => new PlanDecision.Stalled(PlanReasons.ImplicitWriteConcernWouldChange, $"MongoDB refuses a configuration that changes the implicit default write concern: set spec.defaultWriteConcern, which cannot be unset later ({refusal.Words})"),
            RefusalKind.NotElectable => new PlanDecision.Stalled(PlanReasons.RefusedByServer, $"MongoDB refused \"{step.Summary}\", as the primary would not be electable in that configuration: look at its priority and at what it replicates with ({refusal.Words})"),
            RefusalKind.NotAuthorized => new PlanDecision.Stalled(PlanReasons.NotAuthorized, $"the operator's user may not do this: grant it the roles of docs/replica-sets.md ({refusal.Words})"),
            _ => new PlanDecision.Stalled(PlanReasons.RefusedByServer, $"MongoDB refused \"{step.Summary}\": change what it does not take; it is tried again now and then ({refusal.Words})"),
        };
    }

    private static bool IsSameAttempt(Step one, Step other) => StepText.Of(one) == StepText.Of(other) && (one, other) switch
    {
        (Reconfig a, Reconfig b) => (a.BaseVersion, a.BaseTerm) == (b.BaseVersion, b.BaseTerm),
        _ => true,
    };

    private static TimeSpan Pause(RefusalKind kind, int times) => kind switch
    {
        RefusalKind.ReconfigRunning or RefusalKind.NotCommitted or RefusalKind.NotPrimary => Short,
        RefusalKind.NoQuorum => Doubled(Quorum, times),
        _ => Doubled(Long, times),
    };

    private static TimeSpan Doubled(TimeSpan first, int times) => TimeSpan.FromTicks(Math.Min(Longest.Ticks, first.Ticks << Math.Min(10, times - 1)));
}
