using System.Net;
using k8s;
using k8s.Autorest;
using k8s.Models;
using Modestano.Operator.Runtime.Informers;

namespace Modestano.Operator.Runtime.Hosting;

/// <summary>Writes an object's finalizers by a merge patch that carries the resource version, so that it fails where somebody wrote in between.</summary>
internal class FinalizerPatch<TEntity>(IKubernetes kubernetes, EntityCache<TEntity> cache)
    where TEntity : class, IKubernetesObject<V1ObjectMeta>
{
    private static readonly EntityKind Kind = EntityKind.Of<TEntity>();

    /// <summary>Sets the complete list.</summary>
    /// <returns>The object as stored.</returns>
    /// <exception cref="StatusConflictException">Somebody wrote in between, or the object is gone.</exception>
    public virtual async Task<TEntity> SetAsync(TEntity entity, IReadOnlyList<string> finalizers, CancellationToken cancellationToken)
    {
        var key = ObjectKey.Of(entity);
        var basedOn = entity.Metadata.ResourceVersion;
        var patch = new V1Patch(new { metadata = new { resourceVersion = basedOn, finalizers } }, V1Patch.PatchType.MergePatch);
        try
        {
            return await cache.WriteAsync(key, basedOn, () => kubernetes.CustomObjects.PatchNamespacedCustomObjectAsync<TEntity>(
                patch, Kind.Group, Kind.Version, key.Namespace, Kind.Plural, key.Name, cancellationToken: cancellationToken));
        }
        catch (HttpOperationException e) when (e.Response.StatusCode is HttpStatusCode.Conflict or HttpStatusCode.NotFound)
        {
            throw new StatusConflictException($"{Kind.Kind} {key} was changed or deleted since version {basedOn}: its finalizers were not written");
        }
        catch (HttpOperationException e)
        {
            throw new ApiRefusedException($"writing the finalizers of {Kind.Kind} {key}", e);
        }
    }
}
