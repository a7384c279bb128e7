namespace Modestano.Operator.Runtime.Leadership;

/// <summary>
/// This process's own, monotonic idea of how long it leads (R10). The elector's <c>IsLeader()</c> stays true after a loss and its times are
/// wall-clock times, so neither can fence an effect. A renewal counts from before its request was sent: the others cannot have seen it earlier.
/// </summary>
internal sealed class LeaseClock(TimeProvider time) : ILeadership, IDisposable
{
    /// <summary>An effect with less time than this is not begun.</summary>
    public static readonly TimeSpan UsefulRest = TimeSpan.FromSeconds(2);

    /// <summary>What an effect's end keeps from the lease's end: clocks do not run equally fast, and cancelling takes a moment.</summary>
    public static readonly TimeSpan Margin = TimeSpan.FromMilliseconds(500);

    private readonly Lock _lock = new();
    private CancellationTokenSource? _term;
    private ITimer? _watchdog;
    private TimeSpan? _lease;
    private long _renewed;

    public bool IsLeader
    {
        get
        {
            lock (_lock)
            {
                return _term is { IsCancellationRequested: false } && Rest() > TimeSpan.Zero;
            }
        }
    }

    /// <summary>A request that renewed the lease was sent at this timestamp (of the time provider) and succeeded.</summary>
    public void Renewed(long sentAt)
    {
        lock (_lock)
        {
            _renewed = Math.Max(_renewed, sentAt);
            ArmWatchdog();
        }
    }

    /// <summary>A term begins.</summary>
    /// <param name="term">Cancelled by this clock where the lease runs out unrenewed.</param>
    /// <param name="lease">The lease's duration; null: the term has no lease.</param>
    public void Begin(CancellationTokenSource term, TimeSpan? lease)
    {
        lock (_lock)
        {
            _term = term;
            _lease = lease;
            ArmWatchdog();
        }
    }

    /// <summary>The term has ended.</summary>
    public void End()
    {
        lock (_lock)
        {
            _term = null;
            _watchdog?.Dispose();
            _watchdog = null;
        }
    }

    public IEffectScope BeginEffect(TimeSpan atMost, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        lock (_lock)
        {
            if (_term is null || _term.IsCancellationRequested)
            {
                throw new LeadershipLostException("this process does not lead: nothing may be changed");
            }

            var rest = Rest() - Margin;
            if (rest < UsefulRest)
            {
                var seconds = Math.Max(rest.TotalSeconds, 0);
                throw new LeadershipLostException($"the lease has only {seconds:0.0} s left, too short for an effect: it was not renewed in time");
            }

            return new EffectScope(time, atMost < rest ? atMost : rest, _term.Token, cancellationToken);
        }
    }

    public void Dispose() => End();

    private TimeSpan Rest() => _lease is { } lease ? lease - time.GetElapsedTime(_renewed) : TimeSpan.MaxValue;

    private void ArmWatchdog()
    {
        if (_term is null || _lease is null)
        {
            return;
        }

        _watchdog ??= time.CreateTimer(_ => ExpireUnlessRenewed(), null, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
        var rest = Rest();
        _watchdog.Change(rest > TimeSpan.Zero ? rest : TimeSpan.Zero, Timeout.InfiniteTimeSpan);
    }

    private void ExpireUnlessRenewed()
    {
        CancellationTokenSource? expired;
        lock (_lock)
        {
            if (_term is null || Rest() > TimeSpan.FromMilliseconds(1))
            {
                ArmWatchdog();
                return;
            }

            expired = _term;
        }

        // Outside the lock: what is registered on the token runs here and may ask for leadership.
        try
        {
            expired.Cancel();
        }
        catch (ObjectDisposedException)
        {
            // The term ended between the two lines: nothing is left to cancel.
            return;
        }
    }
}
