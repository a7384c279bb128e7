namespace Modestano.Testbed.Mongo.Model;

/// <summary>Brings every continuation back to the loop's thread, so that a run under virtual time is the same each time.</summary>
internal sealed class LoopContext(EventLoop loop) : SynchronizationContext
{
    public override void Post(SendOrPostCallback d, object? state) => loop.Post(() => d(state));

    public override void Send(SendOrPostCallback d, object? state) => d(state);

    public override SynchronizationContext CreateCopy() => this;
}
