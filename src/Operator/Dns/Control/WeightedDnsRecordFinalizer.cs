using System.Collections.Concurrent;
using System.Runtime.ExceptionServices;
using Modestano.Crds.V1Alpha1;
using Modestano.Operator.Configuration;
using Modestano.Operator.Dns.Decision;
using Modestano.Operator.Dns.Observation;
using Modestano.Operator.Dns.Ownership;
using Modestano.Operator.Dns.Planning;
using Modestano.Operator.Dns.Route53;
using Modestano.Operator.Dns.Sending;
using Modestano.Operator.Overrides;
using Modestano.Operator.Runtime;

namespace Modestano.Operator.Dns.Control;

/// <summary>
/// Cleans up when the object goes, as <see cref="DeletionPlanner"/> decides. Retain never keeps the object for more than five minutes; Delete
/// keeps it, with a reason, until the sets are gone.
/// </summary>
internal sealed class WeightedDnsRecordFinalizer(
    RecordAccess access,
    RecordObserver observer,
    ZoneBatcher batcher,
    OverrideReader overrides,
    IEntityController<WeightedDnsRecord> controller,
    IEntityClient<WeightedDnsRecord> client,
    IEntityQueue<WeightedDnsRecord> queue,
    IEventRecorder events,
    IInstallation installation,
    Grants grants,
    TimeProvider time) : IEntityFinalizer<WeightedDnsRecord>, ILeadershipListener
{
    private static readonly TimeSpan LongestRetain = TimeSpan.FromMinutes(5);
    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(15);
    private static readonly TimeSpan LongestBatch = TimeSpan.FromMinutes(1);

    /// <summary>What a waiting deletion was last told to wait for, by UID: an event once, not at each pass.</summary>
    private readonly ConcurrentDictionary<string, string> _told = new(StringComparer.Ordinal);

    /// <inheritdoc/>
    public string Identifier => "mongo.modestano.io/dns-record";

    /// <inheritdoc/>
    public void StoppedLeading() => _told.Clear();

    /// <inheritdoc/>
    public async Task<ReconciliationResult> FinalizeAsync(WeightedDnsRecord entity, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(entity);
        if (await SteeredByAsync(entity, cancellationToken) is { } migration)
        {
            // Until then it goes on following: the migration must still be able to go back.
            Waits(entity, $"the migration {migration} still steers them; they go when that has let go (it has ended, or was deleted)");
            var result = await controller.ReconcileAsync(entity, cancellationToken);
            return result == ReconciliationResult.Success ? ReconciliationResult.After(Pause) : result;
        }

        if (batcher.Find(ObjectKey.Of(entity), entity.Metadata.Uid) is { } asked)
        {
            return Finish(entity, asked);
        }

        await installation.ReadAsync(cancellationToken);
        try
        {
            return await CleanUpAsync(entity, cancellationToken);
        }
        catch (NoSuchHostedZoneException)
        {
            return ReconciliationResult.Success;
        }
        catch (Exception e) when (Route53Failure.Of(e) is { } failure && !cancellationToken.IsCancellationRequested)
        {
            return Blocked(entity, failure.Message);
        }
    }

    private async Task<ReconciliationResult> CleanUpAsync(WeightedDnsRecord record, CancellationToken cancellationToken)
    {
        var found = await access.FindAsync(record, cancellationToken);
        if (found.Refused is { } refused)
        {
            // Without the zone there is nothing left to remove; without a grant there is, and only a person can decide.
            return refused.Reason == DnsReasons.ZoneNotFound || record.Status?.HostedZoneId is null ? ReconciliationResult.Success : Blocked(record, refused.Message);
        }

        var seen = await observer.ObserveAsync(found.Account!, found.ZoneId, record, null, null, Freshness.ForEffect, cancellationToken);
        var plan = DeletionPlanner.Next(new(seen.Group, RecordClaim.Of(record, installation.Identity, grants, _ => null), record.Spec, RecordHold.ByAnnotation(record)));
        foreach (var (reason, words) in plan.Warnings)
        {
            events.Warning(record, reason, words);
        }

        switch (plan.Decision)
        {
            case DeletionDecision.Blocked(var why):
                return Blocked(record, why);
            case DeletionDecision.Remove remove:
                Ask(record, found, remove);
                return ReconciliationResult.After(LongestBatch);
            default:
                return ReconciliationResult.Success;
        }
    }

    private void Ask(WeightedDnsRecord record, AccessFound found, DeletionDecision.Remove remove) => batcher.Ask(new CleanUpPart
    {
        Key = ObjectKey.Of(record),
        Uid = record.Metadata.Uid,
        Account = found.Account!,
        ZoneId = found.ZoneId,
        Changes = remove.Changes,
        Comment = $"{ObjectKey.Of(record)}: deleted with policy {record.Spec.DeletionPolicy}",
        MayStill = token => remove.MovesTraffic ? MayStillAsync(record, token) : Task.FromResult(Permission.Given),
        Told = _ => queue.Enqueue(ObjectKey.Of(record)),
    });

    /// <summary>The live migration that steers the object and has not released it: without the object it could neither go on nor back.</summary>
    private async Task<string?> SteeredByAsync(WeightedDnsRecord record, CancellationToken cancellationToken)
    {
        if (record.Status?.Override is not { } latched)
        {
            return null;
        }

        var decision = await overrides.ReadAsync(record, latched, cancellationToken);
        return decision is { State: OverrideState.Active or OverrideState.Silent, Latch: { } latch } && latch.MigrationUid == latched.MigrationUid ? latch.MigrationName : null;
    }

    private async Task<Permission> MayStillAsync(WeightedDnsRecord planned, CancellationToken cancellationToken)
    {
        var live = await client.GetAsync(ObjectKey.Of(planned), cancellationToken);
        return live?.Metadata.Uid == planned.Metadata.Uid ? new Permission(RecordHold.ByAnnotation(live!), null) : new Permission("the object is gone", null);
    }

    private ReconciliationResult Finish(WeightedDnsRecord record, BatchPart asked)
    {
        if (asked.Outcome is not { } outcome)
        {
            return ReconciliationResult.After(LongestBatch);
        }

        batcher.Settle(asked);
        if (outcome is WriteOutcome.Failed { Cause: var cause })
        {
            ExceptionDispatchInfo.Throw(cause);
        }

        return (asked, outcome) switch
        {
            (CleanUpPart, WriteOutcome.Sent or WriteOutcome.Refused { Failure.Kind: Route53FailureKind.NoSuchZone }) => ReconciliationResult.Success,
            (CleanUpPart, WriteOutcome.Refused { Failure: var failure }) => Blocked(record, failure.Message),
            // Perhaps it was applied, or it was a step from before the deletion: the next pass sees what is there.
            _ => ReconciliationResult.After(TimeSpan.FromSeconds(1)),
        };
    }

    private ReconciliationResult Blocked(WeightedDnsRecord record, string why)
    {
        if (record.Spec.DeletionPolicy != DeletionPolicies.Delete && time.GetUtcNow() - record.Metadata.DeletionTimestamp > LongestRetain)
        {
            events.Warning(record, DnsReasons.MarksLeftBehind, $"The TXT marks of this object stay in the zone, remove them by hand: {why}");
            return ReconciliationResult.Success;
        }

        return Waits(record, why);
    }

    private ReconciliationResult Waits(WeightedDnsRecord record, string why)
    {
        if (!_told.TryGetValue(record.Metadata.Uid, out var before) || before != why)
        {
            _told[record.Metadata.Uid] = why;
            events.Warning(record, DnsReasons.DeletionBlocked, $"The record sets cannot be cleaned up yet: {why}");
        }

        return ReconciliationResult.After(Pause);
    }

    private sealed class CleanUpPart : BatchPart;
}
