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

    private static string? Settled(LatchedOverride latched, Target target) => latched.Settled ? null
        : target.Doing is { Length: > 0 } doing ? $"{target.What}: {doing}"
        : $"{target.What} is on its way";

    private static string? First(MigrationContext context, Func<LatchedOverride, Target, string?> missing) =>
        ReplicaSet(context, missing) ?? FirstRecord(context, missing);

    private static string? ReplicaSet(MigrationContext context, Func<LatchedOverride, Target, string?> missing)
    {
        var status = context.ReplicaSet?.Status;
        return Missing(new Target($"MongoReplicaSet {context.Spec.ReplicaSetRef.Name}", Doing(status?.Conditions)), status?.Override, context, missing);
    }

    private static string? FirstRecord(MigrationContext context, Func<LatchedOverride, Target, string?> missing) => context.RecordRefs
        .Select(r =>
        {
            var status = context.Records.GetValueOrDefault(r.Name)?.Status;
            return Missing(new Target($"WeightedDnsRecord {r.Name}", Doing(status?.Conditions)), status?.Override, context, missing);
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

    // What the target itself says that it waits for or does.
    private static string? Doing(IReadOnlyList<Condition>? conditions) => conditions?.FirstOrDefault(c => c.Type == ConditionTypes.Ready && c.Status != "True")?.Message;

    private sealed record Target(string What, string? Doing);
}
