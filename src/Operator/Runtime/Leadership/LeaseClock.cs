namespace Modestano.Operator.Runtime.Leadership;

/// <summary>
/// This process's own idea of how long it leads (R10). The elector's <c>IsLeader()</c> stays true after a loss and its times are wall-clock
/// times, so neither can fence an effect. A renewal counts from before its request was sent: the others cannot have seen it earlier. Time counts
/// on the monotonic clock and on the wall's, whichever says that more has passed: the first stands still while a machine is suspended, the second
/// can be set back.
/// </summary>
internal sealed class LeaseClock(TimeProvider time) : ILeadership, IDisposable
{
    /// <summary>An effect with less time than this is not begun.</summary>
    public static readonly TimeSpan UsefulRest = TimeSpan.FromSeconds(2);

    /// <summary>What an effect's end keeps from the lease's end: clocks do not run equally fast, and cancelling takes a moment.</summary>
    public static readonly TimeSpan Margin = TimeSpan.FromMilliseconds(500);

    /// <summary>How soon a machine that was suspended notices: its timers stood still too.</summary>
    private static readonly TimeSpan WallCheck = TimeSpan.FromSeconds(1);

    private readonly Lock _lock = new();
    private CancellationTokenSource? _term;
    private ITimer? _watchdog;
    private TimeSpan? _lease;
    private Func<CancellationToken, Task<bool>>? _isHolder;
    private long _renewed;
    private DateTimeOffset? _renewedAt;

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
    /// <param name="sentAt">The timestamp.</param>
    /// <param name="wall">The same moment on the wall's clock.</param>
    public void Renewed(long sentAt, DateTimeOffset wall)
    {
        lock (_lock)
        {
            _renewed = Math.Max(_renewed, sentAt);
            _renewedAt = wall;
            ArmWatchdog();
        }
    }

    /// <summary>A term begins.</summary>
    /// <param name="term">Cancelled by this clock where the lease runs out unrenewed.</param>
    /// <param name="lease">The lease's duration; null: the term has no lease.</param>
    /// <param name="isHolder">Reads live whether this process holds the lease; null: there is nothing to read.</param>
    public void Begin(CancellationTokenSource term, TimeSpan? lease, Func<CancellationToken, Task<bool>>? isHolder)
    {
        lock (_lock)
        {
            _term = term;
            _lease = lease;
            _isHolder = isHolder;
            ArmWatchdog();
        }
    }

    /// <summary>The lease was seen to be somebody else's, or gone: the term ends at once, not when the elector gives up.</summary>
    public void Lost()
    {
        CancellationTokenSource? lost;
        lock (_lock)
        {
            lost = _term;
        }

        Cancel(lost);
    }

    /// <inheritdoc/>
    public async Task ConfirmAsync(CancellationToken cancellationToken)
    {
        Func<CancellationToken, Task<bool>>? isHolder;
        lock (_lock)
        {
            isHolder = _term is { IsCancellationRequested: false } ? _isHolder : throw new LeadershipLostException("this process does not lead: nothing may be changed");
        }

        if (isHolder is not null && !await isHolder(cancellationToken))
        {
            Lost();
            throw new LeadershipLostException("this process no longer holds the lease: nothing may be changed");
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

    private TimeSpan Rest() => _lease is { } lease ? lease - Durations.Most(time.GetElapsedTime(_renewed), time.GetUtcNow() - _renewedAt ?? TimeSpan.Zero) : TimeSpan.MaxValue;

    private void ArmWatchdog()
    {
        if (_term is null || _lease is null)
        {
            return;
        }

        _watchdog ??= time.CreateTimer(_ => ExpireUnlessRenewed(), null, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
        var rest = Rest();
        _watchdog.Change(rest <= TimeSpan.Zero ? TimeSpan.Zero : Durations.Least(rest, WallCheck), Timeout.InfiniteTimeSpan);
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

        Cancel(expired);
    }

    // Outside the lock: what is registered on the token runs here and may ask for leadership.
    private static void Cancel(CancellationTokenSource? term)
    {
        try
        {
            term?.Cancel();
        }
        catch (ObjectDisposedException)
        {
            // The term ended between the two lines: nothing is left to cancel.
            return;
        }
    }
}
