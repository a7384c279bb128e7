namespace Modestano.Testbed.Demo.Workload;

/// <summary>What the writer was told: which writes were acknowledged, when, and what failed. Thread-safe.</summary>
public sealed class WriteLedger(TimeProvider time)
{
    private readonly Lock _gate = new();
    private readonly List<long> _acknowledged = [];
    private readonly List<string> _failures = [];
    private long _lastAcknowledged;
    private TimeSpan _longestGap;
    private DateTimeOffset _longestGapAt;

    /// <summary>Writes that were acknowledged by a majority.</summary>
    public int Acknowledged
    {
        get
        {
            lock (_gate)
            {
                return _acknowledged.Count;
            }
        }
    }

    /// <summary>Errors that reached the application.</summary>
    public IReadOnlyList<string> Failures
    {
        get
        {
            lock (_gate)
            {
                return [.. _failures];
            }
        }
    }

    /// <summary>The longest time between two acknowledgements, and when it ended.</summary>
    public (TimeSpan Length, DateTimeOffset At) LongestGap
    {
        get
        {
            lock (_gate)
            {
                return (_longestGap, _longestGapAt);
            }
        }
    }

    /// <summary>The newest acknowledged id; null: none yet.</summary>
    public long? Newest
    {
        get
        {
            lock (_gate)
            {
                return _acknowledged.Count == 0 ? null : _acknowledged[^1];
            }
        }
    }

    /// <summary>The ids of all acknowledged writes so far.</summary>
    public IReadOnlyList<long> Ids()
    {
        lock (_gate)
        {
            return [.. _acknowledged];
        }
    }

    /// <summary>A write was acknowledged.</summary>
    public void Acknowledge(long id)
    {
        lock (_gate)
        {
            var now = time.GetTimestamp();
            if (_acknowledged.Count > 0 && time.GetElapsedTime(_lastAcknowledged, now) is var gap && gap > _longestGap)
            {
                (_longestGap, _longestGapAt) = (gap, time.GetUtcNow());
            }

            _lastAcknowledged = now;
            _acknowledged.Add(id);
        }
    }

    /// <summary>The longest gap counts from here on.</summary>
    public void ForgetGap()
    {
        lock (_gate)
        {
            (_longestGap, _longestGapAt) = (TimeSpan.Zero, default);
        }
    }

    /// <summary>An error reached the application.</summary>
    public void Fail(string what)
    {
        lock (_gate)
        {
            _failures.Add(what);
        }
    }
}
