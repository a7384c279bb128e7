using System.Collections.Concurrent;

namespace Modestano.Testbed.Mongo.Model;

/// <summary>
/// The single thread of the simulated world: a queue of actions ordered by (due time, sequence) and one seeded random source.
/// Everything that a member does is an action of this loop, so that the same seed and the same calls give the same run.
/// </summary>
/// <remarks>
/// A virtual loop owns its clock and is driven by <see cref="RunFor"/> and <see cref="RunUntil"/>; a real-time loop follows a
/// <see cref="System.TimeProvider"/> and is driven by <see cref="RunRealTimeAsync"/>. <see cref="Post"/> may be called from any thread,
/// everything else only from actions of the loop (or, on a virtual loop, from the thread that drives it).
/// </remarks>
public sealed class EventLoop
{
    private readonly PriorityQueue<LoopTimer, (long Due, long Sequence)> queue = new();
    private readonly ConcurrentQueue<Action> inbox = new();
    private readonly object wake = new();
    private readonly TimeProvider? realTime;
    private readonly long realStart;
    private long now;
    private long sequence;

    /// <summary>The thread that drives a virtual loop now; 0: none does.</summary>
    private volatile int driver;

    private EventLoop(int seed, DateTimeOffset startedAt, TimeProvider? realTime)
    {
        Random = new Random(seed);
        StartedAt = startedAt;
        this.realTime = realTime;
        realStart = realTime?.GetTimestamp() ?? 0;
        TimeProvider = realTime ?? new LoopTimeProvider(this);
    }

    /// <summary>The only source of randomness of the world.</summary>
    public Random Random { get; }

    /// <summary>Wall-clock time at which the loop was made.</summary>
    public DateTimeOffset StartedAt { get; }

    /// <summary>The clock of this loop; on a virtual loop its timers are actions of the loop.</summary>
    public TimeProvider TimeProvider { get; }

    /// <summary>True when the loop owns its clock.</summary>
    public bool IsVirtual => realTime is null;

    /// <summary>Time since <see cref="StartedAt"/>; stands still while an action runs.</summary>
    public TimeSpan Elapsed => new(now);

    /// <summary>Wall-clock time of the world.</summary>
    public DateTimeOffset UtcNow => StartedAt + Elapsed;

    /// <summary>Number of actions that ran so far.</summary>
    public long ActionsRun { get; private set; }

    /// <summary>A loop under virtual time; it starts at 2026-01-01T00:00:00Z unless told otherwise.</summary>
    public static EventLoop Virtual(int seed, DateTimeOffset? startedAt = null) =>
        new(seed, startedAt ?? new DateTimeOffset(2026, 1, 1, 0, 0, 0, TimeSpan.Zero), null);

    /// <summary>A loop that follows a real clock.</summary>
    public static EventLoop RealTime(int seed, TimeProvider timeProvider) => new(seed, timeProvider.GetUtcNow(), timeProvider);

    /// <summary>Hands an action to the loop from any thread; it runs as soon as the loop gets to it.</summary>
    public void Post(Action action)
    {
        inbox.Enqueue(action);
        if (realTime is not null)
        {
            lock (wake)
            {
                Monitor.Pulse(wake);
            }
        }
    }

    /// <summary>Runs an action after a delay; a negative delay counts as none.</summary>
    internal LoopTimer Schedule(TimeSpan delay, Action action)
    {
        // What comes from another thread would come at another moment in each run, and break the queue now and then.
        if (driver != 0 && driver != Environment.CurrentManagedThreadId)
        {
            throw new InvalidOperationException("an action of a virtual loop is scheduled from a thread that does not drive it");
        }

        var timer = new LoopTimer(action);
        queue.Enqueue(timer, (now + Math.Max(0, delay.Ticks), sequence++));
        return timer;
    }

    /// <summary>
    /// From here until it is disposed, whatever this thread awaits goes on in the loop, by its own way or that of a library.
    /// Where nobody entered, only what awaits members and timers directly goes on there.
    /// </summary>
    public IDisposable Enter() => LoopContext.Enter(this);

