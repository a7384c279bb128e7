namespace Modestano.Operator.Runtime.Queues;

/// <summary>
/// Keys that wait for a pass, as client-go's work queue keeps them: a key is worked on by one worker at a time, and one that is added
/// meanwhile runs again afterwards. Delays are kept in one heap with one timer, whatever the number of objects.
/// </summary>
internal sealed class WorkQueue : IDisposable
{
    private readonly TimeProvider _time;
    private readonly QueueMetrics _metrics;
    private readonly Lock _lock = new();
    private readonly SemaphoreSlim _ready = new(0);
    private readonly Queue<ObjectKey> _queue = new();
    private readonly Dictionary<ObjectKey, long> _dirty = [];
    private readonly Dictionary<ObjectKey, long> _processing = [];
    private readonly PriorityQueue<Delay, long> _delays = new();
    private readonly Dictionary<(ObjectKey Key, DelaySource Source), long> _due = [];
    private readonly ITimer _timer;
    private long _timerDue = long.MaxValue;
    private bool _stopped;

    public WorkQueue(TimeProvider time, QueueMetrics metrics)
    {
        _time = time;
        _metrics = metrics;
        _timer = time.CreateTimer(_ => ReleaseDue(), null, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
    }

    private readonly record struct Delay(ObjectKey Key, DelaySource Source, long Due);

    /// <summary>Keys that are ready and wait for a worker.</summary>
    public int Depth
    {
        get
        {
            lock (_lock)
            {
                return _queue.Count;
            }
        }
    }

    /// <summary>Adds a key; one that waits already is not added twice.</summary>
    public void Add(ObjectKey key)
    {
        lock (_lock)
        {
            if (_stopped || !_dirty.TryAdd(key, _time.GetTimestamp()))
            {
                return;
            }

            _metrics.Adds.Inc();
            if (!_processing.ContainsKey(key))
            {
                Publish(key);
            }
        }
    }

    /// <summary>Adds a key after a while. A request from outside keeps the earlier of two times; a pass's own result replaces the one before.</summary>
    public void AddAfter(ObjectKey key, TimeSpan delay, DelaySource source)
    {
        if (delay <= TimeSpan.Zero)
        {
            Add(key);
            return;
        }

        lock (_lock)
        {
            if (_stopped)
            {
                return;
            }

            var due = _time.GetTimestamp() + (long)(delay.TotalSeconds * _time.TimestampFrequency);
            if (source == DelaySource.Request && _due.TryGetValue((key, source), out var earlier) && earlier <= due)
            {
                return;
            }

            _due[(key, source)] = due;
            _delays.Enqueue(new Delay(key, source, due), due);
            DropStale();
            ArmTimer();
        }
    }

    /// <summary>The next key, as soon as there is one. <see cref="Done"/> must follow.</summary>
    /// <exception cref="OperationCanceledException">Cancelled.</exception>
    public async Task<ObjectKey> TakeAsync(CancellationToken cancellationToken)
    {
        await _ready.WaitAsync(cancellationToken);
        lock (_lock)
        {
            var key = _queue.Dequeue();
            var now = _time.GetTimestamp();
            _dirty.Remove(key, out var added);
            _processing[key] = now;
            // The pass that starts now decides anew when the next one is due.
            _due.Remove((key, DelaySource.Result));
            _metrics.Waited(_time.GetElapsedTime(added, now), _queue.Count);
            return key;
        }
    }

    /// <summary>The pass has ended; a key that was added meanwhile waits again.</summary>
    public void Done(ObjectKey key)
    {
        lock (_lock)
        {
            if (_processing.Remove(key, out var started))
            {
                _metrics.Worked(_time.GetElapsedTime(started));
            }

            if (!_stopped && _dirty.ContainsKey(key))
            {
                Publish(key);
            }
        }
    }

    /// <summary>Forgets a key's waiting times: the object is gone.</summary>
    public void Forget(ObjectKey key)
    {
        lock (_lock)
        {
            _due.Remove((key, DelaySource.Result));
            _due.Remove((key, DelaySource.Request));
        }
    }

    public void Dispose()
    {
        lock (_lock)
        {
            _stopped = true;
            _queue.Clear();
            _dirty.Clear();
            _due.Clear();
            _delays.Clear();
            _metrics.Emptied();
        }

        _timer.Dispose();
    }

    private void Publish(ObjectKey key)
    {
        _queue.Enqueue(key);
        _metrics.Depth.Set(_queue.Count);
        _ready.Release();
    }

    private void ReleaseDue()
    {
        lock (_lock)
        {
            _timerDue = long.MaxValue;
            var now = _time.GetTimestamp();
            while (_delays.TryPeek(out var delay, out var due) && due <= now)
            {
                _delays.Dequeue();
                if (_due.TryGetValue((delay.Key, delay.Source), out var valid) && valid == delay.Due)
                {
                    _due.Remove((delay.Key, delay.Source));
                    Add(delay.Key);
                }
            }

            ArmTimer();
        }
    }

    private void ArmTimer()
    {
        if (_stopped || !_delays.TryPeek(out _, out var due) || due >= _timerDue)
        {
            return;
        }

        _timerDue = due;
        // A timer that fires a little early would find nothing due: round up to a whole millisecond.
        var wait = _time.GetElapsedTime(_time.GetTimestamp(), due);
        _timer.Change(wait < TimeSpan.Zero ? TimeSpan.Zero : TimeSpan.FromMilliseconds(Math.Ceiling(wait.TotalMilliseconds)), Timeout.InfiniteTimeSpan);
    }

    /// <summary>Replaced delays stay in the heap until they are due; where they outnumber the valid ones it is built anew.</summary>
    private void DropStale()
    {
        if (_delays.Count < 64 || _delays.Count < _due.Count * 2)
        {
            return;
        }

        _delays.Clear();
        foreach (var ((key, source), due) in _due)
        {
            _delays.Enqueue(new Delay(key, source, due), due);
        }
    }
}

/// <summary>Who asked for a pass later.</summary>
internal enum DelaySource
{
    /// <summary>The pass before: its result or its backoff. Void as soon as another pass starts.</summary>
    Result,

    /// <summary>Somebody outside, through <see cref="IEntityQueue{TEntity}"/>. Kept until its time.</summary>
    Request,
}
