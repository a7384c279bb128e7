using Modestano.Crds.V1Alpha1;

namespace Modestano.Operator.Migrations.Planning;

/// <summary>
/// Whether the targets have taken up what the migration asks for. A phase changes only when every target has acknowledged the revision
/// and has nothing in flight, so no two instructions are ever under way at once.
/// </summary>
public static class Handshake
{
    /// <summary>What is missing, as a sentence; null: every target has latched the revision.</summary>
    public static string? NotLatched(MigrationContext context) => First(context, (latched, what) =>
        latched.ObservedRevision < context.Status.Override!.Revision ? $"{what} has not taken up revision {context.Status.Override.Revision} yet" : null);

    /// <summary>What is missing, as a sentence; null: every target has reached what the revision asks for and has nothing in flight.</summary>
    public static string? NotSettled(MigrationContext context) => NotLatched(context) ?? First(context, (latched, what) =>
        latched.Settled ? null : $"{what} is on its way");

    /// <summary>The same for the records alone.</summary>
    public static string? RecordsNotSettled(MigrationContext context) => FirstRecord(context, (latched, what) =>
        latched.ObservedRevision < context.Status.Override!.Revision || !latched.Settled ? $"{what} is on its way" : null);

    /// <summary>The same for the replica set alone.</summary>
    public static string? ReplicaSetNotSettled(MigrationContext context) => ReplicaSet(context, (latched, what) =>
        latched.ObservedRevision < context.Status.Override!.Revision || !latched.Settled ? $"{what} is on its way" : null);

    private static string? First(MigrationContext context, Func<LatchedOverride, string, string?> missing) =>
        ReplicaSet(context, missing) ?? FirstRecord(context, missing);

    private static string? ReplicaSet(MigrationContext context, Func<LatchedOverride, string, string?> missing) =>
        Target($"MongoReplicaSet {context.Spec.ReplicaSetRef.Name}", context.ReplicaSet?.Status?.Override, context, missing);

    private static string? FirstRecord(MigrationContext context, Func<LatchedOverride, string, string?> missing) => context.RecordRefs
        .Select(r => Target($"WeightedDnsRecord {r.Name}", context.Records.GetValueOrDefault(r.Name)?.Status?.Override, context, missing))
        .FirstOrDefault(m => m is not null);

    private static string? Target(string what, LatchedOverride? latched, MigrationContext context, Func<LatchedOverride, string, string?> missing)
    {
        if (Releases.IsReleased(context.Status, what.Replace(' ', '/')))
        {
            return null;
        }

        return latched is null || latched.MigrationUid != context.Uid ? $"{what} has not taken up this migration yet" : missing(latched, what);
    }
}
