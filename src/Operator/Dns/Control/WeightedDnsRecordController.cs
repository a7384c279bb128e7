using System.Collections.Concurrent;
using Modestano.Crds.V1Alpha1;
using Modestano.Operator.Configuration;
using Modestano.Operator.Dns.Observation;
using Modestano.Operator.Dns.Planning;
using Modestano.Operator.Dns.Planning.Rules;
using Modestano.Operator.Dns.Records;
using Modestano.Operator.Dns.Route53;
using Modestano.Operator.Overrides;
using Modestano.Operator.Runtime;

namespace Modestano.Operator.Dns.Control;

/// <summary>Brings the record sets of one WeightedDnsRecord to their weights: observe, plan, execute at most one batch, report.</summary>
internal sealed class WeightedDnsRecordController(
    RecordAccess access,
    RecordObserver observer,
    RecordStep step,
    OverrideReader overrides,
    IEntityCache<WeightedDnsRecord> cache,
    IEntityClient<WeightedDnsRecord> client,
    RecordEvents events,
    DnsMetrics metrics,
    OperatorOptions options,
    TimeProvider time) : IEntityController<WeightedDnsRecord>
{
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

        AccessFound? found = null;
        try
        {
            found = await access.FindAsync(entity, cancellationToken);
            if (found.Refused is { } refused)
            {
                return await BlindAsync(entity, decision, refused, null, cancellationToken);
            }

            if (OneOwnerRule.Rival(entity, found.ZoneId, cache.List()) is { } rival)
            {
                var why = new Stalled(DnsReasons.OwnedByAnotherObject,
                    $"WeightedDnsRecord {ObjectKey.Of(rival)} is older and has this name, type and set identifier: delete one of the two, or use other set identifiers");
                return await BlindAsync(entity, decision, why, null, cancellationToken);
            }

            return await SeeAndActAsync(entity, found, decision, cancellationToken);
        }
        catch (Exception e) when (Route53Failure.Of(e) is { } failure && !cancellationToken.IsCancellationRequested)
        {
            if (failure.Kind == Route53FailureKind.NoSuchZone && found is not null)
            {
                access.Forget(found, entity);
            }

            return await BlindAsync(entity, decision, FailureWords.Of(failure, entity), failure.IsTransient ? e : null, cancellationToken);
        }
    }

    /// <inheritdoc/>
    public Task<ReconciliationResult> DeletedAsync(ObjectKey key, CancellationToken cancellationToken)
    {
        _memory.TryRemove(key, out _);
        metrics.Forget(key);
        return Task.FromResult(ReconciliationResult.Success);
    }

    private async Task<ReconciliationResult> SeeAndActAsync(WeightedDnsRecord record, AccessFound found, OverrideDecision decision, CancellationToken cancellationToken)
    {
        var key = ObjectKey.Of(record);
        var seen = await observer.ObserveAsync(found.Account!, found.ZoneId, record, record.Status?.Change, cancellationToken);
        var desired = DesiredGroup.Of(record, decision.Latch?.Weights, options.InstanceId);
        var memory = Remember(record, key, seen, decision);
        var policy = PolicyOf(record, decision, memory);
        var plan = DnsPlanner.Next(seen.Group, desired, policy, time.GetUtcNow());
        plan = plan with { Decision = memory.Overrule(plan.Decision, time.GetUtcNow()) };
        var view = new PassView(found.ZoneId, seen.Group, seen.Change, plan, decision, null);
        if (plan.Decision is not Step due)
        {
            return await ReportAsync(record, view, cancellationToken);
        }

        var taken = await step.TakeAsync(record, found, view, due, cancellationToken);
        _memory[key] = taken.Outcome switch
        {
            WriteOutcome.Sent => memory.Wrote(taken.Group.Fingerprint, DnsPlanner.Next(taken.Group, desired, policy, time.GetUtcNow()).Served),
            WriteOutcome.Refused { Failure: { IsTransient: false } refusal } => memory.WasRefused(due, refusal.Message, time.GetUtcNow()),
            _ => memory,
        };
        var after = DnsPlanner.Next(taken.Group, desired, policy, time.GetUtcNow());
        after = after with { Decision = AfterStep(taken.Outcome, after.Decision, due, record) };
        var result = await ReportAsync(taken.Stored, view with { Group = taken.Group, Change = taken.Change, Plan = after, LastAction = taken.Action }, cancellationToken);
        return taken.Outcome is WriteOutcome.Refused { Failure.IsTransient: true } again ? ReconciliationResult.Failure(again.Cause) : result;
    }

    private RecordMemory Remember(WeightedDnsRecord record, ObjectKey key, Observation.Observation seen, OverrideDecision decision)
    {
        var before = _memory.GetValueOrDefault(key, RecordMemory.Empty);
        var served = seen.Group.Sets.Where(s => s.SetIdentifier is not null).ToDictionary(s => s.SetIdentifier!, s => s.Weight ?? 0, StringComparer.Ordinal);
        var wish = $"{record.Metadata.Uid}/{record.Metadata.Generation}/{decision.Latch?.MigrationUid}/{decision.Latch?.ObservedRevision}";
        var after = before.Saw(seen.Group.Fingerprint, served, wish, seen.Group.Change is { State: ChangeState.Unconfirmed }, time.GetUtcNow());
        if (after.DriftedFrom is { } from && before.DriftedFrom is null)
        {
            events.Drifted(record, from, served);
        }

        return _memory[key] = after;
    }

    private static ShiftPolicy PolicyOf(WeightedDnsRecord record, OverrideDecision decision, RecordMemory memory)
    {
        var steered = decision.Latch?.Weights is not null;
        var drifted = steered && memory.DriftedFrom is { } from
            ? $"Somebody changed the weights during the migration; they were {DnsPlanner.Words(from)}: put them back by hand, or let the migration ask anew"
            : null;
        return new ShiftPolicy
        {
            ObserveOnly = record.Spec.Mode == "Observe",
            Held = RecordReport.Held(record, decision) ?? drifted,
            MayFinish = record.Metadata.Annotations?.ContainsKey(Annotations.Hold) != true,
            MaxStepPercent = record.Spec.Shift?.MaxStepPercent,
            Interval = record.Spec.Shift?.Interval.Value ?? TimeSpan.Zero,
            Immediate = decision.Immediate,
            Steered = steered,
            PermittedUntil = decision.PermittedUntil is { } until ? new DateTimeOffset(DateTime.SpecifyKind(until, DateTimeKind.Utc)) : null,
        };
    }

    private static DnsDecision AfterStep(WriteOutcome outcome, DnsDecision next, Step due, WeightedDnsRecord record) => outcome switch
    {
        WriteOutcome.NotSent notSent => new Wait(DnsReasons.NotPermitted, $"A batch was planned and may no longer be sent: {notSent.Why}", null),
        WriteOutcome.Refused { Failure: var failure } => FailureWords.Of(failure, record),
        WriteOutcome.Unknown => new Wait(DnsReasons.Unreachable, "The answer to a change batch was lost: the record sets are read again, then written once more to be sure", null),
        _ when next is Step => new Wait(DnsReasons.Shifting, due.Summary, null),
        _ => next,
    };

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
