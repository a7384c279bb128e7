using System.Diagnostics;
using Microsoft.Extensions.Time.Testing;

namespace Modestano.Operator.Tests.Runtime;

internal static class TimeExtensions
{
    /// <summary>What has not come by then does not come: a run that hangs tells nothing.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(1);

    /// <summary>Lets virtual time pass in small steps until a task has ended.</summary>
    /// <exception cref="TimeoutException">It has not within a minute of real time.</exception>
    public static async Task<T> AdvanceUntil<T>(this FakeTimeProvider time, Task<T> task, TimeSpan? step = null)
    {
        await time.AdvanceUntil(() => task.IsCompleted, step);
        return await task;
    }

    /// <summary>Lets virtual time pass in small steps until it is so.</summary>
    /// <exception cref="TimeoutException">It is not within a minute of real time.</exception>
    public static async Task AdvanceUntil(this FakeTimeProvider time, Func<bool> so, TimeSpan? step = null)
    {
        var (begun, watch) = (time.GetUtcNow(), Stopwatch.StartNew());
        while (!so())
        {
            if (watch.Elapsed > Patience)
            {
                throw new TimeoutException($"it has not come after {time.GetUtcNow() - begun} of virtual time");
            }

            time.Advance(step ?? TimeSpan.FromMilliseconds(50));
            await Task.Yield();
        }
    }
}
