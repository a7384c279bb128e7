using System.Text.Json;
using k8s;

namespace Modestano.Operator.Runtime.Informers;

/// <summary>LIST and WATCH of one collection, raw: objects are deserialised by the informer, so that one bad object costs only itself.</summary>
internal interface IEntityFeed
{
    /// <summary>One page of the collection.</summary>
    /// <param name="continueToken">From the page before; null for the first.</param>
    /// <param name="cancellationToken">Ends the call.</param>
    /// <exception cref="ResourceVersionExpiredException">The token is too old: start from the first page.</exception>
    Task<EntityPage> ListPageAsync(string? continueToken, CancellationToken cancellationToken);

    /// <summary>Everything after a resource version, until the server ends the watch.</summary>
    /// <exception cref="ResourceVersionExpiredException">The server does not have that version any more (410): list again.</exception>
    /// <exception cref="WatchFailedException">The server reported another error in the stream.</exception>
    IAsyncEnumerable<WatchNotice> WatchAsync(string resourceVersion, CancellationToken cancellationToken);
}

/// <summary>One page of a LIST.</summary>
internal sealed record EntityPage(IReadOnlyList<JsonElement> Items, string ResourceVersion, string? Continue);

/// <summary>One line of a watch.</summary>
internal readonly record struct WatchNotice(WatchEventType Type, JsonElement Object);

/// <summary>HTTP 410, as a status or inside a watch.</summary>
internal sealed class ResourceVersionExpiredException(string message) : Exception(message);

/// <summary>An ERROR line in a watch that is not a 410.</summary>
internal sealed class WatchFailedException(string message) : Exception(message);
