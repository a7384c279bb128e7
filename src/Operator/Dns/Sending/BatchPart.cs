using Modestano.Operator.Dns.Accounts;
using Modestano.Operator.Dns.Planning;
using Modestano.Operator.Runtime;

namespace Modestano.Operator.Dns.Sending;

/// <summary>What one object wants changed in its zone: applied wholly or not at all, in a batch with what others want.</summary>
internal class BatchPart
{
    private readonly TaskCompletionSource _taken = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly TaskCompletionSource<WriteOutcome> _outcome = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>Whose it is.</summary>
    public required ObjectKey Key { get; init; }

    /// <summary>The object's UID: what was asked for by an earlier object of the same name is none of a later one's business.</summary>
    public required string Uid { get; init; }

    /// <summary>Where, and with whose credentials.</summary>
    public required Route53Account Account { get; init; }

    /// <summary>The zone.</summary>
    public required string ZoneId { get; init; }

    /// <summary>The changes.</summary>
    public required IReadOnlyList<RecordChange> Changes { get; init; }

    /// <summary>What they are for; the service keeps it with the change.</summary>
    public required string Comment { get; init; }

    /// <summary>Asked immediately before: until when they may be sent, or why they may not.</summary>
    public required Func<CancellationToken, Task<Permission>> MayStill { get; init; }

    /// <summary>Told once, as soon as there is an outcome.</summary>
    public required Action<WriteOutcome> Told { get; init; }

    /// <summary>What became of it; null: it waits, or is under way.</summary>
    public WriteOutcome? Outcome => _outcome.Task.IsCompleted ? _outcome.Task.Result : null;

    /// <summary>When that was known.</summary>
    public DateTimeOffset EndedAt { get; private set; }

    /// <summary>Ends when the part is in a batch.</summary>
    public Task Taken => _taken.Task;

    /// <summary>Ends with the outcome.</summary>
    public Task Ended => _outcome.Task;

    internal void Take() => _taken.TrySetResult();

    internal void End(WriteOutcome outcome, DateTimeOffset now)
    {
        EndedAt = now;
        Take();
        _outcome.SetResult(outcome);
        Told(outcome);
    }
}
