using Modestano.Crds.V1Alpha1;
using Modestano.Operator.Runtime;

namespace Modestano.Operator.Overrides;

/// <summary>
/// Reads from the API server, never from the cache alone, what migrations ask a target for. Called at the start of a pass and again
/// immediately before its effect.
/// </summary>
public sealed class OverrideReader(IEntityCache<RegionMigration> cache, IEntityClient<RegionMigration> client)
{
    /// <summary>The override in force for a replica set.</summary>
    public Task<OverrideDecision> ReadAsync(MongoReplicaSet target, LatchedOverride? latched, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(target);
        var name = target.Metadata.Name;
        return DecideAsync(
            target.Metadata.NamespaceProperty,
            latched,
            m => m.Spec.ReplicaSetRef.Name == name,
            m => MigrationClaim.OnReplicaSet(m, name),
            OverriddenSpec.Of(target.Spec),
            cancellationToken);
    }

    /// <summary>The override in force for a record.</summary>
    public Task<OverrideDecision> ReadAsync(WeightedDnsRecord target, LatchedOverride? latched, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(target);
        var name = target.Metadata.Name;
        return DecideAsync(
            target.Metadata.NamespaceProperty,
            latched,
            m => m.Spec.DnsRecordRefs?.Any(r => r.Name == name) == true,
            m => MigrationClaim.OnRecord(m, name),
            OverriddenSpec.Of(target),
            cancellationToken);
    }

    private async Task<OverrideDecision> DecideAsync(
        string targetNamespace,
        LatchedOverride? latched,
        Func<RegionMigration, bool> names,
        Func<RegionMigration, MigrationClaim?> claimOf,
        OverriddenSpec spec,
        CancellationToken cancellationToken)
    {
        var candidates = cache.List()
            .Where(m => m.Metadata.NamespaceProperty == targetNamespace && names(m))
            .Select(ObjectKey.Of)
            .ToHashSet();
        if (latched is not null)
        {
            candidates.Add(new ObjectKey(targetNamespace, latched.MigrationName));
        }

        var live = new List<RegionMigration>();
        foreach (var key in candidates)
        {
            if (await client.GetAsync(key, cancellationToken) is { } migration && names(migration))
            {
                live.Add(migration);
            }
        }

        var decision = OverrideLatch.Decide(
            latched,
            [.. live.Select(claimOf).OfType<MigrationClaim>()],
            latched is not null && live.Any(m => m.Metadata.Uid == latched.MigrationUid),
            spec);
        var untaken = decision.Latch is null ? live.Where(HasSaidNothing).OrderBy(m => m.Metadata.CreationTimestamp).FirstOrDefault() : null;
        return untaken is null ? decision : decision with { Untaken = new UntakenTarget(untaken.Metadata.Name, untaken.Spec.To) };
    }

    private static bool HasSaidNothing(RegionMigration migration) =>
        migration.Status?.Override is null && (migration.Status?.Phase is null or MigrationPhases.Pending) && migration.Metadata.DeletionTimestamp is null;
}
