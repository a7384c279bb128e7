using Modestano.Crds.V1Alpha1;
using Modestano.Operator.Configuration;
using Modestano.Operator.Migrations.Gates;
using Modestano.Operator.Migrations.Planning;
using Modestano.Operator.Runtime;

namespace Modestano.Operator.Migrations.Control;

/// <summary>Looks at a migration's targets once, and asks the gates that the next decision needs.</summary>
public sealed class MigrationObserver(
    IEntityCache<MongoReplicaSet> replicaSets,
    IEntityCache<WeightedDnsRecord> records,
    IEntityCache<RegionMigration> migrations,
    GateEvaluator gates,
    Grants grants,
    TimeProvider time)
{
    // How soon a person's wish is seen while the outside is asked.
    private static readonly TimeSpan Glance = TimeSpan.FromMilliseconds(200);

    /// <summary>The context of one decision; null: meanwhile somebody asked for a stop or for the way back, so look anew at once.</summary>
    public async Task<MigrationContext?> ObserveAsync(RegionMigration migration, CancellationToken cancellationToken)
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
            [])
        {
            Freezes = grants.Freezes,
        };
        return await AskAsync(context, cancellationToken) is { } answers ? context with { Gates = answers, Now = time.GetUtcNow() } : null;
    }

    private async Task<IReadOnlyList<GateStatus>?> AskAsync(MigrationContext context, CancellationToken cancellationToken)
    {
        using var round = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        var asking = gates.EvaluateAsync(context, round.Token);
        while (!asking.IsCompleted)
        {
            await Task.WhenAny(asking, Task.Delay(Glance, time, cancellationToken));
            if (!asking.IsCompleted && NeedsNothingAnyMore(context))
            {
                Leave(round);
                return null;
            }
        }

        return await asking;
    }

    // At once and on this thread: nothing of the round is worth waiting for.
    private static void Leave(CancellationTokenSource round) => round.Cancel();

    private bool NeedsNothingAnyMore(MigrationContext asked) => migrations.Find(ObjectKey.Of(asked.Migration)) is { } now
        && now.Metadata.Uid == asked.Migration.Metadata.Uid
        && GateNeed.Of(asked with { Migration = now }) is { Scope: GateScope.Nothing };
}
