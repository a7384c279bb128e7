using Modestano.Testbed.KubeApi.Http;
using Modestano.Testbed.KubeApi.Storage;

namespace Modestano.Testbed.KubeApi.Watching;

/// <summary>The watches that are open, so that they can be ended from outside.</summary>
internal sealed class OpenWatches
{
    private readonly Lock gate = new();
    private readonly HashSet<OpenWatch> watches = [];

    public int Count
    {
        get
        {
            lock (gate)
            {
                return watches.Count;
            }
        }
    }

    public OpenWatch Begin(ApiRequest request)
    {
        var watch = new OpenWatch(request.Kind, Remove);
        lock (gate)
        {
            watches.Add(watch);
        }

        return watch;
    }

    /// <summary>Ends watches of a kind of which <paramref name="which"/> is true.</summary>
    /// <param name="which">Picks by kind.</param>
    /// <param name="error">Sent as an ERROR event before the end; null for a silent end.</param>
    /// <param name="cut">Cuts the connection in the middle of the stream instead of ending it.</param>
    public int End(Func<ResourceKind, bool> which, ApiException? error = null, bool cut = false)
    {
        List<OpenWatch> ended;
        lock (gate)
        {
            ended = [.. watches.Where(w => which(w.Kind))];
        }

        foreach (var watch in ended)
        {
            watch.End(error, cut);
        }

        return ended.Count;
    }

    private void Remove(OpenWatch watch)
    {
        lock (gate)
        {
            watches.Remove(watch);
        }
    }
}

/// <summary>One open watch.</summary>
internal sealed class OpenWatch(ResourceKind kind, Action<OpenWatch> closed) : IDisposable
{
    private readonly CancellationTokenSource ended = new();

    public ResourceKind Kind { get; } = kind;

    public CancellationToken Token => ended.Token;

    public ApiException? EndsWith { get; private set; }

    public bool IsCut { get; private set; }

    public void End(ApiException? error, bool cut)
    {
        EndsWith = error;
        IsCut = cut;
        try
        {
            ended.Cancel();
        }
        catch (ObjectDisposedException)
        {
            // It ended by itself at the same time.
            return;
        }
    }

    public void Dispose()
    {
        closed(this);
        ended.Dispose();
    }
}
