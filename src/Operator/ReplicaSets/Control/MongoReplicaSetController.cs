using Modestano.Operator.ReplicaSets.Decision;
using k8s.Models;
using Modestano.Crds.V1Alpha1;
using Modestano.Operator.Overrides;
using Modestano.Operator.ReplicaSets.Mongo;
using Modestano.Operator.ReplicaSets.Observation;
using Modestano.Operator.ReplicaSets.Planning;
using Modestano.Operator.ReplicaSets.Secrets;
using Modestano.Operator.ReplicaSets.Status;
using Modestano.Operator.ReplicaSets.Topology;
using Modestano.Operator.Runtime;

namespace Modestano.Operator.ReplicaSets.Control;

/// <summary>Brings a replica set closer to its object: observe, plan, execute at most one step, report.</summary>
internal sealed class MongoReplicaSetController(
    ReplicaSetObserver observer,
    StepExecutor executor,
    StatusReporter reporter,
    OverrideReader overrides,
    IClusterIdentity cluster,
    Rivals rivals,
    IReplicaSetGateway gateway,
    ConnectionSource connections,
    WaitingSets waiting,
    ReplicaSetMetrics metrics,
    ObservedReplicaSets memories,
    TimeProvider time) : IEntityController<MongoReplicaSet>
{
    private static readonly TimeSpan AtOnce = TimeSpan.FromMilliseconds(20);

    /// <inheritdoc/>
    public async Task<ReconciliationResult> ReconcileAsync(MongoReplicaSet entity, CancellationToken cancellationToken)
    {
        var memory = memories.Memory(ObjectKey.Of(entity));
        var overriding = await overrides.ReadAsync(entity, entity.Status?.Override, cancellationToken);
        if (overriding.MustLatchFirst)
        {
            // What a migration asks for is in force only once it is in status: then it holds even if the migration vanishes.
            var latched = (entity.Status ?? new MongoReplicaSetStatus()) with { Override = overriding.Latch };
            await reporter.WriteAsync(entity, latched, memory, time.GetUtcNow(), cancellationToken);
            return ReconciliationResult.After(AtOnce);
        }

        if (KnownValues.Unknown(entity.Spec) is { } unknown)
        {
            // Not even looked at: how to connect may be what is not known.
            return await RefuseAsync(entity, overriding, memory, null, new Problem(RuntimeReasons.UnknownValue, unknown), cancellationToken);
        }

        // After passes that failed, status has to be told anew although nothing else may be.
        var mayBeBrief = overriding is { Latch: null, Hold: false } && !FailedPassConditions.Stand(entity.Status?.Conditions);
        try
        {
            if (mayBeBrief && await waiting.GlanceAsync(entity, memory, cancellationToken) is { } later)
            {
                return ReconciliationResult.After(later);
            }

            var before = memory.Observed;
            var (target, observed) = await observer.ObserveAsync(entity, memory, cancellationToken);
            if (mayBeBrief && NothingNew(entity, memory, before, observed))
            {
                reporter.Measure(entity, observed, entity.Spec.PrimaryRegion);
                return ReconciliationResult.After(RequeuePolicy.AtRest);
            }

            if (rivals.Refusal(entity, observed, await cluster.GetAsync(cancellationToken)) is { } taken)
            {
                await RefuseAsync(entity, overriding, memory, observed, new Problem(Reasons.DuplicateOwner, taken), cancellationToken);
                return ReconciliationResult.After(waiting.Leave(entity, target, observed, memory, new Pause(false, false, RequeuePolicy.Patient, null)));
            }

            return await ActAsync(entity, target, observed, overriding, memory, cancellationToken);
        }
        catch (ConnectionRefusedException e)
        {
            return await RefuseAsync(entity, overriding, memory, null, new Problem(e.Reason, e.Message), cancellationToken);
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
        waiting.Rests(key);
        gateway.Forget(key);
        connections.Forget(key);
        metrics.Forget(key);
        memories.Forget(key);
        return Task.FromResult(ReconciliationResult.Success);
    }

    private async Task<ReconciliationResult> ActAsync(
        MongoReplicaSet entity,
        ReplicaSetTarget target,
        ObservedReplicaSet observed,
        OverrideDecision overriding,
        ReplicaSetMemory memory,
        CancellationToken cancellationToken)
    {
        var identity = await cluster.GetAsync(cancellationToken);
        var owner = $"{identity}/{entity.Metadata.NamespaceProperty}/{entity.Metadata.Name}";
        var desired = DesiredTopology.From(entity.Spec, owner, overriding.Latch).SpelledAs(observed.Config);
        var policy = Policies.From(entity.Spec, memory.InitialSyncs.BytesPerSecond, observed.Config) with { MayFollow = rivals.MayFollow(entity, identity) };
        var mode = entity.Spec.Reconfiguration.Mode;
        var preview = mode == "Observe" ? PlanPreview.Nothing : PlanPreview.Of(observed, desired, policy, memory.History, Identity(entity, overriding));
        var approved = Approvals.Fold(entity.Spec.Reconfiguration.ApprovedPlanHash, entity.Status?.ApprovedPlan, preview, observed.At);
        preview = Approvals.Named(preview, approved);
        var isApproved = approved is { State: Approvals.Running };
        memory.History = (isApproved ? memory.History.Acknowledged() : memory.History) with { PlanApproved = isApproved };
        var decision = Planner.Next(observed, desired, policy, memory.History);
        var heldBecause = HeldBecause(entity, overriding, observed);

        (LastAction Action, PastStep Step)? done = null;
        var isForced = false;
        if (decision is PlanDecision.Act act && mode == "Apply" && heldBecause is null)
        {
            if (!memory.AllAsked)
            {
                // No step is taken on what members said a while ago.
                memory.IsAtRest = false;
                return ReconciliationResult.After(AtOnce);
            }

            isForced = act.Step is Reconfig { Force: true };
            done = await executor.ExecuteAsync(entity, target, observed, overriding, act.Step, isForced ? TakeUpPermitAsync : null, cancellationToken);
            if (done is not { } effect)
            {
                // The object or its migration changed meanwhile: plan anew.
                return ReconciliationResult.After(AtOnce);
            }

            memory.History = memory.History.With(effect.Step);
        }

        // Kept until a status that tells of it is written: a conflict must not make a step forgotten.
        memory.UnreportedAction = done?.Action is { Kind: "StepDown" } unmeasured ? unmeasured with { WriteGapMillis = null } : done?.Action ?? memory.UnreportedAction;
        var measured = MeasuredHandOff(memory, observed);
        memory.OpenHandOff = done?.Action is { Kind: "StepDown", WriteGapMillis: not null } handOff ? handOff : memory.OpenHandOff;
        reporter.TellOfForeignChanges(entity, memory);
        var inFlight = done is not null || observed.Config is { IsCommitted: false };
        await reporter.ReportAsync(
            new PassReport
            {
                Entity = entity,
                At = time.GetUtcNow(),
                Observed = observed,
                Desired = desired,
                Policy = policy,
                HeldChange = HeldChanges.Of(memory.History, policy),
                Recovery = RecoveryUse.After(RecoveryUse.Sent(entity.Status?.Recovery, memory.UnsentPermit), entity.Spec.Recovery, isForced ? done?.Step.Outcome : null),
                Decision = decision,
                Preview = preview,
                Override = overriding,
                Latch = OverrideLatch.Acknowledge(overriding, decision is PlanDecision.Settled, inFlight),
                HeldBecause = heldBecause,
                LastAction = memory.UnreportedAction,
                MeasuredHandOff = measured,
                ApprovedPlan = approved,
            },
            memory,
            cancellationToken);
        memory.UnreportedAction = null;
        memory.OpenHandOff = measured is null ? memory.OpenHandOff : null;
        memory.IsAtRest = decision is PlanDecision.Settled;
        memory.RestingVersion = memory.IsAtRest && memory.FiguresDifferSince is null ? entity.Metadata.ResourceVersion : null;
        var pause = new Pause(memory.IsAtRest, done is not null, RequeuePolicy.After(decision, done is not null, time.GetUtcNow()), (decision as PlanDecision.Wait)?.Until);
        return ReconciliationResult.After(waiting.Leave(entity, target, observed, memory, pause));

        // Written before it is sent: if this process ends before it knows the outcome, the next one must not force again.
        async Task TakeUpPermitAsync(CancellationToken limited)
        {
            var used = memory.UnsentPermit = RecoveryUse.TakenUp(entity.Spec.Recovery!, time.GetUtcNow());
            entity = await reporter.WriteAsync(entity, (entity.Status ?? new MongoReplicaSetStatus()) with { Recovery = used }, memory, time.GetUtcNow(), limited);
            memory.UnsentPermit = null;
        }
    }

    /// <summary>
    /// A set at rest, the object as it was, and the primary tells what it told before: planning and mapping it again would end where they ended.
    /// </summary>
    private static bool NothingNew(MongoReplicaSet entity, ReplicaSetMemory memory, ObservedReplicaSet? before, ObservedReplicaSet now) =>
        !memory.AllAsked
        && memory.RestingVersion is not null
        && memory.RestingVersion == entity.Metadata.ResourceVersion
        && before is not null
        && ObservationRefresh.TellsTheSame(before, now);

    /// <summary>A hand-off is over for an application when majority writes are acknowledged again; the new primary tells when that was.</summary>
    private static LastAction? MeasuredHandOff(ReplicaSetMemory memory, ObservedReplicaSet observed) =>
        memory.OpenHandOff is { WriteGapMillis: { } gap } open && observed.MajorityWritesAfter is { } more
            ? open with { WriteGapMillis = gap + (long)more.TotalMilliseconds }
            : null;

    private async Task<ReconciliationResult> RefuseAsync(
        MongoReplicaSet entity,
        OverrideDecision overriding,
        ReplicaSetMemory memory,
        ObservedReplicaSet? observed,
        Problem problem,
        CancellationToken cancellationToken)
    {
        var report = new PassReport
        {
            Entity = entity,
            At = time.GetUtcNow(),
            Observed = observed,
            Problem = problem,
            Override = overriding,
            Latch = overriding.Latch,
            HeldBecause = HeldBecause(entity, overriding, observed),
            ApprovedPlan = entity.Status?.ApprovedPlan,
            HeldChange = entity.Status?.HeldChange,
            Recovery = RecoveryUse.Sent(entity.Status?.Recovery, memory.UnsentPermit),
        };
        await reporter.ReportAsync(report, memory, cancellationToken);
        return ReconciliationResult.After(RequeuePolicy.Patient);
    }

    private static PlanIdentity Identity(MongoReplicaSet entity, OverrideDecision overriding) =>
        new(
            entity.Metadata.Uid ?? "",
            Approvals.SpecRevision(entity.Spec),
            overriding.Latch?.ObservedRevision,
            entity.Status?.ApprovedPlan is { State: not Approvals.Running } spent ? spent.Hash : null);

    private static string? HeldBecause(MongoReplicaSet entity, OverrideDecision overriding, ObservedReplicaSet? observed)
    {
        if (entity.GetAnnotation(Annotations.Hold) is { } why)
        {
            return $"held by the annotation {Annotations.Hold}: {why}";
        }

        if (overriding.Untaken is { } untaken && entity.Spec.PrimaryRegion != untaken.To
            && entity.Spec.Regions.Any(r => r.Name == untaken.To && r.Members.Any(m => HostNames.Same(m.Host, observed?.Primary))))
        {
            // Restored without a status, neither of the two knows any more that the spec's region is the old one.
            return $"RegionMigration {untaken.MigrationName} has not taken up this set, and the spec would move the primary out of {untaken.To}: nothing is done until it has, or is deleted";
        }

        return !overriding.Hold ? null : overriding.State == OverrideState.Silent
            ? $"RegionMigration {overriding.Latch?.MigrationName} lives but asks for less than it did: nothing is done until it asks anew"
            : $"RegionMigration {overriding.Latch?.MigrationName} holds";
    }
}
