using Modestano.Crds.V1Alpha1;
using Modestano.Operator.Migrations.Gates;

namespace Modestano.Operator.Migrations.Planning;

/// <summary>A wish to go back. It is latched: re-applying the Git version of the migration does not undo it.</summary>
public static class RollBacks
{
    /// <summary>The request as latched or as made now; null: nobody wants to go back.</summary>
    public static RollBackRequest? Requested(MigrationContext context)
    {
        if (context.Status.RollBack is { } latched)
        {
            return latched;
        }

        RollBackRequest Request(string reason, string source) =>
            new() { Reason = reason, Source = source, Time = context.Now.UtcDateTime, FromPhase = context.Status.Phase };

        if (context.Annotation(Annotations.RollBack) is { } why)
        {
            return Request(why, "Annotation");
        }

        if (context.Spec.Intent == "RollBack")
        {
            return Request("spec.intent is RollBack", "Intent");
        }

        if (context.IsBeingDeleted && context.Spec.OnDelete == "RollBack" && context.Status.Override is not null && !Holding.IsEnd(context.Status.Phase))
        {
            return Request("the migration was deleted and spec.onDelete is RollBack", "Deletion");
        }

        return context.Spec.OnGateFailure == "RollBack" && IsUnderWay(context.Status.Phase) && GateVerdict.AnyFailing(context.Gates)
            ? Request(GateVerdict.FirstNotPassing(context.Gates)!, "GateFailure")
            : null;
    }

    /// <summary>Why there is no way back; null: there is one (M1).</summary>
    public static string? Impossible(RegionMigrationStatus status) =>
        status.Override?.RetiredMembers is { Count: > 0 } ? "decommissioning has begun: the old region's members leave the set, there is no way back" : null;

    private static bool IsUnderWay(string? phase) => phase is MigrationPhases.Shifting or MigrationPhases.MovingPrimary or MigrationPhases.Soaking;
}
