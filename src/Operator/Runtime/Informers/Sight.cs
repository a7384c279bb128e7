namespace Modestano.Operator.Runtime.Informers;

/// <summary>
/// Whether the informers still see their kinds. One that cannot list goes on trying, but until it succeeds edits, holds and deletions are not
/// seen: nothing may be done, or be called well, by a copy that may be out of date. Each collection tells here, each pass asks here.
/// </summary>
internal sealed class Sight(RuntimeMetrics metrics, TimeProvider time)
{
    /// <summary>How long a kind has to be out of sight. A connection that is cut, or a server that starts anew, is everyday life.</summary>
    public static readonly TimeSpan Grace = TimeSpan.FromSeconds(10);

    private readonly Lock _adding = new();
    private volatile CollectionSight[] _collections = [];
    private readonly TaskCompletionSource _told = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>A kind went out of sight or came back; true: for the first time it was seen, which passes over every kind wait for.</summary>
    public event Action<EntityKind, bool>? Changed;

    /// <summary>Completes when each collection has been listed, or has been out of sight for so long that passes have to tell of it.</summary>
    public Task Told => _told.Task;

    /// <summary>The kinds that are out of sight, in words; null: none.</summary>
    public string? Lost
    {
        get
        {
            var kinds = _collections.Where(c => c.IsLost).Select(c => c.Kind.ToString()).Distinct().Order(StringComparer.Ordinal).ToList();
            return kinds.Count == 0 ? null : string.Join(", ", kinds);
        }
    }

    /// <summary>A collection, before its informer runs.</summary>
    public CollectionSight Of(EntityKind kind, string? inNamespace)
    {
        var collection = new CollectionSight(this, kind, inNamespace, time);
        lock (_adding)
        {
            _collections = [.. _collections, collection];
        }

        return collection;
    }

    /// <summary>Why a pass over the object would not know what it does; null: it may begin.</summary>
    public KindNotSeenException? Obstacle(EntityKind kind, ObjectKey key)
    {
        foreach (var collection in _collections)
        {
            // A kind that was never listed could hold a migration, or a rival, of any object.
            if (collection.WhyLost is { } why && (!collection.WasListed || collection.Holds(kind, key)))
            {
                return new KindNotSeenException(collection.Kind, why);
            }
        }

        return null;
    }

    internal void Tell(CollectionSight of, bool first)
    {
        if (_collections.All(c => c.WasListed || c.IsLost))
        {
            _told.TrySetResult();
        }

        metrics.KindsNotSeen(of.Kind).Set(_collections.Count(c => c.Kind == of.Kind && c.IsLost));
        Changed?.Invoke(of.Kind, first);
    }
}

/// <summary>The sight of one kind in the cluster, or in one namespace. Its informer alone tells.</summary>
internal sealed class CollectionSight(Sight all, EntityKind kind, string? inNamespace, TimeProvider time)
{
    private volatile Exception? _why;
    private volatile bool _listed;
    private long? _since;

    public EntityKind Kind => kind;

    /// <summary>Whether a LIST has ever come to its end.</summary>
    public bool WasListed => _listed;

    public bool IsLost => _why is not null;

    /// <summary>What the last attempt met, where the grace is over; null: in sight.</summary>
    public Exception? WhyLost => _why;

    public bool Holds(EntityKind ofKind, ObjectKey key) => ofKind == kind && (inNamespace is null || inNamespace == key.Namespace);

    /// <summary>A LIST has come to its end.</summary>
    public void Listed()
    {
        var (first, lost) = (!_listed, IsLost);
        (_since, _listed, _why) = (null, true, null);
        if (first || lost)
        {
            all.Tell(this, first);
        }
    }

    /// <summary>An attempt failed, and another one follows.</summary>
    /// <param name="begun">From when on nothing is seen, a timestamp of the time provider.</param>
    /// <param name="error">What it met.</param>
    public void Failed(long begun, Exception error)
    {
        _since ??= begun;
        if (time.GetElapsedTime(_since.Value) < Sight.Grace)
        {
            return;
        }

        var first = !IsLost;
        _why = error;
        if (first)
        {
            all.Tell(this, first: false);
        }
    }
}
