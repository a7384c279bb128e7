using System.Collections.Concurrent;
using System.Runtime.ExceptionServices;
using Modestano.Crds.V1Alpha1;
using Modestano.Operator.Configuration;
using Modestano.Operator.Dns.Decision;
using Modestano.Operator.Dns.Observation;
using Modestano.Operator.Dns.Ownership;
using Modestano.Operator.Dns.Planning;
using Modestano.Operator.Dns.Planning.Rules;
using Modestano.Operator.Dns.Records;
using Modestano.Operator.Dns.Route53;
using Modestano.Operator.Dns.Sending;
using Modestano.Operator.Dns.Status;
using Modestano.Operator.Overrides;
using Modestano.Operator.Runtime;

namespace Modestano.Operator.Dns.Control;

/// <summary>
/// Brings the record sets of one WeightedDnsRecord to their weights: observe, plan, ask for at most one batch, report. A batch is sent
/// together with those of other records outside of the pass, and what became of it makes the next pass due.
/// </summary>
internal sealed class WeightedDnsRecordController(
    RecordAccess access,
    RecordObserver observer,
    DelegationReader delegations,
    ChangeRights rights,
    RecordStep step,
    ZoneBatcher batcher,
    OverrideReader overrides,
    IEntityCache<WeightedDnsRecord> cache,
    IEntityClient<WeightedDnsRecord> client,
    RecordEvents events,
    DnsMetrics metrics,
    IInstallation installation,
    Grants grants,
    TimeProvider time) : IEntityController<WeightedDnsRecord>, ILeadershipListener
{
    /// <summary>The outcome of a batch makes a pass due at once; this is only for the case that it never comes.</summary>
    private static readonly TimeSpan LongestBatch = TimeSpan.FromMinutes(1);

    private readonly ConcurrentDictionary<ObjectKey, RecordMemory> _memory = new();

    /// <inheritdoc/>
    public async Task<ReconciliationResult> ReconcileAsync(WeightedDnsRecord entity, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(entity);
        var decision = await overrides.ReadAsync(entity, entity.Status?.Override, cancellationToken);
        if (decision.MustLatchFirst)
        {
            await LatchAsync(entity, decision, cancellationToken);
            return ReconciliationResult.After(TimeSpan.Zero);
        }

        if (batcher.Find(ObjectKey.Of(entity), entity.Metadata.Uid) is StepPart asked)
        {
            return asked.Outcome is { } outcome ? await FinishAsync(entity, asked, outcome, decision, cancellationToken) : ReconciliationResult.After(LongestBatch);
        }

        if (KnownValues.Unknown(entity.Spec) is { } unknown)
        {
            return await BlindAsync(entity, decision, new Stalled(RuntimeReasons.UnknownValue, unknown), null, cancellationToken);
        }

        await installation.ReadAsync(cancellationToken);
        AccessFound? found = null;
        try
        {
            found = await access.FindAsync(entity, cancellationToken);
            if (found.Refused is { } refused)
            {
                return await BlindAsync(entity, decision, refused, null, cancellationToken);
            }

            if (OneOwnerRule.Rival(entity, found.ZoneId, cache.List(), other => access.IsGranted(other, found.ZoneId)) is { } rival
                && !await HoldsAsync(entity, found, decision, cancellationToken))
            {
                return await BlindAsync(entity, decision, new Stalled(DnsReasons.OwnedByAnotherObject, OneOwnerRule.Words(entity, rival)), null, cancellationToken);
            }

            return await SeeAndActAsync(entity, found, decision, cancellationToken);
        }
        catch (Exception e) when (Route53Failure.Of(e) is { } failure && !cancellationToken.IsCancellationRequested)
        {
            if (failure.Kind == Route53FailureKind.NoSuchZone && found is not null)
            {
                access.Forget(found, entity);
            }

            return await BlindAsync(entity, decision, FailureWords.Of(failure, entity, access.ExternalIdOf(entity)), failure.IsTransient ? e : null, cancellationToken);
        }
    }

    /// <inheritdoc/>
    public Task<ReconciliationResult> DeletedAsync(ObjectKey key, CancellationToken cancellationToken)
    {
        _memory.TryRemove(key, out _);
        batcher.Forget(key);
        metrics.Forget(key);
        return Task.FromResult(ReconciliationResult.Success);
    }

    /// <summary>What another leader does from now on is no drift: the next term starts from what status tells of it.</summary>
    public void StoppedLeading() => _memory.Clear();

    private async Task<ReconciliationResult> SeeAndActAsync(WeightedDnsRecord record, AccessFound found, OverrideDecision decision, CancellationToken cancellationToken)
    {
        var view = await LookAsync(record, found, decision, Freshness.AtRest, cancellationToken);
        if (view.Plan.Decision is Step || (view.Plan.Reached && !IsKnownReached(record)))
        {
            // What a look at rest shows may be minutes old: good enough to see that there is something to do or to claim, not to do so.
            view = await LookAsync(record, found, decision, Freshness.ForEffect, cancellationToken);
        }

        if (view.Plan.Decision is not Step due)
        {
            return await ReportAsync(record, view, cancellationToken);
        }

        await step.AskAsync(record, found, view, due, cancellationToken);
        return ReconciliationResult.After(LongestBatch);
    }

    /// <summary>Whether the record's sets are marked as its own: then no older object keeps it from them.</summary>
    private async Task<bool> HoldsAsync(WeightedDnsRecord record, AccessFound found, OverrideDecision decision, CancellationToken cancellationToken)
    {
        var group = (await observer.ObserveAsync(found.Account!, found.ZoneId, record, decision.Latch, null, Freshness.AtRest, cancellationToken)).Group;
        return OneOwnerRule.Holds(group, DesiredOf(record, decision, group));
    }

    /// <summary>Status says already that all is as wanted, and nobody waits for that any more.</summary>
    private static bool IsKnownReached(WeightedDnsRecord record) => record.Status is { Override: null or { Settled: true } } status
        && status.ObservedGeneration == record.Metadata.Generation
        && status.Conditions?.Any(c => c is { Type: ConditionTypes.Ready, Status: "True" }) == true;

    private async Task<PassView> LookAsync(WeightedDnsRecord record, AccessFound found, OverrideDecision decision, Freshness freshness, CancellationToken cancellationToken)
    {
        var name = RecordNames.Normalize(record.Spec.Name);
        var seen = await observer.ObserveAsync(found.Account!, found.ZoneId, record, decision.Latch, record.Status?.Change, freshness, cancellationToken);
        var delegated = await delegations.FindAsync(found.Account!, found.ZoneId, found.ZoneName, name, cancellationToken) is { } place ? DelegationRule.Warning(name, place) : null;
        var memory = Remember(record, seen, delegated, decision);
        var plan = DnsPlanner.Next(InputOf(record, decision, seen.Group, memory));
        var change = plan.IsConfirmedByReading ? seen.Change! with { State = ChangeRecord.InSync, InSyncAt = ChangeRecord.WholeSeconds(time.GetUtcNow()) } : seen.Change;
        var group = plan.IsConfirmedByReading ? seen.Group with { Change = ChangeRecord.Read(change) } : seen.Group;
        return new PassView(found.ZoneId, name, group, change, memory.ToStatus(), plan, decision, null)
        {
            OwnFingerprint = memory.Left?.Fingerprint,
            Delegated = delegated,
            Checks = record.Spec.Mode == "Observe" ? [await rights.AskAsync(found.Account!, found.ZoneId, name, record.Spec.Type, cancellationToken)] : null,
        };
    }

    /// <summary>Takes in what became of a batch.</summary>
    private async Task<ReconciliationResult> FinishAsync(WeightedDnsRecord record, StepPart asked, WriteOutcome outcome, OverrideDecision decision, CancellationToken cancellationToken)
    {
        if (outcome is WriteOutcome.Failed { Cause: var cause })
        {
            batcher.Settle(asked);
            ExceptionDispatchInfo.Throw(cause);
        }

        var taken = asked.Result(outcome);
        var memory = MemoryOf(record);
        memory = _memory[ObjectKey.Of(record)] = outcome switch
        {
            WriteOutcome.Sent => memory.Wrote(OwnSets.Of(taken.Group, DesiredOf(record, decision, taken.Group))),
            WriteOutcome.Refused { Failure: { IsTransient: false } refusal } => memory.WasRefused(asked.Step, FailureWords.Of(refusal, record, asked.Account.ExternalId), time.GetUtcNow()),
            _ => memory,
        };
        // A refusal that was just taken in is told by the step; it keeps back the next pass.
        var plan = DnsPlanner.Next(InputOf(record, decision, taken.Group, memory) with { Past = PastSteps.None });
        var view = asked.View with
        {
            Group = taken.Group,
            Change = taken.Change,
            Drift = memory.ToStatus(),
            Plan = plan with { Decision = asked.Next(outcome, plan.Decision, record) },
            Override = decision,
            LastAction = taken.Action,
            OwnFingerprint = memory.Left?.Fingerprint,
        };
        var result = await ReportAsync(record, view, cancellationToken);
        batcher.Settle(asked);
        return outcome is WriteOutcome.Refused { Failure.IsTransient: true } again ? ReconciliationResult.Failure(again.Cause) : result;
    }

    private DesiredGroup DesiredOf(WeightedDnsRecord record, OverrideDecision decision, ObservedGroup group) =>
        DesiredGroup.Of(record, decision.Latch, RecordObserver.Served(group.Sets), RecordClaim.Of(record, installation.Identity, grants, cache.Find));

    private DnsPlanInput InputOf(WeightedDnsRecord record, OverrideDecision decision, ObservedGroup group, RecordMemory memory) =>
        new(group, DesiredOf(record, decision, group), RecordPolicy.Of(record, decision, memory.DriftedFrom, group), time.GetUtcNow()) { Past = memory.Past };

    private RecordMemory MemoryOf(WeightedDnsRecord record) => _memory.GetOrAdd(ObjectKey.Of(record), _ => RecordMemory.Recalled(record));

    private RecordMemory Remember(WeightedDnsRecord record, Observation.Observation seen, string? delegated, OverrideDecision decision)
    {
        var before = MemoryOf(record);
        var own = OwnSets.Of(seen.Group, DesiredOf(record, decision, seen.Group));
        var wish = $"{record.Metadata.Uid}/{record.Metadata.Generation}/{decision.Latch?.MigrationUid}/{decision.Latch?.ObservedRevision}";
        var after = before.Saw(own, wish, seen.Group.Change is { State: ChangeState.Unconfirmed }, time.GetUtcNow());
        if (after.NotAsSent is { } differs && differs != before.NotAsSent)
        {
            events.NotAsSent(record, differs);
        }
        else if (after.DriftedFrom is { } from && before.DriftedFrom is null)
        {
            events.Drifted(record, from, own.Weights);
        }

        if (delegated is not null && delegated != before.Delegated)
        {
            events.Delegated(record, delegated);
        }

        return _memory[ObjectKey.Of(record)] = after with { Delegated = delegated };
    }

    private async Task LatchAsync(WeightedDnsRecord record, OverrideDecision decision, CancellationToken cancellationToken)
    {
        await client.UpdateStatusAsync(record, With(record, (record.Status ?? new WeightedDnsRecordStatus()) with { Override = decision.Latch }), cancellationToken);
        events.Latched(record, decision);
    }

    private async Task<ReconciliationResult> ReportAsync(WeightedDnsRecord record, PassView view, CancellationToken cancellationToken)
    {
        var now = time.GetUtcNow();
        var status = RecordReport.Of(record, view, now);
        await client.UpdateStatusAsync(record, With(record, status), cancellationToken);
        events.Told(record, status);
        var pendingSince = ChangeRecord.Read(view.Change) is { State: not ChangeState.InSync } open ? open.SubmittedAt : (DateTimeOffset?)null;
        metrics.Served(ObjectKey.Of(record), RecordNames.ForPeople(RecordNames.Normalize(record.Spec.Name)), record.Spec.Type, view.Plan.Served, pendingSince);
        return ReconciliationResult.After(Pace.After(view.Plan.Decision, ChangeRecord.Read(view.Change), now));
    }

    private async Task<ReconciliationResult> BlindAsync(WeightedDnsRecord record, OverrideDecision decision, DnsDecision outcome, Exception? retry, CancellationToken cancellationToken)
    {
        var now = time.GetUtcNow();
        var status = RecordReport.Blind(record, decision, outcome, now);
        await client.UpdateStatusAsync(record, With(record, status), cancellationToken);
        events.Told(record, status);
        return retry is null ? ReconciliationResult.After(Pace.After(outcome, null, now)) : ReconciliationResult.Failure(retry);
    }

    private static WeightedDnsRecord With(WeightedDnsRecord record, WeightedDnsRecordStatus status) => new() { Metadata = record.Metadata, Spec = record.Spec, Status = status };
}
