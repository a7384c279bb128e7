using Modestano.Operator.ReplicaSets.Observation;

namespace Modestano.Operator.ReplicaSets.Planning.Changes;

/// <summary>What a planned configuration would do to write concerns, found out before the server refuses it.</summary>
internal static class WriteConcerns
{
    /// <summary>What stands against the configuration, or the step that must come first; null: nothing.</summary>
    public static PlanDecision? Guard(PlanContext context, ReplicaSetConfig proposed)
    {
        if (WriteConcernModes.Unsatisfiable(proposed) is { } unsatisfiable)
        {
            return new PlanDecision.Stalled(PlanReasons.WriteConcernUnsatisfiable, $"{unsatisfiable}: change settings.getLastErrorModes, or add members that carry the tag, first");
        }

        if (ImplicitDefault.Change(context.Observed, context.Primary.Host, context.Config, proposed) is not { } change)
        {
            return null;
        }

        if (context.Observed.DefaultWriteConcern is null)
        {
            return new PlanDecision.Wait(
                PlanReasons.DefaultWriteConcernUnknown,
                $"the next reconfig would change the implicit default write concern from w: {change.From} to w: {change.To}, and {context.Primary.Host} did not answer whether an explicit one is set (getDefaultRWConcern): check the roles of the operator's user there");
        }

        return (PlanDecision?)MakeExplicit(context) ?? new PlanDecision.Stalled(
            PlanReasons.ImplicitWriteConcernWouldChange,
            $"the next reconfig would change the implicit default write concern from w: {change.From} to w: {change.To}, which MongoDB refuses: set spec.defaultWriteConcern (it cannot be unset later)");
    }

    /// <summary>While all is well: the spec's default is made explicit before a region is lost whose loss could not be recovered from without it; null: nothing to do.</summary>
    public static PlanDecision? BeforeALoss(PlanContext context) =>
        context.Observed.DefaultWriteConcern is not null && LossRehearsal.RegionsAtRisk(context.Observed, context.RegionOf).Count > 0 ? MakeExplicit(context) : null;

    private static PlanDecision.Act? MakeExplicit(PlanContext context) => context.Desired.DefaultWriteConcern is { } wanted
        ? new PlanDecision.Act(new SetDefaultWriteConcern { Summary = $"make the default write concern explicit: w: {wanted.W}", W = wanted.W, WtimeoutMillis = wanted.WtimeoutMillis })
        : null;
}
