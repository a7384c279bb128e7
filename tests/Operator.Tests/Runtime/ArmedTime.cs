using System.Threading.Channels;
using Microsoft.Extensions.Time.Testing;

namespace Modestano.Operator.Tests.Runtime;

/// <summary>Virtual time that tells when the code under test begins to wait, so that a test never runs ahead of it.</summary>
internal sealed class ArmedTime : FakeTimeProvider
{
    private readonly Channel<TimeSpan> _armed = Channel.CreateUnbounded<TimeSpan>();

    /// <summary>The length of the next wait that is shorter than the limit; longer ones (deadlines) are passed over.</summary>
    public async Task<TimeSpan> NextWait(TimeSpan shorterThan)
    {
        while (true)
        {
            var wait = await _armed.Reader.ReadAsync();
            if (wait < shorterThan)
            {
                return wait;
            }
        }
    }

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
    {
        var timer = new Timer(base.CreateTimer(callback, state, dueTime, period), this);
        Tell(dueTime);
        return timer;
    }

    private void Tell(TimeSpan due)
    {
        if (due >= TimeSpan.Zero)
        {
            _armed.Writer.TryWrite(due);
        }
    }

    private sealed class Timer(ITimer inner, ArmedTime time) : ITimer
    {
        public bool Change(TimeSpan dueTime, TimeSpan period)
        {
            var changed = inner.Change(dueTime, period);
            time.Tell(dueTime);
            return changed;
        }

        public void Dispose() => inner.Dispose();

        public ValueTask DisposeAsync() => inner.DisposeAsync();
    }
}
