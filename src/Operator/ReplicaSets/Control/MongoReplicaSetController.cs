using Modestano.Crds.V1Alpha1;
using Modestano.Operator.Overrides;
using Modestano.Operator.ReplicaSets.Mongo;
using Modestano.Operator.ReplicaSets.Observation;
using Modestano.Operator.ReplicaSets.Planning;
using Modestano.Operator.ReplicaSets.Secrets;
using Modestano.Operator.ReplicaSets.Status;
using Modestano.Operator.Runtime;

namespace Modestano.Operator.ReplicaSets.Control;

/// <summary>Brings a replica set closer to its object: observe, plan, execute at most one step, report.</summary>
internal sealed class MongoReplicaSetController(
    ReplicaSetObserver observer,
    StepExecutor executor,
    StatusReporter reporter,
    OverrideReader overrides,
    Rivals rivals,
    WaitingSets waiting,
    ReplicaSetTraces traces,
    ObservedReplicaSets memories,
    TimeProvider time) : IEntityController<MongoReplicaSet>
{
    private static readonly TimeSpan AtOnce = TimeSpan.FromMilliseconds(20);

    /// <inheritdoc/>
    public async Task<ReconciliationResult> ReconcileAsync(MongoReplicaSet entity, CancellationToken cancellationToken)
    {
        var memory = memories.Memory(ObjectKey.Of(entity));
        var pass = new SetPass(entity, await overrides.ReadAsync(entity, entity.Status?.Override, cancellationToken), memory);
        if (pass.Override.MustLatchFirst)
        {
            return await LatchAsync(pass, cancellationToken);
        }

        if (KnownValues.Unknown(entity.Spec) is { } unknown)
        {
            // Not even looked at: how to connect may be what is not known.
            return await RefuseAsync(pass, null, new Problem(RuntimeReasons.UnknownValue, unknown), cancellationToken);
        }

        try
        {
            if (pass.MayBeBrief && await waiting.GlanceAsync(entity, memory, cancellationToken) is { } later)
            {
                return ReconciliationResult.After(later);
            }

            var before = memory.Observed;
            var (target, observed) = await observer.ObserveAsync(entity, memory, cancellationToken);
            if (pass.SawNothingNew(before, observed))
            {
                reporter.Measure(entity, observed, entity.Spec.PrimaryRegion);
                return ReconciliationResult.After(RequeuePolicy.AtRest);
            }

            if (await rivals.RefusalAsync(entity, observed, cancellationToken) is { } taken)
            {
                await RefuseAsync(pass, observed, new Problem(Reasons.DuplicateOwner, taken), cancellationToken);
                return ReconciliationResult.After(waiting.Leave(entity, target, observed, memory, new Pause(false, false, RequeuePolicy.Patient, null)));
            }

            var plan = ReplicaSetPlan.Of(
                entity, observed, pass.Override, memory.History, await rivals.IdentityAsync(entity, cancellationToken), memory.InitialSyncs.BytesPerSecond);
            memory.History = plan.History;
            if (await ExecuteAsync(pass, target, observed, plan, cancellationToken) is not { } outcome)
            {
                return ReconciliationResult.After(AtOnce);
            }

            await ReportAsync(outcome, observed, plan, cancellationToken);
            return ReconciliationResult.After(waiting.Leave(entity, target, observed, memory, outcome.PauseAfter(plan.Decision, time.GetUtcNow())));
        }
        catch (ConnectionRefusedException e)
        {
            return await RefuseAsync(pass, null, new Problem(e.Reason, e.Message), cancellationToken);
        }
        catch
        {
            waiting.Broke(ObjectKey.Of(entity), memory);
            throw;
        }
    }

    /// <inheritdoc/>
    public Task<ReconciliationResult> DeletedAsync(ObjectKey key, CancellationToken cancellationToken)
    {
        traces.Forget(key);
        return Task.FromResult(ReconciliationResult.Success);
    }

    /// <summary>What a migration asks for is in force only once it is in status: then it holds even if the migration vanishes.</summary>
    private async Task<ReconciliationResult> LatchAsync(SetPass pass, CancellationToken cancellationToken)
    {
        var latched = (pass.Entity.Status ?? new MongoReplicaSetStatus()) with { Override = pass.Override.Latch };
        await reporter.WriteAsync(pass.Entity, latched, pass.Memory, time.GetUtcNow(), cancellationToken);
        return ReconciliationResult.After(AtOnce);
    }

    /// <summary>Takes the step that is due, if one is.</summary>
    /// <returns>The pass with what was done; null: a step is due, and everything has to be looked at anew first.</returns>
    private async Task<PassOutcome?> ExecuteAsync(SetPass pass, ReplicaSetTarget target, ObservedReplicaSet observed, ReplicaSetPlan plan, CancellationToken cancellationToken)
    {
        if (plan.Due is not { } step)
        {
            return new PassOutcome(pass, null);
        }

        if (!pass.Memory.AllAsked)
        {
            // No step is taken on what members said a while ago.
            pass.Memory.IsAtRest = false;
            return null;
        }

        var permit = step is Reconfig { Force: true } ? new ForcePermit(pass, reporter, time) : null;
        if (await executor.ExecuteAsync(pass.Entity, target, observed, pass.Override, step, permit is null ? null : permit.TakeUpAsync, cancellationToken) is not { } done)
        {
            // The object or its migration changed meanwhile: plan anew.
            return null;
        }

        pass.Memory.History = pass.Memory.History.With(done.Step);
        return new PassOutcome(permit is null ? pass : pass with { Entity = permit.Marked }, done) { WasForced = permit is not null };
    }

    private async Task ReportAsync(PassOutcome outcome, ObservedReplicaSet observed, ReplicaSetPlan plan, CancellationToken cancellationToken)
    {
        var (entity, overriding, memory) = outcome.Pass;
        var measured = memory.Untold.Measured(observed);
        memory.Untold = memory.Untold.With(outcome.Done?.Action);
        reporter.TellOfForeignChanges(entity, memory);
        var report = new PassReport
        {
            Entity = entity,
            At = time.GetUtcNow(),
            Observed = observed,
            Desired = plan.Desired,
            Policy = plan.Policy,
            HeldChange = HeldChanges.Of(memory.History, plan.Policy),
            Recovery = RecoveryUse.After(RecoveryUse.Sent(entity.Status?.Recovery, memory.UnsentPermit), entity.Spec.Recovery, outcome.WasForced ? outcome.Done?.Step.Outcome : null),
            Decision = plan.Decision,
            Preview = plan.Preview,
            Override = overriding,
            Latch = OverrideLatch.Acknowledge(overriding, plan.Decision is PlanDecision.Settled, outcome.Done is not null || observed.Config is { IsCommitted: false }),
            HeldBecause = plan.HeldBecause,
            LastAction = memory.Untold.Latest,
            MeasuredHandOff = measured,
            ApprovedPlan = plan.Approved,
        };
        await reporter.ReportAsync(report, memory, cancellationToken);
        memory.Untold = memory.Untold.Told(measured);
        memory.IsAtRest = plan.Decision is PlanDecision.Settled;
        memory.RestingVersion = memory.IsAtRest && memory.FiguresDifferSince is null ? entity.Metadata.ResourceVersion : null;
    }

    private async Task<ReconciliationResult> RefuseAsync(SetPass pass, ObservedReplicaSet? observed, Problem problem, CancellationToken cancellationToken)
    {
        var report = new PassReport
        {
            Entity = pass.Entity,
            At = time.GetUtcNow(),
            Observed = observed,
            Problem = problem,
            Override = pass.Override,
            Latch = pass.Override.Latch,
            HeldBecause = HoldReason.Of(pass.Entity, pass.Override, observed),
            ApprovedPlan = pass.Entity.Status?.ApprovedPlan,
            HeldChange = pass.Entity.Status?.HeldChange,
            Recovery = RecoveryUse.Sent(pass.Entity.Status?.Recovery, pass.Memory.UnsentPermit),
        };
        await reporter.ReportAsync(report, pass.Memory, cancellationToken);
        return ReconciliationResult.After(RequeuePolicy.Patient);
    }
}
