using System.Diagnostics;

namespace Modestano.Scenarios.Runtime;

/// <summary>Waits in real time for what another process or thread brings about.</summary>
internal static class Eventually
{
    /// <summary>Looks again and again until it is so.</summary>
    /// <returns>How long it took.</returns>
    public static async Task<TimeSpan> Is(Func<Task<bool>> so, string what, TimeSpan? atMost = null)
    {
        var watch = Stopwatch.StartNew();
        while (!await so())
        {
            if (watch.Elapsed > (atMost ?? TimeSpan.FromMinutes(1)))
            {
                Assert.Fail($"after {watch.Elapsed.TotalSeconds:0.0} s it is still not so: {what}");
            }

            await Task.Delay(20);
        }

        return watch.Elapsed;
    }

    /// <inheritdoc cref="Is(Func{Task{bool}}, string, TimeSpan?)"/>
    public static Task<TimeSpan> Is(Func<bool> so, string what, TimeSpan? atMost = null) => Is(() => Task.FromResult(so()), what, atMost);
}
