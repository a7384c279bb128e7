using Modestano.Crds.V1Alpha1;

namespace Modestano.Operator.Migrations.Planning;

/// <summary>A wish to go back. It is latched: re-applying the Git version of the migration does not undo it.</summary>
public static class RollBacks
{
    /// <summary>The source of a roll-back that the spec asks for: what the spec says stops it again.</summary>
    public const string IntentSource = "Intent";

    /// <summary>The request as latched or as made now; null: nobody wants to go back.</summary>
    public static RollBackRequest? Requested(MigrationContext context) =>
        AskedFor(context) ?? (context.Spec.OnGateFailure == "RollBack" && IsUnderWay(context.Status.Phase) && Holding.Reason(context) is null && GateVerdict.AnyFailing(context.Gates)
            ? Request(context, GateVerdict.FirstNotPassing(context.Gates)!, "GateFailure")
            : null);

    /// <summary>The same without the gates: what a person asked for is decided before anybody else is asked.</summary>
    public static RollBackRequest? AskedFor(MigrationContext context)
    {
        if (context.Status.RollBack is { } latched)
        {
            return latched;
        }

        if (context.Annotation(Annotations.RollBack) is { } why)
        {
            return Request(context, why, "Annotation");
        }

        if (context.Spec.Intent == "RollBack")
        {
            return Request(context, "spec.intent is RollBack", IntentSource);
        }

        return context.IsBeingDeleted && context.Spec.OnDelete == "RollBack" && context.Status.Override is not null && !Holding.IsEnd(context.Status.Phase) && Impossible(context.Status) is null
            ? Request(context, "the migration was deleted and spec.onDelete is RollBack", "Deletion")
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

    private static RollBackRequest Request(MigrationContext context, string reason, string source) =>
        new() { Reason = reason, Source = source, Time = context.Now.UtcDateTime, FromPhase = context.Status.Phase };

    private static bool IsUnderWay(string? phase) => phase is MigrationPhases.Shifting or MigrationPhases.MovingPrimary or MigrationPhases.Soaking;
}
