using Modestano.Operator.Dns.Planning;
using Modestano.Operator.Dns.Records;

namespace Modestano.Operator.Dns.Observation;

/// <summary>A zone as it was read a moment ago, with our own batches since then applied.</summary>
internal sealed class ZoneCopy : IDisposable
{
    private readonly Lock _gate = new();
    private readonly SemaphoreSlim _reading = new(1, 1);
    private readonly Dictionary<string, DateTimeOffset> _asked = new(StringComparer.Ordinal);
    private readonly List<RecordChange> _duringReading = [];
    private Dictionary<(string Name, string Type), List<RecordSet>>? _sets;
    private DateTimeOffset _readAt;
    private int _forgotten;

    /// <inheritdoc/>
    public void Dispose() => _reading.Dispose();

    /// <summary>Notes that a name was asked for, and counts the names of the last while.</summary>
    public int NamesAskedFor(string name, DateTimeOffset now, TimeSpan lately)
    {
        lock (_gate)
        {
            _asked[name] = now;
            if (_asked.Values.Any(at => now - at > lately))
            {
                foreach (var old in _asked.Where(a => now - a.Value > lately).Select(a => a.Key).ToList())
                {
                    _asked.Remove(old);
                }
            }

            return _asked.Count;
        }
    }

    /// <summary>The sets of a name and type; the zone is read where the copy is too old, once for all who ask meanwhile.</summary>
    public async Task<IReadOnlyList<RecordSet>> ReadAsync(string name, string type, TimeSpan maxAge, Func<CancellationToken, Task<List<RecordSet>>> readAll, TimeProvider time, CancellationToken cancellationToken)
    {
        if (Find(name, type, maxAge, time.GetUtcNow()) is { } kept)
        {
            return kept;
        }

        await _reading.WaitAsync(cancellationToken);
        try
        {
            if (Find(name, type, maxAge, time.GetUtcNow()) is { } readMeanwhile)
            {
                return readMeanwhile;
            }

            int before;
            lock (_gate)
            {
                _duringReading.Clear();
                before = _forgotten;
            }

            var begun = time.GetUtcNow();
            var all = await readAll(cancellationToken);
            lock (_gate)
            {
                var sets = all.GroupBy(set => (set.Name, set.Type)).ToDictionary(group => group.Key, group => group.ToList());
                Apply(sets, _duringReading);
                (_sets, _readAt) = before == _forgotten ? (sets, begun) : (null, default);
                return sets.TryGetValue((name, type), out var found) ? [.. found] : [];
            }
        }
        finally
        {
            _reading.Release();
        }
    }

    public void Apply(IReadOnlyList<RecordChange> changes)
    {
        lock (_gate)
        {
            // Pages that are read just now may be from before the batch: it is applied to them too.
            _duringReading.AddRange(changes);
            if (_sets is not null)
            {
                Apply(_sets, changes);
            }
        }
    }

    public void Forget()
    {
        lock (_gate)
        {
            _sets = null;
            _forgotten++;
        }
    }

    private IReadOnlyList<RecordSet>? Find(string name, string type, TimeSpan maxAge, DateTimeOffset now)
    {
        lock (_gate)
        {
            return _sets is null || now - _readAt > maxAge ? null
                : _sets.TryGetValue((name, type), out var found) ? [.. found]
                : [];
        }
    }

    private static void Apply(Dictionary<(string Name, string Type), List<RecordSet>> sets, IEnumerable<RecordChange> changes)
    {
        foreach (var change in changes)
        {
            var key = (change.Set.Name, change.Set.Type);
            if (!sets.TryGetValue(key, out var group))
            {
                sets[key] = group = [];
            }

            group.RemoveAll(set => set.SetIdentifier == change.Set.SetIdentifier);
            if (change.IsCreate)
            {
                group.Add(change.Set);
            }
        }
    }
}
