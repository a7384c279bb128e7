using System.Collections.Concurrent;

namespace Modestano.Operator.ReplicaSets.Mongo;

/// <summary>
/// Whose connection is opened next. A SCRAM login costs milliseconds of processor; a thousand sets that all log in at the process' start would
/// starve each other beyond every deadline, and then begin again.
/// </summary>
#pragma warning disable CA1001 // Its semaphores hold nothing of the system, and a pass may still be about to release one.
internal sealed class OpeningTurns(TimeProvider time)
#pragma warning restore CA1001
{
    /// <summary>Connections that are being opened at the same time.</summary>
    private const int AtATime = 8;

    /// <summary>Those of one namespace: members that never answer, be they ever so many, leave turns to everybody else's.</summary>
    private const int OfANamespace = 6;

    /// <summary>A member that takes longer is waiting, not computing: the next one may begin.</summary>
    private static readonly TimeSpan Turn = TimeSpan.FromMilliseconds(250);

    private readonly SemaphoreSlim _all = new(AtATime);
    private readonly ConcurrentDictionary<string, SemaphoreSlim> _of = new();

    /// <summary>Begins when it has its turn, and waits for the end.</summary>
    public async Task<T> RunAsync<T>(string @namespace, Func<Task<T>> begin, CancellationToken cancellationToken)
    {
        Task<T> begun;
        var own = _of.GetOrAdd(@namespace, _ => new SemaphoreSlim(OfANamespace));
        await own.WaitAsync(cancellationToken);
        try
        {
            await _all.WaitAsync(cancellationToken);
            try
            {
                begun = begin();
                await Task.WhenAny(begun, Task.Delay(Turn, time, cancellationToken));
            }
            finally
            {
                _all.Release();
            }
        }
        finally
        {
            own.Release();
        }

        return await begun;
    }
}
