using System.Collections.Concurrent;
using Modestano.Operator.Dns.Accounts;
using Modestano.Operator.Dns.Planning;
using Modestano.Operator.Dns.Planning.Rules;
using Modestano.Operator.Runtime;

namespace Modestano.Operator.Dns.Control;

/// <summary>
/// Sends what the records of a zone want changed: never more than one batch of a zone at a time, and what becomes due while one is under
/// way goes together in the next (D4). Whoever waits first sends for all; there is no delay to gather, so a single record never waits.
/// </summary>
internal sealed class ZoneBatcher(ZoneSender sender, ILeadership leadership, TimeProvider time)
{
    private static readonly TimeSpan LongestEffect = TimeSpan.FromSeconds(20);

    private readonly ConcurrentDictionary<(string Account, string Zone), ZoneQueue> _zones = new();

    /// <summary>Sends the changes of one record, alone or with those of others; they are applied wholly or not at all.</summary>
    /// <param name="account">Where.</param>
    /// <param name="zoneId">The zone.</param>
    /// <param name="changes">The record's changes.</param>
    /// <param name="comment">What they are for; the service keeps it with the change.</param>
    /// <param name="mayStill">Asked immediately before: until when they may be sent, or why they may not.</param>
    /// <param name="cancellationToken">Ends the waiting for the zone.</param>
    public async Task<WriteOutcome> WriteAsync(
        Route53Account account, string zoneId, IReadOnlyList<RecordChange> changes, string comment, Func<CancellationToken, Task<Permission>> mayStill, CancellationToken cancellationToken)
    {
        var queue = _zones.GetOrAdd((account.Key, zoneId), _ => new ZoneQueue());
        var part = new BatchPart(changes, comment, mayStill);
        queue.Waiting.Enqueue(part);
        try
        {
            await queue.Sending.WaitAsync(cancellationToken);
        }
        catch (OperationCanceledException)
        {
            part.Withdraw();
            throw;
        }

        try
        {
            while (!part.Outcome.IsCompleted)
            {
                await SendNextAsync(account, zoneId, queue, cancellationToken);
            }
        }
        finally
        {
            queue.Sending.Release();
        }

        return await part.Outcome;
    }

    private async Task SendNextAsync(Route53Account account, string zoneId, ZoneQueue queue, CancellationToken cancellationToken)
    {
        var parts = Take(queue);
        try
        {
            var (allowed, until) = await AllowedAsync(parts, cancellationToken);
            if (allowed.Count > 0)
            {
                await SendAsync(account, zoneId, allowed, until, cancellationToken);
            }
        }
        catch (Exception e)
        {
            foreach (var part in parts)
            {
                part.Fail(e);
            }
        }
    }

    /// <summary>As many parts as the service takes in one batch, in the order of asking.</summary>
    private static List<BatchPart> Take(ZoneQueue queue)
    {
        var parts = new List<BatchPart>();
        var (values, characters) = (0, 0);
        while (queue.Waiting.TryPeek(out var next))
        {
            values += CompareAndSwap.Values(next.Changes);
            characters += CompareAndSwap.Characters(next.Changes);
            if (parts.Count > 0 && (values > CompareAndSwap.MostValues || characters > CompareAndSwap.MostCharacters))
            {
                break;
            }

            // Only the holder of the zone takes, so what was peeked at is what comes.
            queue.Waiting.TryDequeue(out _);
            if (!next.IsWithdrawn)
            {
                parts.Add(next);
            }
        }

        return parts;
    }

    private async Task<(List<BatchPart> Allowed, DateTimeOffset Until)> AllowedAsync(List<BatchPart> parts, CancellationToken cancellationToken)
    {
        var allowed = new List<BatchPart>();
        var end = time.GetUtcNow() + LongestEffect;
        foreach (var part in parts)
        {
            Permission permission;
            try
            {
                permission = await part.MayStill(cancellationToken);
            }
            catch (Exception e) when (!cancellationToken.IsCancellationRequested)
            {
                // One record whose permission cannot be read does not keep back the others.
                part.Fail(e);
                continue;
            }

            if (permission.Refusal is not null || permission.Until <= time.GetUtcNow())
            {
                part.Complete(new WriteOutcome.NotSent(permission.Refusal ?? "the permission ran out"));
                continue;
            }

            allowed.Add(part);
            end = permission.Until < end ? permission.Until.Value : end;
        }

        return (allowed, end);
    }

    private async Task SendAsync(Route53Account account, string zoneId, List<BatchPart> parts, DateTimeOffset until, CancellationToken cancellationToken)
    {
        var left = until - time.GetUtcNow();
        if (left <= TimeSpan.Zero)
        {
            parts.ForEach(part => part.Complete(new WriteOutcome.NotSent("the permission ran out")));
            return;
        }

        WriteOutcome outcome;
        using (var effect = leadership.BeginEffect(left, cancellationToken))
        {
            outcome = await sender.SendAsync(account, zoneId, [.. parts.SelectMany(part => part.Changes)], Comment(parts), effect.Token);
        }

        // The service tells which set is wrong only in words, so the batch is split until the wrong one is alone and the others are through.
        if (outcome is WriteOutcome.Refused { Failure.IsOfTheBatch: true } && parts.Count > 1)
        {
            await SendAsync(account, zoneId, parts[..(parts.Count / 2)], until, cancellationToken);
            await SendAsync(account, zoneId, parts[(parts.Count / 2)..], until, cancellationToken);
            return;
        }

        parts.ForEach(part => part.Complete(outcome));
    }

    private static string Comment(List<BatchPart> parts) => parts.Count == 1 ? parts[0].Comment : $"{parts.Count} records: {string.Join("; ", parts.Select(part => part.Comment))}";

    /// <summary>One zone: who waits, and who sends.</summary>
    private sealed class ZoneQueue
    {
        public ConcurrentQueue<BatchPart> Waiting { get; } = new();

        public SemaphoreSlim Sending { get; } = new(1, 1);
    }

    /// <summary>The changes of one record in a batch.</summary>
    private sealed class BatchPart(IReadOnlyList<RecordChange> changes, string comment, Func<CancellationToken, Task<Permission>> mayStill)
    {
        private readonly TaskCompletionSource<WriteOutcome> _outcome = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public IReadOnlyList<RecordChange> Changes => changes;

        public string Comment => comment;

        public Func<CancellationToken, Task<Permission>> MayStill => mayStill;

        public Task<WriteOutcome> Outcome => _outcome.Task;

        public bool IsWithdrawn { get; private set; }

        public void Complete(WriteOutcome outcome) => _outcome.TrySetResult(outcome);

        public void Fail(Exception e) => _outcome.TrySetException(e);

        public void Withdraw() => IsWithdrawn = true;
    }
}
