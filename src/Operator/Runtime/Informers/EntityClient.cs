using System.Net;
using System.Text.Json.Nodes;
using k8s;
using k8s.Autorest;
using k8s.Models;

namespace Modestano.Operator.Runtime.Informers;

/// <summary>Live reads and status writes of one kind; what is written is in the cache at once.</summary>
internal sealed class EntityClient<TEntity>(IKubernetes kubernetes, EntityCache<TEntity> cache) : IEntityClient<TEntity>
    where TEntity : class, IKubernetesObject<V1ObjectMeta>
{
    private static readonly EntityKind Kind = EntityKind.Of<TEntity>();

    public async Task<TEntity?> GetAsync(ObjectKey key, CancellationToken cancellationToken)
    {
        try
        {
            var entity = await kubernetes.CustomObjects.GetNamespacedCustomObjectAsync<TEntity>(
                Kind.Group, Kind.Version, key.Namespace, Kind.Plural, key.Name, cancellationToken);
            entity.Metadata.ManagedFields = null;
            return entity;
        }
        catch (HttpOperationException e) when (e.Response.StatusCode == HttpStatusCode.NotFound)
        {
            return null;
        }
    }

    public async Task<TEntity> UpdateStatusAsync(TEntity before, TEntity after, CancellationToken cancellationToken)
    {
        if (JsonNode.DeepEquals(EntityJson.StatusOf(before), EntityJson.StatusOf(after)))
        {
            return after;
        }

        var key = ObjectKey.Of(before);
        var basedOn = after.Metadata.ResourceVersion ?? before.Metadata.ResourceVersion;
        try
        {
            return await cache.WriteAsync(key, basedOn, () => kubernetes.CustomObjects.ReplaceNamespacedCustomObjectStatusAsync<TEntity>(
                after, Kind.Group, Kind.Version, key.Namespace, Kind.Plural, key.Name, cancellationToken: cancellationToken));
        }
        catch (HttpOperationException e) when (e.Response.StatusCode is HttpStatusCode.Conflict or HttpStatusCode.NotFound)
        {
            throw new StatusConflictException($"{Kind.Kind} {key} was changed or deleted since version {basedOn}: its status was not written");
        }
        catch (HttpOperationException e)
        {
            throw new ApiRefusedException($"writing the status of {Kind.Kind} {key}", e);
        }
    }
}
