using Modestano.Operator.ReplicaSets.Planning;

namespace Modestano.Operator.ReplicaSets.Control;

/// <summary>When to look again although nobody asked: soon while something moves, seldom at rest. The driver's events come on top.</summary>
internal static class RequeuePolicy
{
    /// <summary>
    /// Nothing is wrong and nothing moves. The primary's monitor tells of a change of primary by itself; a secondary that fails changes nothing in
    /// what the primary pushes, so this is how soon it is seen.
    /// </summary>
    public static readonly TimeSpan AtRest = TimeSpan.FromSeconds(10);

    /// <summary>A person, or a member that is down, is waited for.</summary>
    public static readonly TimeSpan Patient = TimeSpan.FromSeconds(10);

    private static readonly TimeSpan AfterStep = TimeSpan.FromMilliseconds(100);
    private static readonly TimeSpan Soon = TimeSpan.FromMilliseconds(500);
    private static readonly TimeSpan Watching = TimeSpan.FromSeconds(1);

    /// <summary>The time until the next pass.</summary>
    /// <param name="decision">What was decided.</param>
    /// <param name="acted">A step was taken.</param>
    /// <param name="now">Now.</param>
    public static TimeSpan After(PlanDecision decision, bool acted, DateTimeOffset now) => decision switch
    {
        _ when acted => AfterStep,
        PlanDecision.Wait { Until: { } until } => Clamp(until - now, TimeSpan.FromMilliseconds(100), Watching),
        PlanDecision.Wait { Reason: PlanReasons.ConfigNotCommitted or PlanReasons.AutomaticReconfig or PlanReasons.NoPrimary or PlanReasons.Initializing } => Soon,
        PlanDecision.Wait { Reason: PlanReasons.MemberUnreachable or PlanReasons.NoMemberAnswers or PlanReasons.MajorityAtRisk or PlanReasons.RedundancyAtRisk } => TimeSpan.FromSeconds(5),
        PlanDecision.Wait => Watching,
        PlanDecision.Settled => AtRest,
        _ => Patient,
    };

    private static TimeSpan Clamp(TimeSpan value, TimeSpan least, TimeSpan most) => value < least ? least : value > most ? most : value;
}
