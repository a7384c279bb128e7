using Modestano.Crds.V1Alpha1;

namespace Modestano.Operator.Migrations.Planning;

/// <summary>
/// Whether the targets have taken up what the migration asks for. A phase changes only when every target has acknowledged the revision
/// and has nothing in flight, so no two instructions are ever under way at once.
/// </summary>
public static class Handshake
{
    /// <summary>What is missing, as a sentence; null: every target has latched the revision.</summary>
    public static string? NotLatched(MigrationContext context) => First(context, (latched, target) =>
        latched.ObservedRevision < context.Status.Override!.Revision ? $"{target.What} has not taken up revision {context.Status.Override.Revision} yet" : null);

    /// <summary>What is missing, as a sentence; null: every target has reached what the revision asks for and has nothing in flight.</summary>
    public static string? NotSettled(MigrationContext context) => NotLatched(context) ?? First(context, Settled);

    /// <summary>The same for the records alone.</summary>
    public static string? RecordsNotSettled(MigrationContext context) => FirstRecord(context, Reached(context));

    /// <summary>The same for the replica set alone.</summary>
    public static string? ReplicaSetNotSettled(MigrationContext context) => ReplicaSet(context, Reached(context));

    private static Func<LatchedOverride, Target, string?> Reached(MigrationContext context) => (latched, target) =>
        latched.ObservedRevision < context.Status.Override!.Revision ? $"{target.What} to take up revision {context.Status.Override.Revision}" : Settled(latched, target);

    private static string? Settled(LatchedOverride latched, Target target) => latched.Settled ? target.Otherwise
        : target.Says is { } says ? $"{target.What}: {says}"
        : $"{target.What} is on its way";

    private static string? First(MigrationContext context, Func<LatchedOverride, Target, string?> missing) =>
        ReplicaSet(context, missing) ?? FirstRecord(context, missing);

    private static string? ReplicaSet(MigrationContext context, Func<LatchedOverride, Target, string?> missing)
    {
        var status = context.ReplicaSet?.Status;
        return Missing(new Target($"MongoReplicaSet {context.Spec.ReplicaSetRef.Name}", Targets.Says(status?.Conditions), null), status?.Override, context, missing);
    }

    private static string? FirstRecord(MigrationContext context, Func<LatchedOverride, Target, string?> missing) => context.RecordRefs
        .Select(r =>
        {
            var record = context.Records.GetValueOrDefault(r.Name);
            return Missing(new Target($"WeightedDnsRecord {r.Name}", Targets.Says(record?.Status?.Conditions), ServesOtherwise(context, record)), record?.Status?.Override, context, missing);
        })
        .FirstOrDefault(m => m is not null);

    private static string? Missing(Target target, LatchedOverride? latched, MigrationContext context, Func<LatchedOverride, Target, string?> missing)
    {
        if (Releases.IsReleased(context.Status, target.What.Replace(' ', '/')))
        {
            return null;
        }

        return latched is null || latched.MigrationUid != context.Uid ? $"{target.What} has not taken up this migration yet" : missing(latched, target);
    }

    // A record may say that it has arrived and serve something else: then the place is not what the step says.
    private static string? ServesOtherwise(MigrationContext context, WeightedDnsRecord? record)
    {
        if (record is null || context.Status.Override?.Hold == true || SteeredEndpoints.Asked(context.Status, record.Metadata.Name) is not { } asked || Targets.Served(record) is not { } served)
        {
            return null;
        }

        return asked.Weights.All(w => served.GetValueOrDefault(w.Key) == w.Value)
            ? null
            : $"WeightedDnsRecord {record.Metadata.Name} to serve {Words(asked.Weights)}, as it is asked to; it serves {Words(served)}";
    }

    private static string Words(IReadOnlyDictionary<string, int> weights) =>
        string.Join(' ', weights.OrderBy(w => w.Key, StringComparer.Ordinal).Select(w => $"{w.Key}:{w.Value}"));

    private sealed record Target(string What, string? Says, string? Otherwise);
}
