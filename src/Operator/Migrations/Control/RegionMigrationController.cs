using Modestano.Crds.V1Alpha1;
using Modestano.Operator.Migrations.Decision;
using Modestano.Operator.Migrations.Gates;
using Modestano.Operator.Migrations.Planning;
using Modestano.Operator.Migrations.Status;
using Modestano.Operator.Runtime;

namespace Modestano.Operator.Migrations.Control;

/// <summary>
/// Takes a migration from phase to phase. Its only effect is its own status, which the targets follow: it never writes anybody's spec.
/// </summary>
public sealed class RegionMigrationController(
    MigrationObserver observer,
    IEntityClient<RegionMigration> client,
    ILeadership leadership,
    IEventRecorder events,
    MigrationMetrics metrics,
    TimeProvider time,
    ILogger<RegionMigrationController> log) : IEntityController<RegionMigration>, IEntityFinalizer<RegionMigration>
{
    private static readonly TimeSpan StatusWriteTimeout = TimeSpan.FromSeconds(10);

    // While something is awaited, look again after this time even if no target reports: a lost watch event must not stop a migration.
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(15);

    // Half of the time for which an observation of the replica set counts as fresh.
    private static readonly TimeSpan GatePace = ObservedHealthSource.Freshness / 2;

    /// <inheritdoc/>
    public string Identifier => "mongo.modestano.io/region-migration";

    /// <inheritdoc/>
    public async Task<ReconciliationResult> ReconcileAsync(RegionMigration entity, CancellationToken cancellationToken)
    {
        return await PassAsync(entity, cancellationToken) is { } pass ? Requeue(pass.Outcome) : ReconciliationResult.After(TimeSpan.Zero);
    }

    /// <inheritdoc/>
    public Task<ReconciliationResult> DeletedAsync(ObjectKey key, CancellationToken cancellationToken)
    {
        metrics.Forget(key);
        return Task.FromResult(ReconciliationResult.Success);
    }

    /// <inheritdoc/>
    public async Task<ReconciliationResult> FinalizeAsync(RegionMigration entity, CancellationToken cancellationToken)
    {
        if (await PassAsync(entity, cancellationToken) is not { } pass)
        {
            return ReconciliationResult.After(TimeSpan.Zero);
        }

        var (stored, outcome, context) = pass;
        return stored.Override is null || (Claims.Targets(entity.Spec).All(t => Releases.IsReleased(stored, t)) && Releases.StillFollowing(context) is null)
            ? ReconciliationResult.Success
            : Requeue(outcome) is { RequeueAfter: not null } later ? later : ReconciliationResult.After(Patience);
    }

    private async Task<(RegionMigrationStatus Stored, PhaseOutcome Outcome, MigrationContext Context)?> PassAsync(RegionMigration migration, CancellationToken cancellationToken)
    {
        if (await observer.ObserveAsync(migration, cancellationToken) is not { } context)
        {
            return null;
        }

        var outcome = MigrationPlanner.Next(context);
        var status = MigrationReport.Of(context, outcome);
        metrics.Publish(ObjectKey.Of(migration), status, context.Gates);
        await StoreAsync(migration, status, cancellationToken);
        Tell(migration, context, outcome);
        return (status, outcome, context);
    }

    private async Task StoreAsync(RegionMigration migration, RegionMigrationStatus status, CancellationToken cancellationToken)
    {
        using var effect = leadership.BeginEffect(StatusWriteTimeout, cancellationToken);
        var after = new RegionMigration { Metadata = migration.Metadata, Spec = migration.Spec, Status = status };
        await client.UpdateStatusAsync(migration, after, effect.Token);
    }

    private void Tell(RegionMigration migration, MigrationContext context, PhaseOutcome outcome)
    {
        if (outcome.Happened is { } happened)
        {
            events.Normal(migration, outcome.Status.Phase!, happened);
            log.LogInformation("{Migration}: {Phase}: {Happened}", ObjectKey.Of(migration), outcome.Status.Phase, happened);
        }

        if (outcome.StalledReason is { } reason && migration.Status?.WaitingFor != outcome.WaitingFor)
        {
            events.Warning(migration, reason, outcome.WaitingFor!);
        }

        if (outcome.Status.IgnoredPromotion is { } ignored && ignored != migration.Status?.IgnoredPromotion)
        {
            events.Warning(migration, MigrationReasons.PromotionIgnored, Promotions.WhyIgnored(outcome.Status));
        }

        if (GateVerdict.Worst(context.Gates) is { } gate && outcome.WaitingFor == GateVerdict.Sentence(gate) && !IsTold(migration.Status, gate))
        {
            events.Warning(migration, MigrationReasons.GateNotPassing, GateVerdict.Sentence(gate));
        }
    }

    // The same result with another figure is nothing new.
    private static bool IsTold(RegionMigrationStatus? before, GateStatus gate) =>
        before?.Gates?.FirstOrDefault(g => g.Name == gate.Name) is { } told && told.Result == gate.Result && before.WaitingFor == GateVerdict.Sentence(told);

    private ReconciliationResult Requeue(PhaseOutcome outcome)
    {
        if (Holding.IsEnd(outcome.Status.Phase) && outcome.Recheck is null)
        {
            return ReconciliationResult.Success;
        }

        // A gate that begins to fail in the middle of an hour's hold must be noticed then, not at its end.
        var most = GateNeed.Guards(outcome.Status.Phase) ? GatePace : Patience;
        var wait = outcome.Recheck is { } moment ? moment - time.GetUtcNow() : outcome.WaitingFor is null ? TimeSpan.Zero : most;
        return ReconciliationResult.After(wait < TimeSpan.Zero ? TimeSpan.Zero : wait > most ? most : wait);
    }
}