    /// <summary>Lets virtual time pass; everything that comes due on the way runs.</summary>
    public void RunFor(TimeSpan duration)
    {
        RequireVirtual();
        var end = now + duration.Ticks;
        using var _ = Drive();
        while (Step(end))
        {
        }

        now = Math.Max(now, end);
    }

    /// <summary>Lets virtual time pass until the condition holds, at most for <paramref name="limit"/>. Returns whether it holds.</summary>
    public bool RunUntil(Func<bool> condition, TimeSpan limit)
    {
        RequireVirtual();
        var end = now + limit.Ticks;
        using var _ = Drive();
        while (!condition())
        {
            if (!Step(end))
            {
                now = Math.Max(now, end);
                return condition();
            }
        }

        return true;
    }

    /// <summary>
    /// Lets virtual time pass until the task has ended and returns its result.
    /// </summary>
    /// <exception cref="TimeoutException">It had not ended after <paramref name="limit"/> of virtual time.</exception>
    public T Await<T>(Task<T> task, TimeSpan limit)
    {
        if (!RunUntil(() => task.IsCompleted, limit))
        {
            throw new TimeoutException($"The task had not ended after {limit} of virtual time.");
        }

        return task.GetAwaiter().GetResult();
    }

    /// <summary>Runs the loop on a thread of its own, following the real clock, until cancelled.</summary>
    public Task RunRealTimeAsync(CancellationToken cancellationToken)
    {
        if (realTime is null)
        {
            throw new InvalidOperationException("A virtual loop is driven by RunFor and RunUntil.");
        }

        var ended = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var thread = new Thread(() => Follow(ended, cancellationToken)) { IsBackground = true, Name = "simulated replica sets" };
        thread.Start();
        return ended.Task;
    }

    private void Follow(TaskCompletionSource ended, CancellationToken cancellationToken)
    {
        using var cancelled = cancellationToken.Register(() => Post(() => { }));
        try
        {
            while (!cancellationToken.IsCancellationRequested)
            {
                now = Math.Max(now, realTime!.GetElapsedTime(realStart).Ticks);
                if (!Step(now))
                {
                    WaitForWork();
                }
            }

            ended.SetResult();
        }
#pragma warning disable CA1031 // An error in the model must reach whoever awaits the loop, whatever it is.
        catch (Exception error)
#pragma warning restore CA1031
        {
            ended.SetException(error);
        }
    }

    private void WaitForWork()
    {
        lock (wake)
        {
            if (inbox.IsEmpty)
            {
                Monitor.Wait(wake, UntilNext());
            }
        }
    }

    private TimeSpan UntilNext()
    {
        if (!queue.TryPeek(out _, out var next))
        {
            return TimeSpan.FromSeconds(1);
        }

        // Waiting in whole milliseconds: a remainder below one would turn into a busy loop.
        var ticks = next.Due - realTime!.GetElapsedTime(realStart).Ticks;
        return TimeSpan.FromMilliseconds(Math.Clamp(Math.Ceiling(ticks / (double)TimeSpan.TicksPerMillisecond), 0, 1000));
    }

    private Driving Drive()
    {
        var driving = new Driving(this, driver);
        driver = Environment.CurrentManagedThreadId;
        return driving;
    }

    /// <summary>Runs one action that is due by <paramref name="end"/>; false when there is none.</summary>
    private bool Step(long end)
    {
        while (inbox.TryDequeue(out var posted))
        {
            queue.Enqueue(new LoopTimer(posted), (now, sequence++));
        }

        while (queue.TryPeek(out var timer, out var next))
        {
            if (timer.IsCancelled)
            {
                queue.Dequeue();
                continue;
            }

            if (next.Due > end)
            {
                return false;
            }

            queue.Dequeue();
            if (realTime is null)
            {
                now = Math.Max(now, next.Due);
            }

            ActionsRun++;
            timer.Run();
            return true;
        }

        return false;
    }

    private void RequireVirtual()
    {
        if (realTime is not null)
        {
            throw new InvalidOperationException("A real-time loop is driven by RunRealTimeAsync.");
        }
    }

    private readonly struct Driving(EventLoop loop, int before) : IDisposable
    {
        public void Dispose() => loop.driver = before;
    }
}
