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
    private readonly Channel<Action> queue = Channel.CreateUnbounded<Action>();
    private readonly List<ITimer> timers = [];
    private readonly ObjectStore store;
    private readonly TimeProvider time;
    private readonly Action<Exception> unexpected;
    private readonly Task running;
    private IReadOnlyList<IStoreController> controllers = [];

    /// <param name="store">Whose changes.</param>
    /// <param name="time">For what runs later.</param>
    /// <param name="unexpected">Told of failures of the controllers themselves.</param>
    public ControllerLoop(ObjectStore store, TimeProvider time, Action<Exception> unexpected)
    {
        this.unexpected = unexpected;
        this.store = store;
        this.time = time;
        running = Task.Run(RunAsync);
    }

    /// <summary>From now on these see every change.</summary>
    public void Start(IReadOnlyList<IStoreController> started)
    {
        controllers = started;
        store.Changed += Enqueue;
    }

    /// <summary>Runs an action in its turn after a while.</summary>
    public void Later(TimeSpan delay, Action action)
    {
        lock (timers)
        {
            timers.Add(time.CreateTimer(_ => queue.Writer.TryWrite(action), null, delay, Timeout.InfiniteTimeSpan));
        }
    }

    /// <summary>Until the controllers have acted on every change so far, their own included. Actions of later are not waited for.</summary>
    public async Task SettleAsync()
    {
        // What a reaction writes is queued behind the question, which is asked again until nothing is.
        var isSettled = false;
        while (!isSettled)
        {
            var turn = new TaskCompletionSource<bool>(TaskCreationOptions.RunContinuationsAsynchronously);
            if (!queue.Writer.TryWrite(() => turn.SetResult(queue.Reader.Count == 0)))
            {
                return;
            }

            isSettled = await turn.Task;
        }
    }

    public async ValueTask DisposeAsync()
    {
        store.Changed -= Enqueue;
        lock (timers)
        {
            timers.ForEach(t => t.Dispose());
        }

        queue.Writer.TryComplete();
        await running;
    }

    private void Enqueue(StoreEvent change) => queue.Writer.TryWrite(() =>
    {
        foreach (var controller in controllers)
        {
            Try(() => controller.React(change));
        }
    });

    private async Task RunAsync()
    {
        await foreach (var action in queue.Reader.ReadAllAsync())
        {
            Try(action);
        }
    }

    private void Try(Action action)
    {
        try
        {
            action();
        }
        catch (ApiException e) when (e.Code is 404 or 409)
        {
            // The object changed again meanwhile; that change is in the queue too and is acted on then.
            return;
        }
        catch (Exception e)
        {
            // One bad object must not stop the controllers for all others.
            unexpected(e);
        }
    }
}
