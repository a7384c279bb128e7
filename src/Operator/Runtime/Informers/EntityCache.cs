using System.Collections.Concurrent;
using k8s;
using k8s.Models;

namespace Modestano.Operator.Runtime.Informers;

/// <summary>What an object was and is; both null never, one null where it appeared or went.</summary>
/// <param name="Key">The object.</param>
/// <param name="Before">As it was; null where it is new or was unreadable.</param>
/// <param name="After">As it is; null where it is gone or unreadable.</param>
/// <param name="OwnStatusWrite">The change is this process's own status write.</param>
internal readonly record struct EntityChange<TEntity>(ObjectKey Key, TEntity? Before, TEntity? After, bool OwnStatusWrite)
    where TEntity : class, IKubernetesObject<V1ObjectMeta>;

/// <summary>The objects of one kind as LIST, WATCH and this process's own writes tell them. Reads take no lock.</summary>
internal sealed class EntityCache<TEntity> : IEntityCache<TEntity>
    where TEntity : class, IKubernetesObject<V1ObjectMeta>
{
    private readonly ConcurrentDictionary<ObjectKey, TEntity> _readable = new();
    private readonly ConcurrentDictionary<ObjectKey, ReadObject<TEntity>> _unreadable = new();

    /// <summary>Resource versions that this process made by its writes and that the watch has not delivered yet, oldest first.</summary>
    private readonly Dictionary<ObjectKey, List<string>> _ahead = [];

    /// <summary>Changes that the watch delivered while an own write of the same object was under way: its answer tells whose they are.</summary>
    private readonly Dictionary<ObjectKey, List<EntityChange<TEntity>>> _held = [];
    private readonly Lock _writing = new();

    /// <summary>Raised after each change, outside any lock.</summary>
    public event Action<EntityChange<TEntity>>? Changed;

    /// <summary>Raised for each version of an object that could not be deserialised.</summary>
    public event Action<ReadObject<TEntity>>? Unreadable;

    /// <summary>How many objects cannot be deserialised now.</summary>
    public int UnreadableCount => _unreadable.Count;

    public TEntity? Find(ObjectKey key) => _readable.GetValueOrDefault(key);

    public IReadOnlyCollection<TEntity> List() => (IReadOnlyCollection<TEntity>)_readable.Values;

    /// <summary>All objects, readable or not.</summary>
    public IEnumerable<ObjectKey> Keys() => _readable.Keys.Concat(_unreadable.Keys);

    /// <summary>The object where it exists but cannot be deserialised.</summary>
    public ReadObject<TEntity>? FindUnreadable(ObjectKey key) => _unreadable.GetValueOrDefault(key);

    /// <summary>Whether the object exists, readable or not.</summary>
    public bool Exists(ObjectKey key) => _readable.ContainsKey(key) || _unreadable.ContainsKey(key);

    /// <summary>Takes over a complete LIST of a namespace (null: of the cluster): what it does not hold is gone, whether or not a watch said so.</summary>
    public void Replace(string? inNamespace, IReadOnlyList<ReadObject<TEntity>> listed)
    {
        var present = new HashSet<ObjectKey>(listed.Count);
        foreach (var item in listed)
        {
            present.Add(item.Key);
            Set(item);
        }

        foreach (var key in Keys())
        {
            if (!present.Contains(key) && (inNamespace is null || key.Namespace == inNamespace))
            {
                Remove(key);
            }
        }
    }

    /// <summary>Takes over one object from LIST or WATCH.</summary>
    public void Set(ReadObject<TEntity> read)
    {
        TEntity? before;
        lock (_writing)
        {
            _readable.TryGetValue(read.Key, out before);
            if (before?.Metadata.ResourceVersion == read.ResourceVersion)
            {
                _ahead.Remove(read.Key);
                return;
            }

            if (IsOlderThanOwnWrite(read))
            {
                return;
            }

            _ahead.Remove(read.Key);
            if (read.Entity is null)
            {
                if (_unreadable.TryGetValue(read.Key, out var known) && known.ResourceVersion == read.ResourceVersion)
                {
                    return;
                }

                _unreadable[read.Key] = read;
                _readable.TryRemove(read.Key, out _);
            }
            else
            {
                _readable[read.Key] = read.Entity;
                _unreadable.TryRemove(read.Key, out _);
            }

            if (_held.TryGetValue(read.Key, out var held))
            {
                held.Add(new EntityChange<TEntity>(read.Key, before, read.Entity, OwnStatusWrite: false));
                return;
            }
        }

        if (read.Entity is null)
        {
            Unreadable?.Invoke(read);
        }

        Changed?.Invoke(new EntityChange<TEntity>(read.Key, before, read.Entity, OwnStatusWrite: false));
    }

    /// <summary>The object is gone.</summary>
    public void Remove(ObjectKey key)
    {
        TEntity? before;
        lock (_writing)
        {
            var known = _readable.TryRemove(key, out before) | _unreadable.TryRemove(key, out _);
            _ahead.Remove(key);
            if (!known)
            {
                return;
            }
        }

        Changed?.Invoke(new EntityChange<TEntity>(key, before, null, OwnStatusWrite: false));
    }

    /// <summary>
    /// Runs an own write of status or finalizers and takes over its answer, so that the next pass sees it even where it comes before the
    /// watch's notice, and so that the notice is known as this process's own even where it comes before the answer.
    /// </summary>
    /// <param name="key">The object.</param>
    /// <param name="basedOn">The resource version that the write is based on. Where the cache holds another one, the watch is already further.</param>
    /// <param name="write">The request; its result is the object as stored.</param>
    public async Task<TEntity> WriteAsync(ObjectKey key, string? basedOn, Func<Task<TEntity>> write)
    {
        var outermost = false;
        lock (_writing)
        {
            outermost = _held.TryAdd(key, []);
        }

        TEntity? stored = null;
        try
        {
            stored = await write();
            stored.Metadata.ManagedFields = null;
            return stored;
        }
        finally
        {
            Settle(key, basedOn, stored is null ? null : EntityJson.Copy(stored), outermost);
        }
    }

    private void Settle(ObjectKey key, string? basedOn, TEntity? stored, bool outermost)
    {
        List<EntityChange<TEntity>> changes = [];
        lock (_writing)
        {
            if (outermost && _held.Remove(key, out var held))
            {
                var own = stored?.Metadata.ResourceVersion;
                changes.AddRange(held.Select(c => c with { OwnStatusWrite = own is not null && c.After?.Metadata.ResourceVersion == own }));
            }

            if (stored is not null && TakeOver(key, basedOn, stored) is { } taken)
            {
                changes.Add(taken);
            }
        }

        foreach (var change in changes)
        {
            Changed?.Invoke(change);
        }
    }

    /// <summary>Puts an own write's answer into the cache where that is not further already.</summary>
    private EntityChange<TEntity>? TakeOver(ObjectKey key, string? basedOn, TEntity stored)
    {
        if (!_readable.TryGetValue(key, out var before) || before.Metadata.ResourceVersion != basedOn)
        {
            return null;
        }

        _readable[key] = stored;
        if (stored.Metadata.ResourceVersion == basedOn)
        {
            // The last finalizer went and the object with it: its notice follows, but no pass may see the finalizer again.
            return null;
        }

        if (!_ahead.TryGetValue(key, out var versions))
        {
            _ahead[key] = versions = [];
        }

        versions.Add(stored.Metadata.ResourceVersion);
        return new EntityChange<TEntity>(key, before, stored, OwnStatusWrite: true);
    }

    /// <summary>Resource versions are opaque, but own writes form a chain: all but its last link are older than what is held.</summary>
    private bool IsOlderThanOwnWrite(ReadObject<TEntity> read) =>
        _ahead.TryGetValue(read.Key, out var versions) && versions.Contains(read.ResourceVersion);
}
