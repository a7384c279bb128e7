using k8s;
using k8s.Models;

namespace Modestano.Operator.Runtime.Informers;

/// <summary>Keeps the cache of one kind true, for as long as the process lives.</summary>
internal interface IInformer
{
    /// <summary>The kind.</summary>
    EntityKind Kind { get; }

    /// <summary>Completes after the first full LIST.</summary>
    Task Synced { get; }

    /// <summary>Runs until cancelled; errors of the API server are retried inside.</summary>
    Task RunAsync(CancellationToken cancellationToken);
}

/// <summary>The informers of one kind: one for the cluster, or one for each namespace.</summary>
internal sealed class KindInformer<TEntity> : IInformer
    where TEntity : class, IKubernetesObject<V1ObjectMeta>
{
    private readonly IReadOnlyList<CollectionInformer<TEntity>> _collections;

    public KindInformer(
        IKubernetes kubernetes, EntityCache<TEntity> cache, Sight sight, RuntimeOptions options, RuntimeMetrics metrics, TimeProvider time,
        ILogger<KindInformer<TEntity>> logger)
    {
        string?[] scopes = options.Namespaces.Count == 0 ? [null] : [.. options.Namespaces];
        _collections = [.. scopes.Select(scope => new CollectionInformer<TEntity>(
            new KubernetesEntityFeed(kubernetes, Kind, scope, options), scope, cache, sight.Of(Kind, scope), options, metrics, time, logger))];
        metrics.Announce(Kind);
        cache.Unreadable += read =>
        {
            metrics.UnreadableObjects(Kind).Set(cache.UnreadableCount);
            logger.LogError("{Kind} {Key} cannot be read and is left alone until it changes: {Error}", Kind.Kind, read.Key, read.Error);
        };
        cache.Changed += _ => metrics.UnreadableObjects(Kind).Set(cache.UnreadableCount);
    }

    public EntityKind Kind { get; } = EntityKind.Of<TEntity>();

    public Task Synced => Task.WhenAll(_collections.Select(c => c.Synced));

    public Task RunAsync(CancellationToken cancellationToken) => Task.WhenAll(_collections.Select(c => c.RunAsync(cancellationToken)));
}
