using System.Collections.Concurrent;

namespace Modestano.Operator.Runtime.Hosting;

/// <summary>Failures in a row by object.</summary>
internal sealed class FailureCounts
{
    private readonly ConcurrentDictionary<ObjectKey, int> _counts = new();

    /// <summary>Counts a failure.</summary>
    /// <returns>How many there are in a row now.</returns>
    public int Add(ObjectKey key) => _counts.AddOrUpdate(key, 1, (_, count) => count + 1);

    /// <summary>A pass went well.</summary>
    public void Forget(ObjectKey key) => _counts.TryRemove(key, out _);
}
