namespace Modestano.Operator.Runtime.Queues;

/// <summary>Keys that become due later, in one heap. Not safe for threads: its queue locks.</summary>
internal sealed class DelayedKeys
{
    private readonly PriorityQueue<Delay, long> _heap = new();
    private readonly Dictionary<(ObjectKey Key, DelaySource Source), Delay> _valid = [];

    /// <summary>When the first entry is due, as a timestamp; null: there is none. It may be one that is void by now.</summary>
    public long? NextDue => _heap.TryPeek(out _, out var due) ? due : null;

    /// <summary>Adds a key. A request from outside keeps the earlier of two times; a pass's own result replaces the one before.</summary>
    /// <param name="key">The key.</param>
    /// <param name="source">Who asks.</param>
    /// <param name="due">A timestamp.</param>
    /// <param name="isLook">Nobody asked for it but the clock.</param>
    public void Add(ObjectKey key, DelaySource source, long due, bool isLook)
    {
        if (source == DelaySource.Request && _valid.TryGetValue((key, source), out var earlier) && earlier.Due <= due)
        {
            return;
        }

        var added = new Delay(key, source, due, isLook);
        _valid[(key, source)] = added;
        _heap.Enqueue(added, due);
        DropVoid();
    }

    /// <summary>Takes out what is due.</summary>
    /// <param name="now">A timestamp.</param>
    public IEnumerable<(ObjectKey Key, bool IsLook)> TakeDue(long now)
    {
        while (_heap.TryPeek(out var delay, out var due) && due <= now)
        {
            _heap.Dequeue();
            if (_valid.TryGetValue((delay.Key, delay.Source), out var valid) && valid == delay)
            {
                _valid.Remove((delay.Key, delay.Source));
                yield return (delay.Key, delay.IsLook);
            }
        }
    }

    /// <summary>What somebody asked for is void.</summary>
    public void Forget(ObjectKey key, DelaySource source) => _valid.Remove((key, source));

    /// <summary>Everything is void.</summary>
    public void Clear()
    {
        _valid.Clear();
        _heap.Clear();
    }

    /// <summary>Replaced delays stay in the heap until they are due; where they outnumber the valid ones it is built anew.</summary>
    private void DropVoid()
    {
        if (_heap.Count < 64 || _heap.Count < _valid.Count * 2)
        {
            return;
        }

        _heap.Clear();
        _heap.EnqueueRange(_valid.Values.Select(d => (d, d.Due)));
    }

    private readonly record struct Delay(ObjectKey Key, DelaySource Source, long Due, bool IsLook);
}
