using Modestano.Crds.V1Alpha1;
using Modestano.Operator.Migrations.Gates;
using Modestano.Operator.Migrations.Planning;
using Modestano.Operator.Runtime;

namespace Modestano.Operator.Migrations.Control;

/// <summary>Looks at a migration's targets once.</summary>
public sealed class MigrationObserver(
    IEntityCache<MongoReplicaSet> replicaSets,
    IEntityCache<WeightedDnsRecord> records,
    IEntityCache<RegionMigration> migrations,
    GateEvaluator gates,
    TimeProvider time)
{
    /// <summary>The context of one decision.</summary>
    public async Task<MigrationContext> ObserveAsync(RegionMigration migration, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(migration);
        var @namespace = migration.Metadata.NamespaceProperty;
        var context = new MigrationContext(
            time.GetUtcNow(),
            migration,
            replicaSets.Find(new ObjectKey(@namespace, migration.Spec.ReplicaSetRef.Name)),
            (migration.Spec.DnsRecordRefs ?? [])
                .Select(r => records.Find(new ObjectKey(@namespace, r.Name))).OfType<WeightedDnsRecord>().ToDictionary(r => r.Metadata.Name),
            [.. migrations.List().Where(m => m.Metadata.NamespaceProperty == @namespace && m.Metadata.Name != migration.Metadata.Name)],
            []);
        if (KnownValues.Unknown(migration.Spec) is not null)
        {
            // Nothing moves, so no gate counts; and a probe may be what is not known.
            return context;
        }

        return context with { Gates = await gates.EvaluateAsync(context, cancellationToken), Now = time.GetUtcNow() };
    }
}
