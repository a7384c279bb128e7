using Modestano.Operator.ReplicaSets.Topology;

namespace Modestano.Operator.ReplicaSets.Mongo;

/// <summary>Waits for the member that takes writes after a hand-off.</summary>
/// <param name="isWritable">Asks one member; false also where it does not answer.</param>
/// <param name="time">The clock.</param>
internal sealed class NewPrimary(Func<string, Task<bool>> isWritable, TimeProvider time)
{
    private static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(20);

    /// <summary>The first of them that takes writes; null: none did in time.</summary>
    public async Task<string?> AwaitAsync(IReadOnlyCollection<string> candidates, TimeSpan atMost, CancellationToken cancellationToken)
    {
        // Each at its own pace: one that froze must not keep the answer of the new primary back, by which the gap for writers is measured.
        var asking = new Dictionary<string, Task<bool>>(HostNames.Comparer);
        var start = time.GetTimestamp();
        while (time.GetElapsedTime(start) < atMost)
        {
            foreach (var host in candidates.Where(h => !asking.ContainsKey(h)))
            {
                asking[host] = isWritable(host);
            }

            var pause = Task.Delay(Interval, time, cancellationToken);
            while (asking.Count > 0 && !pause.IsCompleted)
            {
                await Task.WhenAny([.. asking.Values, pause]);
                foreach (var (host, answer) in asking.Where(a => a.Value.IsCompleted).ToList())
                {
                    asking.Remove(host);
                    if (await answer)
                    {
                        return host;
                    }
                }
            }

            await pause;
        }

        return null;
    }
}
