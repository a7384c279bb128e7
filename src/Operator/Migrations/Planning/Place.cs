using Modestano.Crds.V1Alpha1;

namespace Modestano.Operator.Migrations.Planning;

/// <summary>
/// Where a migration is, by what its targets show and not by what its status remembers: for one that begins, and for one whose status was
/// lost or restored from an older copy. Asking for what is there already moves nothing.
/// </summary>
public static class Place
{
    /// <summary>An override that leaves everything where it is. The primary's region and every record's weights must have been observed.</summary>
    public static MigrationOverride AsObserved(MigrationContext context) => new()
    {
        PrimaryRegion = context.ReplicaSet!.Status!.PrimaryRegion,
        Records = [.. context.RecordRefs.Select(r => new RecordOverride
        {
            Name = r.Name,
            Weights = Targets.Served(context.Records[r.Name])!,
            Regions = SteeredEndpoints.Regions(SteeredEndpoints.Of(context.Records[r.Name], SteeredEndpoints.Asked(context.Status, r.Name))),
        })],
        RetiredMembers = Retired(context.ReplicaSet),
    };

    /// <summary>The highest revision of this migration that a target has latched; 0: none.</summary>
    public static long LatchedRevision(MigrationContext context) =>
        context.ExistingRecords.Select(r => r.Status?.Override).Append(context.ReplicaSet?.Status?.Override)
            .Where(latched => latched?.MigrationUid == context.Uid)
            .Max(latched => latched?.ObservedRevision) ?? 0;

    /// <summary>Whether a target follows a revision that the status does not know of: the status is an older copy.</summary>
    public static bool IsForgotten(MigrationContext context) =>
        context.Status.Override is { } asked && LatchedRevision(context) > asked.Revision;

    // Members that an earlier life of the migration sent away are still in the spec: without this they would be added again.
    private static List<string>? Retired(MongoReplicaSet replicaSet) =>
        replicaSet.Status?.Override?.RetiredMembers?.Where(h => replicaSet.Spec.Regions.Any(r => r.Members.Any(m => m.Host == h))).ToList() is { Count: > 0 } hosts ? hosts : null;
}
