using System.Collections.Immutable;
using System.Threading.Channels;

namespace Modestano.Testbed.KubeApi.Storage;

/// <summary>The changes of one collection, in order, none left out.</summary>
internal sealed class StoreSubscription(
    CollectionKey collection,
    ImmutableSortedDictionary<string, StoredObject>? initial,
    long revision,
    Action<StoreSubscription> unsubscribe) : IDisposable
{
    private readonly Channel<StoreEvent> channel = Channel.CreateUnbounded<StoreEvent>(new UnboundedChannelOptions { SingleReader = true });

    public CollectionKey Collection { get; } = collection;

    /// <summary>What exists at the start; null where the subscription began at a resourceVersion of the past.</summary>
    public ImmutableSortedDictionary<string, StoredObject>? Initial { get; } = initial;

    /// <summary>The newest resourceVersion of the store when the subscription began.</summary>
    public long Revision { get; } = revision;

    public ChannelReader<StoreEvent> Changes => channel.Reader;

    public void Post(StoreEvent change) => channel.Writer.TryWrite(change);

    public void Dispose()
    {
        unsubscribe(this);
        channel.Writer.TryComplete();
    }
}
