using System.Threading.Channels;
using Modestano.Testbed.KubeApi.Http;
using Modestano.Testbed.KubeApi.Storage;

namespace Modestano.Testbed.KubeApi.Controllers;

/// <summary>Reacts to changes in the store, one after the other, the way the real controllers do a moment after a write.</summary>
internal interface IStoreController
{
    void React(StoreEvent change);
}

/// <summary>Runs the controllers that belong to an API server: definitions, namespaces, garbage collection.</summary>
internal sealed class ControllerLoop : IAsyncDisposable
{
    private readonly Channel<StoreEvent> queue = Channel.CreateUnbounded<StoreEvent>(new UnboundedChannelOptions { SingleReader = true });
    private readonly IReadOnlyList<IStoreController> controllers;
    private readonly ObjectStore store;
    private readonly Task running;

    public ControllerLoop(ObjectStore store, IReadOnlyList<IStoreController> controllers)
    {
        this.store = store;
        this.controllers = controllers;
        store.Changed += Enqueue;
        running = Task.Run(RunAsync);
    }

    public async ValueTask DisposeAsync()
    {
        store.Changed -= Enqueue;
        queue.Writer.TryComplete();
        await running;
    }

    private void Enqueue(StoreEvent change) => queue.Writer.TryWrite(change);

    private async Task RunAsync()
    {
        await foreach (var change in queue.Reader.ReadAllAsync())
        {
            foreach (var controller in controllers)
            {
                try
                {
                    controller.React(change);
                }
                catch (ApiException e) when (e.Code is 404 or 409)
                {
                    // The object changed again meanwhile; that change is in the queue too and is acted on then.
                    continue;
                }
            }
        }
    }
}
