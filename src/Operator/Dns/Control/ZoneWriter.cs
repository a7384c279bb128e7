using System.Collections.Concurrent;
using Modestano.Operator.Dns.Accounts;
using Modestano.Operator.Dns.Observation;
using Modestano.Operator.Dns.Planning;
using Modestano.Operator.Dns.Route53;
using Modestano.Operator.Dns.Route53.Model;
using Modestano.Operator.Runtime;

namespace Modestano.Operator.Dns.Control;

/// <summary>Sends change batches: one at a time in each zone, each within an effect scope, and only if it may still happen at that moment.</summary>
internal sealed class ZoneWriter(ILeadership leadership, TimeProvider time)
{
    private const int LongestComment = 256;
    private static readonly TimeSpan LongestEffect = TimeSpan.FromSeconds(20);

    private readonly ConcurrentDictionary<(string Account, string Zone), SemaphoreSlim> _zones = new();

    /// <summary>Sends one batch.</summary>
    /// <param name="account">Where.</param>
    /// <param name="zoneId">The zone.</param>
    /// <param name="changes">The batch.</param>
    /// <param name="comment">What it is for; the service keeps it with the change.</param>
    /// <param name="mayStill">Asked immediately before: until when the batch may be sent, or why it may not.</param>
    /// <param name="cancellationToken">Ends the waiting for the zone.</param>
    public async Task<WriteOutcome> WriteAsync(
        Route53Account account, string zoneId, IReadOnlyList<RecordChange> changes, string comment, Func<CancellationToken, Task<Permission>> mayStill, CancellationToken cancellationToken)
    {
        var zone = _zones.GetOrAdd((account.Key, zoneId), _ => new SemaphoreSlim(1, 1));
        await zone.WaitAsync(cancellationToken);
        try
        {
            var permission = await mayStill(cancellationToken);
            var left = permission.Until is { } until ? until - time.GetUtcNow() : LongestEffect;
            if (permission.Refusal is { } refusal || left <= TimeSpan.Zero)
            {
                return new WriteOutcome.NotSent(permission.Refusal ?? "the permission ran out");
            }

            using var effect = leadership.BeginEffect(left < LongestEffect ? left : LongestEffect, cancellationToken);
            return await SendAsync(account.Client, zoneId, changes, comment, effect.Token);
        }
        finally
        {
            zone.Release();
        }
    }

    private static async Task<WriteOutcome> SendAsync(IAmazonRoute53 client, string zoneId, IReadOnlyList<RecordChange> changes, string comment, CancellationToken cancellationToken)
    {
        var batch = new ChangeBatch
        {
            Comment = comment.Length <= LongestComment ? comment : comment[..LongestComment],
            Changes = [.. changes.Select(change => new Change { Action = change.IsCreate ? ChangeAction.CREATE : ChangeAction.DELETE, ResourceRecordSet = change.Set.ToRoute53() })],
        };
        try
        {
            var answer = await client.ChangeResourceRecordSetsAsync(new() { HostedZoneId = zoneId, ChangeBatch = batch }, cancellationToken);
            return new WriteOutcome.Sent(answer.ChangeInfo.Id[(answer.ChangeInfo.Id.LastIndexOf('/') + 1)..], answer.ChangeInfo.Status == ChangeStatus.INSYNC);
        }
        catch (Exception e) when (Route53Failure.Of(e) is { } failure)
        {
            return failure.MayHaveBeenApplied ? new WriteOutcome.Unknown(failure, e) : new WriteOutcome.Refused(failure, e);
        }
    }
}

/// <summary>Whether a batch may be sent now.</summary>
/// <param name="Refusal">Why not; null: it may.</param>
/// <param name="Until">Until when; null: no such limit.</param>
internal sealed record Permission(string? Refusal, DateTimeOffset? Until)
{
    public static Permission Given { get; } = new(null, null);
}

/// <summary>What became of a batch.</summary>
internal abstract record WriteOutcome
{
    /// <summary>Taken by the service.</summary>
    public sealed record Sent(string ChangeId, bool InSync) : WriteOutcome;

    /// <summary>It was no longer allowed.</summary>
    public sealed record NotSent(string Why) : WriteOutcome;

    /// <summary>The service refused; nothing was applied.</summary>
    public sealed record Refused(Route53Failure Failure, Exception Cause) : WriteOutcome;

    /// <summary>No answer: it may have been applied.</summary>
    public sealed record Unknown(Route53Failure Failure, Exception Cause) : WriteOutcome;
}
