using Microsoft.Extensions.Time.Testing;

namespace Modestano.Operator.Tests.Runtime;

internal static class TimeExtensions
{
    /// <summary>Lets virtual time pass in small steps until a task has ended.</summary>
    public static async Task<T> AdvanceUntil<T>(this FakeTimeProvider time, Task<T> task, TimeSpan? step = null)
    {
        while (!task.IsCompleted)
        {
            time.Advance(step ?? TimeSpan.FromMilliseconds(50));
            await Task.Yield();
        }

        return await task;
    }
}
