namespace Modestano.Operator.Runtime.Queues;

/// <summary>
/// Keys that wait for a pass, as client-go's work queue keeps them: a key is worked on by one worker at a time, and one that is added
/// meanwhile runs again afterwards. Delays are kept in one heap with one timer, whatever the number of objects.
/// </summary>
/// <remarks>
/// A pass that was due after a long while is a mere look: it lets those that somebody asked for, by an edit or an event, go before it. A thousand
/// sets at rest that are all due in the same second would else hold an edit up for two. And one namespace never has all the workers: its objects
/// may be made for that, with members that hold every pass to its last deadline.
/// </remarks>
internal sealed class WorkQueue : IDisposable
{
    /// <summary>From this delay on a pass is a mere look.</summary>
    public static readonly TimeSpan LookDelay = TimeSpan.FromSeconds(5);

    private readonly TimeProvider _time;
    private readonly QueueMetrics _metrics;
    private readonly Lock _lock = new();
    private readonly SemaphoreSlim _ready = new(0);
    private readonly Lanes _next;
    private readonly NamespaceTurns _turns;
    private readonly Dictionary<ObjectKey, Waiting> _dirty = [];
    private readonly Dictionary<ObjectKey, long> _processing = [];
    private readonly DelayedKeys _later = new();
    private readonly ITimer _timer;
    private long _timerDue = long.MaxValue;
    private int _depth;
    private bool _stopped;

    /// <param name="time">The clock.</param>
    /// <param name="metrics">Its metrics.</param>
    /// <param name="mostOfANamespace">How many keys of one namespace are worked on at the same time.</param>
    public WorkQueue(TimeProvider time, QueueMetrics metrics, int mostOfANamespace = int.MaxValue)
    {
        _time = time;
        _metrics = metrics;
        _next = new Lanes(key => IsLook(key, hasTurn: true));
        _turns = new NamespaceTurns(mostOfANamespace, key => IsLook(key, hasTurn: false));
        _timer = time.CreateTimer(_ => ReleaseDue(), null, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
    }

    /// <param name="Since">A timestamp.</param>
    /// <param name="IsLook">Nobody asked for it but the clock.</param>
    /// <param name="HasTurn">A worker takes it as soon as one is free.</param>
    private readonly record struct Waiting(long Since, bool IsLook, bool HasTurn);

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
            var key = _next.Next() ?? throw new InvalidOperationException("a key was announced that is not there");
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

            if (_stopped)
            {
                return;
            }

            if (_turns.GiveBack(key.Namespace) is { } next)
            {
                Announce(next);
            }

            if (_dirty.TryGetValue(key, out var waiting))
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
            _next.Clear();
            _turns.Clear();
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
                    if (_processing.ContainsKey(key))
                    {
                        return;
                    }

                    if (waiting.HasTurn)
                    {
                        _next.Add(key, isLook: false);
                    }
                    else
                    {
                        _turns.Wait(key, isLook: false);
                    }
                }

                return;
            }

            _dirty[key] = new Waiting(_time.GetTimestamp(), isLook, HasTurn: false);
            _metrics.Adds.Inc();
            if (!_processing.ContainsKey(key))
            {
                Publish(key, isLook);
            }
        }
    }

    private void Publish(ObjectKey key, bool isLook)
    {
        _depth++;
        _metrics.Depth.Set(_depth);
        if (_turns.TryTake(key.Namespace))
        {
            Announce(key);
        }
        else
        {
            _turns.Wait(key, isLook);
        }
    }

    /// <summary>A worker may take it.</summary>
    private void Announce(ObjectKey key)
    {
        var waiting = _dirty[key];
        _dirty[key] = waiting with { HasTurn = true };
        _next.Add(key, waiting.IsLook);
        _ready.Release();
    }

    private bool IsLook(ObjectKey key, bool hasTurn) =>
        _dirty.TryGetValue(key, out var waiting) && waiting.IsLook && waiting.HasTurn == hasTurn && !_processing.ContainsKey(key);

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
