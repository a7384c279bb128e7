namespace Modestano.Testbed.Mongo.Model;

/// <summary>Brings every continuation back to the loop's thread, so that a run under virtual time is the same each time.</summary>
internal sealed class LoopContext(EventLoop loop) : SynchronizationContext
{
    public override void Post(SendOrPostCallback d, object? state) => loop.Post(() => d(state));

    public override void Send(SendOrPostCallback d, object? state) => d(state);

    public override SynchronizationContext CreateCopy() => this;

    /// <summary>
    /// Runs what completes a library's call. A library awaits without a context, and its continuation leaves a thread that has one for the
    /// pool: so none is set meanwhile. Where nobody entered a loop, it runs as it is.
    /// </summary>
    public static void Outside(Action complete)
    {
        var context = Current;
        if (context is not LoopContext)
        {
            complete();
            return;
        }

        SetSynchronizationContext(null);
        try
        {
            complete();
        }
        finally
        {
            SetSynchronizationContext(context);
        }
    }

    /// <summary>Sets the context of a loop on this thread until it is disposed.</summary>
    public static IDisposable Enter(EventLoop loop)
    {
        var entered = new Entered(Current);
        SetSynchronizationContext(new LoopContext(loop));
        return entered;
    }

    private sealed class Entered(SynchronizationContext? before) : IDisposable
    {
        public void Dispose() => SetSynchronizationContext(before);
    }
}
