namespace Modestano.Testbed.Mongo.Model;

/// <summary>The clock of a virtual loop: its timers run as actions of the loop, in the loop's order.</summary>
internal sealed class LoopTimeProvider(EventLoop loop) : TimeProvider
{
    public override long TimestampFrequency => TimeSpan.TicksPerSecond;

    public override DateTimeOffset GetUtcNow() => loop.UtcNow;

    public override long GetTimestamp() => loop.Elapsed.Ticks;

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period) =>
        new Timer(loop, callback, state, dueTime, period);

    private sealed class Timer : ITimer
    {
        private readonly EventLoop loop;
        private readonly TimerCallback callback;
        private readonly object? state;
        private LoopTimer? pending;
        private bool disposed;

        public Timer(EventLoop loop, TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
        {
            this.loop = loop;
            this.callback = callback;
            this.state = state;
            Change(dueTime, period);
        }

        public bool Change(TimeSpan dueTime, TimeSpan period)
        {
            if (disposed)
            {
                return false;
            }

            pending?.Cancel();
            pending = dueTime == Timeout.InfiniteTimeSpan ? null : loop.Schedule(dueTime, () => Fire(period));
            return true;
        }

        public void Dispose()
        {
            disposed = true;
            pending?.Cancel();
        }

        public ValueTask DisposeAsync()
        {
            Dispose();
            return ValueTask.CompletedTask;
        }

        private void Fire(TimeSpan period)
        {
            if (disposed)
            {
                return;
            }

            pending = period > TimeSpan.Zero ? loop.Schedule(period, () => Fire(period)) : null;
            LoopContext.Outside(() => callback(state));
        }
    }
}
