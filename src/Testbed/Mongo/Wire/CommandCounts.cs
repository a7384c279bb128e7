using System.Collections.Concurrent;

namespace Modestano.Testbed.Mongo.Wire;

/// <summary>How many commands clients sent to the members, by name. A streamed <c>hello</c> counts once for each answer. Thread-safe.</summary>
public sealed class CommandCounts
{
    private readonly ConcurrentDictionary<string, long> _counts = new(StringComparer.Ordinal);

    /// <summary>All counts now.</summary>
    public IReadOnlyDictionary<string, long> All => _counts.ToDictionary();

    internal void Count(string name) => _counts.AddOrUpdate(name, 1, (_, n) => n + 1);
}
