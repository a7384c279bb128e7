using System.Collections.Concurrent;
using Modestano.Operator.Runtime;

namespace Modestano.Operator.Dns.Sending;

/// <summary>
/// Sends what the objects of a zone want changed: never more than one batch of a zone at a time, and what is wanted together goes together
/// (D4). A pass asks and ends; the batch is sent outside of it, and its outcome makes the next pass due. So a thousand records that are due
/// at the same moment need a few batches and no more workers than one record does.
/// </summary>
/// <remarks>
/// Nothing here outlives the process or its lead. That is safe: whoever asks has written into status before that a change may have been
/// sent, and who finds that without an outcome here confirms what is there (M4).
/// </remarks>
internal sealed class ZoneBatcher(ZoneSender sender, ILeadership leadership, TimeProvider time) : ILeadershipListener
{
    /// <summary>A batch is closed when nobody has asked for so long: time enough for one pass to follow another.</summary>
    public static readonly TimeSpan Quiet = TimeSpan.FromMilliseconds(100);

    /// <summary>Or when its first part has waited for so long, little beside the minute that Route 53 takes to spread a change.</summary>
    private static readonly TimeSpan LongestGathering = TimeSpan.FromSeconds(3);

    private static readonly TimeSpan LongestEffect = TimeSpan.FromSeconds(20);

    /// <summary>Permissions that are read at the same time.</summary>
    private const int PermissionsAtOnce = 16;

    private readonly ConcurrentDictionary<ObjectKey, BatchPart> _parts = new();
    private readonly ConcurrentDictionary<(string Account, string Zone), ZoneQueue> _zones = new();

    /// <summary>What an object has asked for and not settled yet; null: nothing.</summary>
    public BatchPart? Find(ObjectKey key, string uid) => _parts.TryGetValue(key, out var part) && part.Uid == uid ? part : null;

    /// <summary>Puts a part into a next batch of its zone.</summary>
    public void Ask(BatchPart part)
    {
        _parts[part.Key] = part;
        var queue = _zones.GetOrAdd((part.Account.Key, part.ZoneId), _ => new ZoneQueue());
        if (queue.Add(part))
        {
            // The sending is nobody's pass: what flows with this one (its log scope) does not belong to it.
            using (ExecutionContext.SuppressFlow())
            {
                _ = SendAllAsync(queue);
            }
        }
    }

    /// <summary>The outcome was taken in.</summary>
    public void Settle(BatchPart part) => _parts.TryRemove(KeyValuePair.Create(part.Key, part));

    /// <summary>The object is gone.</summary>
    public void Forget(ObjectKey key) => _parts.TryRemove(key, out _);

    /// <inheritdoc/>
    public void StoppedLeading()
    {
        _parts.Clear();
        foreach (var queue in _zones.Values)
        {
            queue.Clear();
        }
    }

    private async Task SendAllAsync(ZoneQueue queue)
    {
        while (true)
        {
            await GatherAsync(queue);
            var parts = queue.Take();
            if (parts.Count == 0)
            {
                return;
            }

            try
            {
                var (allowed, until) = await AllowedAsync(parts);
                if (allowed.Count > 0)
                {
                    await SendAsync(allowed, until);
                }
            }
            catch (Exception e)
            {
                // The passes of those who asked tell of it.
                foreach (var part in parts.Where(part => part.Outcome is null))
                {
                    part.End(new WriteOutcome.Failed(e), time.GetUtcNow());
                }
            }
        }
    }

    private async Task GatherAsync(ZoneQueue queue)
    {
        var begun = time.GetTimestamp();
        int asked;
        do
        {
            asked = queue.Asked;
            await Task.Delay(Quiet, time);
        }
        while (queue.Asked != asked && !queue.IsFull && time.GetElapsedTime(begun) < LongestGathering);
    }

    private async Task<(List<BatchPart> Allowed, DateTimeOffset Until)> AllowedAsync(List<BatchPart> parts)
    {
        var allowed = new List<BatchPart>();
        var end = time.GetUtcNow() + LongestEffect;
        using var deadline = new CancellationTokenSource(LongestEffect, time);
        foreach (var some in parts.Chunk(PermissionsAtOnce))
        {
            var permissions = await Task.WhenAll(some.Select(part => PermissionOfAsync(part, deadline.Token)));
            foreach (var (part, permission) in some.Zip(permissions))
            {
                if (permission is null)
                {
                    continue;
                }

                if (permission.Refusal is not null || permission.Until <= time.GetUtcNow())
                {
                    part.End(new WriteOutcome.NotSent(permission.Refusal ?? "the permission ran out"), time.GetUtcNow());
                    continue;
                }

                allowed.Add(part);
                end = permission.Until < end ? permission.Until.Value : end;
            }
        }

        return (allowed, end);
    }

    /// <summary>One record whose permission cannot be read does not keep back the others: it ends as failed, and null is returned.</summary>
    private async Task<Permission?> PermissionOfAsync(BatchPart part, CancellationToken cancellationToken)
    {
        try
        {
            return await part.MayStill(cancellationToken);
        }
        catch (Exception e)
        {
            part.End(new WriteOutcome.Failed(e), time.GetUtcNow());
            return null;
        }
    }

    private async Task SendAsync(List<BatchPart> parts, DateTimeOffset until)
    {
        var left = until - time.GetUtcNow();
        if (left <= TimeSpan.Zero)
        {
            parts.ForEach(part => part.End(new WriteOutcome.NotSent("the permission ran out"), time.GetUtcNow()));
            return;
        }

        WriteOutcome outcome;
        using (var effect = leadership.BeginEffect(left, CancellationToken.None))
        {
            outcome = await sender.SendAsync(parts[0].Account, parts[0].ZoneId, [.. parts.SelectMany(part => part.Changes)], Comment(parts), effect.Token);
        }

        // The service tells which set is wrong only in words, so the batch is split until the wrong one is alone and the others are through.
        if (outcome is WriteOutcome.Refused { Failure.IsOfTheBatch: true } && parts.Count > 1)
        {
            await SendAsync(parts[..(parts.Count / 2)], until);
            await SendAsync(parts[(parts.Count / 2)..], until);
            return;
        }

        parts.ForEach(part => part.End(outcome, time.GetUtcNow()));
    }

    private static string Comment(List<BatchPart> parts) => parts.Count == 1 ? parts[0].Comment : $"{parts.Count} records: {string.Join("; ", parts.Select(part => part.Comment))}";
}
