using System.Threading.Channels;
using Microsoft.Extensions.Time.Testing;

namespace Modestano.Operator.Tests.Runtime;

/// <summary>Virtual time that passes only when the code under test waits, and never further than it waits, however busy the machine is.</summary>
internal sealed class ArmedTime : FakeTimeProvider
{
    private readonly Channel<Armed> _armed = Channel.CreateUnbounded<Armed>();

    public ArmedTime()
    {
    }

    public ArmedTime(DateTimeOffset start)
        : base(start)
    {
    }

    /// <summary>The length of the next wait that is shorter than the limit; longer ones (deadlines) are passed over.</summary>
    public async Task<TimeSpan> NextWait(TimeSpan shorterThan)
    {
        while (true)
        {
            var armed = await Patience.Of(_armed.Reader.ReadAsync());
            if (armed.Wait < shorterThan)
            {
                return armed.Wait;
            }
        }
    }

    /// <summary>Lets the time of each wait pass that is shorter than the limit, until a task has ended. Longer ones are deadlines, which the code under test keeps.</summary>
    public Task<T> PassUntil<T>(Task<T> task, TimeSpan shorterThan) => PassUntil(task, wait => wait < shorterThan);

    /// <summary>The same, with the waits told from deadlines in another way.</summary>
    public async Task<T> PassUntil<T>(Task<T> task, Func<TimeSpan, bool> isWait)
    {
        while (!task.IsCompleted)
        {
            if (!_armed.Reader.TryRead(out var armed))
            {
                await Patience.Of(Task.WhenAny(task, _armed.Reader.WaitToReadAsync().AsTask()));
            }
            else if (isWait(armed.Wait) && armed.Timer.Waits(armed.Round) && armed.Due > GetUtcNow())
            {
                Advance(armed.Due - GetUtcNow());
            }
        }

        return await task;
    }

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
    {
        var timer = new Timer(base.CreateTimer(callback, state, dueTime, period), this);
        timer.Arm(dueTime);
        return timer;
    }

    private sealed record Armed(Timer Timer, int Round, TimeSpan Wait, DateTimeOffset Due);

    private sealed class Timer(ITimer inner, ArmedTime time) : ITimer
    {
        private int _round;

        /// <summary>Whether it has neither been set anew nor given up since that round. That it has gone off is told by its time, which has come.</summary>
        public bool Waits(int round) => Volatile.Read(ref _round) == round;

        public void Arm(TimeSpan due)
        {
            var round = Interlocked.Increment(ref _round);
            if (due >= TimeSpan.Zero)
            {
                time._armed.Writer.TryWrite(new Armed(this, round, due, time.GetUtcNow() + due));
            }
        }

        public bool Change(TimeSpan dueTime, TimeSpan period)
        {
            var changed = inner.Change(dueTime, period);
            Arm(dueTime);
            return changed;
        }

        public void Dispose()
        {
            Interlocked.Increment(ref _round);
            inner.Dispose();
        }

        public ValueTask DisposeAsync()
        {
            Interlocked.Increment(ref _round);
            return inner.DisposeAsync();
        }
    }
}
