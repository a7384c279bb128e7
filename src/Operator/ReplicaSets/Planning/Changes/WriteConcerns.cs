using System.Globalization;
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

        // 5.0 and later refuse a reconfig that changes the implicit default (manual: replSetReconfig); earlier ones have none.
        var version = context.Observed.Member(context.Primary.Host).Version;
        if (context.Observed.DefaultWriteConcern is not { IsExplicit: false } || !IsFiveOrLater(version))
        {
            return null;
        }

        var (now, then) = (WriteConcernModes.ImplicitDefault(context.Config), WriteConcernModes.ImplicitDefault(proposed));
        if (now == then)
        {
            return null;
        }

        return context.Desired.DefaultWriteConcern is { } wanted
            ? new PlanDecision.Act(new SetDefaultWriteConcern { Summary = $"make the default write concern explicit: w: {wanted.W}", W = wanted.W, WtimeoutMillis = wanted.WtimeoutMillis })
            : new PlanDecision.Stalled(
                PlanReasons.ImplicitWriteConcernWouldChange,
                $"the next reconfig would change the implicit default write concern from w: {now} to w: {then}, which MongoDB refuses: set spec.defaultWriteConcern (it cannot be unset later)");
    }

    private static bool IsFiveOrLater(string? version) =>
        version?.Split('.') is [var major, ..] && int.TryParse(major, NumberStyles.None, CultureInfo.InvariantCulture, out var m) && m >= 5;
}
