using System.Text.Json.Nodes;
using Modestano.Testbed.KubeApi.Http;
using Modestano.Testbed.KubeApi.Storage;
using Modestano.Testbed.KubeApi.Watching;

namespace Modestano.Testbed.KubeApi.Faults;

/// <summary>What can be made to go wrong with an API server, for tests.</summary>
public sealed class KubeApiFaults
{
    private readonly FaultInjector injector;
    private readonly OpenWatches watches;
    private readonly ObjectStore store;
    private readonly Func<Task> stop;
    private readonly Func<CancellationToken, Task> start;

    internal KubeApiFaults(FaultInjector injector, OpenWatches watches, ObjectStore store, Func<Task> stop, Func<CancellationToken, Task> start)
    {
        this.injector = injector;
        this.watches = watches;
        this.store = store;
        this.stop = stop;
        this.start = start;
    }

    /// <summary>Watches that are open now.</summary>
    public int OpenWatchCount => watches.Count;

    /// <summary>Takes the server away: the port is closed, every connection is cut, objects are kept.</summary>
    public Task TakeDownAsync() => stop();

    /// <summary>Brings the server back on the same port.</summary>
    public Task BringBackAsync(CancellationToken cancellationToken = default) => start(cancellationToken);

    /// <summary>Ends open watches of a resource (all where it is null).</summary>
    /// <param name="resource">A plural.</param>
    /// <param name="cut">True cuts the connection in the middle of the stream; false ends the stream in order, as a timeout does.</param>
    /// <returns>How many watches ended.</returns>
    public int DropWatches(string? resource = null, bool cut = false) => watches.End(k => resource is null || k.Plural == resource, cut: cut);

    /// <summary>Forgets the history: open watches end with an ERROR event of code 410, and older resourceVersions are refused with 410.</summary>
    public void ForgetHistory(string? resource = null)
    {
        store.Compact();
        watches.End(k => resource is null || k.Plural == resource, ApiErrors.ExpiredWatch(0, store.Compacted));
    }

    /// <summary>Answers the next requests that match with a failure instead of carrying them out.</summary>
    /// <param name="matches">Which requests.</param>
    /// <param name="code">The HTTP code, such as 500 or 409.</param>
    /// <param name="reason">The reason of the Status, such as <c>InternalError</c>.</param>
    /// <param name="message">The message of the Status.</param>
    /// <param name="times">How many requests it meets.</param>
    /// <param name="retryAfterSeconds">A <c>Retry-After</c> header.</param>
    public void Fail(Func<KubeRequest, bool> matches, int code, string reason = "InternalError", string message = "injected fault", int times = 1, int? retryAfterSeconds = null) =>
        injector.Add(new Fault(matches, times, new ApiException(code, reason, message, new JsonObject()) { RetryAfterSeconds = retryAfterSeconds }));

    /// <summary>Cuts the connection of the next requests that match, without an answer.</summary>
    public void Cut(Func<KubeRequest, bool> matches, int times = 1) => injector.Add(new Fault(matches, times, null));

    /// <summary>Takes back the faults that were not met.</summary>
    public void Clear() => injector.Clear();
}
