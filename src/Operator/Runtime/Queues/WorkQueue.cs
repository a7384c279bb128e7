namespace Modestano.Operator.Runtime.Queues;

/// <summary>
/// Keys that wait for a pass, as client-go's work queue keeps them: a key is worked on by one worker at a time, and one that is added
/// meanwhile runs again afterwards. Delays are kept in one heap with one timer, whatever the number of objects.
/// </summary>
/// <remarks>
/// A pass that was due after a long while is a mere look: it lets those that somebody asked for, by an edit or an event, go before it. A thousand
/// sets at rest that are all due in the same second would else hold an edit up for two.
/// </remarks>
internal sealed class WorkQueue : IDisposable
{
    /// <summary>From this delay on a pass is a mere look.</summary>
    public static readonly TimeSpan LookDelay = TimeSpan.FromSeconds(5);

    /// <summary>After so many others one look has its turn all the same.</summary>
    private const int MostBeforeALook = 8;

    private readonly TimeProvider _time;
    private readonly QueueMetrics _metrics;
    private readonly Lock _lock = new();
    private readonly SemaphoreSlim _ready = new(0);
    private readonly Queue<ObjectKey> _asked = new();

    /// <summary>A key that was asked for meanwhile is in both queues; the entry here is void then.</summary>
    private readonly Queue<ObjectKey> _looks = new();
    private readonly Dictionary<ObjectKey, Waiting> _dirty = [];
    private readonly Dictionary<ObjectKey, long> _processing = [];
    private readonly DelayedKeys _later = new();
    private readonly ITimer _timer;
    private long _timerDue = long.MaxValue;
    private int _depth;
    private int _beforeALook;
    private bool _stopped;

    public WorkQueue(TimeProvider time, QueueMetrics metrics)
    {
        _time = time;
        _metrics = metrics;
        _timer = time.CreateTimer(_ => ReleaseDue(), null, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
    }

    private readonly record struct Waiting(long Since, bool IsLook);

    /// <summary>Keys that are ready and wait for a worker.</summary>
    public int Depth
    {
        get
        {
            lock (_lock)
            {
                return _depth;
            }
        }
    }

    /// <summary>Adds a key; one that waits already is not added twice.</summary>
    public void Add(ObjectKey key) => Add(key, isLook: false);

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

            _later.Add(key, source, _time.GetTimestamp() + (long)(delay.TotalSeconds * _time.TimestampFrequency), delay >= LookDelay);
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
            var key = Next();
            var now = _time.GetTimestamp();
            _dirty.Remove(key, out var waiting);
            _processing[key] = now;
            _depth--;
            // The pass that starts now decides anew when the next one is due.
            _later.Forget(key, DelaySource.Result);
            _metrics.Waited(_time.GetElapsedTime(waiting.Since, now), _depth);
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

            if (!_stopped && _dirty.TryGetValue(key, out var waiting))
            {
                Publish(key, waiting.IsLook);
            }
        }
    }

    /// <summary>Forgets a key's waiting times: the object is gone.</summary>
    public void Forget(ObjectKey key)
    {
        lock (_lock)
        {
            _later.Forget(key, DelaySource.Result);
            _later.Forget(key, DelaySource.Request);
        }
    }

    public void Dispose()
    {
        lock (_lock)
        {
            _stopped = true;
            _asked.Clear();
            _looks.Clear();
            _depth = 0;
            _dirty.Clear();
            _later.Clear();
            _metrics.Emptied();
        }

        _timer.Dispose();
    }

    private void Add(ObjectKey key, bool isLook)
    {
        lock (_lock)
        {
            if (_stopped)
            {
                return;
            }

            if (_dirty.TryGetValue(key, out var waiting))
            {
                if (waiting.IsLook && !isLook)
                {
                    _dirty[key] = waiting with { IsLook = false };
                    if (!_processing.ContainsKey(key))
                    {
                        _asked.Enqueue(key);
                    }
                }

                return;
            }

            _dirty[key] = new Waiting(_time.GetTimestamp(), isLook);
            _metrics.Adds.Inc();
            if (!_processing.ContainsKey(key))
            {
                Publish(key, isLook);
            }
        }
    }

    private void Publish(ObjectKey key, bool isLook)
    {
        (isLook ? _looks : _asked).Enqueue(key);
        _depth++;
        _metrics.Depth.Set(_depth);
        _ready.Release();
    }

    /// <summary>Who is next; somebody is.</summary>
    private ObjectKey Next()
    {
        while (_looks.TryPeek(out var first) && !IsWaitingLook(first))
        {
            _looks.Dequeue();
        }

        if (_asked.Count > 0 && (_looks.Count == 0 || _beforeALook < MostBeforeALook))
        {
            _beforeALook = _looks.Count == 0 ? 0 : _beforeALook + 1;
            return _asked.Dequeue();
        }

        _beforeALook = 0;
        return _looks.Dequeue();
    }

    private bool IsWaitingLook(ObjectKey key) => _dirty.TryGetValue(key, out var waiting) && waiting.IsLook && !_processing.ContainsKey(key);

    private void ReleaseDue()
    {
        lock (_lock)
        {
            _timerDue = long.MaxValue;
            foreach (var (key, isLook) in _later.TakeDue(_time.GetTimestamp()))
            {
                Add(key, isLook);
            }

            ArmTimer();
        }
    }

    private void ArmTimer()
    {
        if (_stopped || _later.NextDue is not { } due || due >= _timerDue)
        {
            return;
        }

        _timerDue = due;
        // A timer that fires a little early would find nothing due: round up to a whole millisecond.
        var wait = _time.GetElapsedTime(_time.GetTimestamp(), due);
        _timer.Change(wait < TimeSpan.Zero ? TimeSpan.Zero : TimeSpan.FromMilliseconds(Math.Ceiling(wait.TotalMilliseconds)), Timeout.InfiniteTimeSpan);
    }
}
