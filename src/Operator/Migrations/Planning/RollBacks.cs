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
    public static string? Impossible(RegionMigrationStatus status)
    {
        if (status.Override?.RetiredMembers is { Count: > 0 })
        {
            return "decommissioning has begun, the old region's members leave the set: there is no way back; once it is done, make a migration in the other direction if you need one";
        }

        return (status.Released ?? []).FirstOrDefault(t => !IsAtOrigin(status, t)) is { } released
            ? $"{released} follows its spec again (status.released), so this migration cannot move it: make a migration in the other direction"
            : null;
    }

    // A target whose override ended where the migration began needs no way back.
    private static bool IsAtOrigin(RegionMigrationStatus status, string target)
    {
        var (asked, origin) = (status.Override, status.Origin);
        return target.StartsWith("MongoReplicaSet/", StringComparison.Ordinal)
            ? asked?.PrimaryRegion == origin?.PrimaryRegion
            : asked?.Records?.FirstOrDefault(r => target == $"WeightedDnsRecord/{r.Name}") is { } record
                && origin?.Records?.FirstOrDefault(r => r.Name == record.Name) is { } began
                && Asks.SameWeights(record.Weights, began.Weights);
    }

    private static bool IsUnderWay(string? phase) => phase is MigrationPhases.Shifting or MigrationPhases.MovingPrimary or MigrationPhases.Soaking;
}
