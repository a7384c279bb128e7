using System.Collections.Immutable;
using System.Globalization;
using System.Text.Json.Nodes;

namespace Modestano.Testbed.KubeApi.Storage;

/// <summary>
/// Every object of the server, under one counter of resourceVersions, with a bounded history from which watches and older pages of lists are served.
/// </summary>
internal sealed class ObjectStore(int historyLimit)
{
    private static readonly ImmutableSortedDictionary<string, StoredObject> Empty = ImmutableSortedDictionary.Create<string, StoredObject>(StringComparer.Ordinal);

    private readonly Lock gate = new();
    private readonly Dictionary<CollectionKey, ImmutableSortedDictionary<string, StoredObject>> collections = [];
    private readonly Queue<StoreEvent> history = new();
    private readonly HashSet<StoreSubscription> subscriptions = [];
    private long revision = 1;
    private long compacted = 1;

    /// <summary>The newest resourceVersion.</summary>
    public long Revision
    {
        get
        {
            lock (gate)
            {
                return revision;
            }
        }
    }

    /// <summary>Changes up to this resourceVersion are forgotten.</summary>
    public long Compacted
    {
        get
        {
            lock (gate)
            {
                return compacted;
            }
        }
    }

    /// <summary>Called after each change, outside the lock, in no certain order.</summary>
    public event Action<StoreEvent>? Changed;

    public StoredObject? Get(CollectionKey collection, string key)
    {
        lock (gate)
        {
            return Of(collection).GetValueOrDefault(key);
        }
    }

    public (ImmutableSortedDictionary<string, StoredObject> Objects, long Revision) List(CollectionKey collection)
    {
        lock (gate)
        {
            return (Of(collection), revision);
        }
    }

    /// <summary>The collection as it was at a resourceVersion; null where that is compacted.</summary>
    public ImmutableSortedDictionary<string, StoredObject>? ListAt(CollectionKey collection, long at)
    {
        lock (gate)
        {
            if (at < compacted)
            {
                return null;
            }

            return history.FirstOrDefault(e => e.Revision > at && e.Collection == collection)?.Before ?? Of(collection);
        }
    }

    /// <summary>Stores a new object and sets its resourceVersion; null where the key is taken.</summary>
    public StoredObject? Create(CollectionKey collection, string key, JsonObject value)
    {
        StoreEvent change;
        lock (gate)
        {
            if (Of(collection).ContainsKey(key))
            {
                return null;
            }

            change = Commit(collection, StoreEventType.Added, Stamped(key, value), previous: null);
        }

        Changed?.Invoke(change);
        return change.Object;
    }

    /// <summary>Replaces exactly the state that was read; null where somebody changed it since.</summary>
    public StoredObject? Replace(CollectionKey collection, StoredObject expected, JsonObject value)
    {
        StoreEvent change;
        lock (gate)
        {
            if (!IsCurrent(collection, expected))
            {
                return null;
            }

            change = Commit(collection, StoreEventType.Modified, Stamped(expected.Key, value), expected);
        }

        Changed?.Invoke(change);
        return change.Object;
    }

    /// <summary>Removes exactly the state that was read; null where somebody changed it since.</summary>
    /// <param name="collection">The collection.</param>
    /// <param name="expected">The state that was read.</param>
    /// <param name="last">The state to announce, where the last write and the removal are one.</param>
    public StoredObject? Remove(CollectionKey collection, StoredObject expected, JsonObject? last = null)
    {
        StoreEvent change;
        lock (gate)
        {
            if (!IsCurrent(collection, expected))
            {
                return null;
            }

            change = Commit(collection, StoreEventType.Deleted, Stamped(expected.Key, last ?? expected.Copy()), expected);
        }

        Changed?.Invoke(change);
        return change.Object;
    }

    /// <summary>Rewrites what is shown of a collection without a change of resourceVersion (defaults of a newer schema).</summary>
    public void Reinterpret(CollectionKey collection, Func<JsonObject, JsonObject> rewrite)
    {
        lock (gate)
        {
            collections[collection] = Of(collection).ToImmutableSortedDictionary(
                p => p.Key,
                p => new StoredObject(p.Key, rewrite(p.Value.Copy()), p.Value.Revision),
                StringComparer.Ordinal);
        }
    }

    /// <summary>
    /// Follows a collection from a resourceVersion on; from the state of now where it is null.
    /// Null where the changes since then are no longer known.
    /// </summary>
    public StoreSubscription? Subscribe(CollectionKey collection, long? from)
    {
        lock (gate)
        {
            if (from < compacted)
            {
                return null;
            }

            var subscription = new StoreSubscription(collection, from is null ? Of(collection) : null, revision, Unsubscribe);
            foreach (var change in history.Where(e => from is not null && e.Revision > from && e.Collection == collection))
            {
                subscription.Post(change);
            }

            subscriptions.Add(subscription);
            return subscription;
        }
    }

    /// <summary>Forgets the history, so that every older watch or continue token answers 410.</summary>
    public void Compact()
    {
        lock (gate)
        {
            history.Clear();
            compacted = ++revision;
        }
    }

    private void Unsubscribe(StoreSubscription subscription)
    {
        lock (gate)
        {
            subscriptions.Remove(subscription);
        }
    }

    private ImmutableSortedDictionary<string, StoredObject> Of(CollectionKey collection) => collections.GetValueOrDefault(collection, Empty);

    private bool IsCurrent(CollectionKey collection, StoredObject expected) =>
        Of(collection).TryGetValue(expected.Key, out var current) && current.Revision == expected.Revision
        && ObjectMeta.Uid(current.Value) == ObjectMeta.Uid(expected.Value);

    private StoredObject Stamped(string key, JsonObject value)
    {
        revision++;
        ObjectMeta.Of(value)["resourceVersion"] = revision.ToString(CultureInfo.InvariantCulture);
        return new StoredObject(key, value, revision);
    }

    private StoreEvent Commit(CollectionKey collection, StoreEventType type, StoredObject stored, StoredObject? previous)
    {
        var before = Of(collection);
        collections[collection] = type == StoreEventType.Deleted ? before.Remove(stored.Key) : before.SetItem(stored.Key, stored);
        var change = new StoreEvent(stored.Revision, collection, type, stored, previous, before);
        history.Enqueue(change);
        if (history.Count > historyLimit)
        {
            compacted = history.Dequeue().Revision;
        }

        foreach (var subscription in subscriptions.Where(s => s.Collection == collection))
        {
            subscription.Post(change);
        }

        return change;
    }
}
