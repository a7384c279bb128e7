using k8s;
using k8s.Models;

namespace Modestano.Operator.Runtime;

/// <summary>Live calls for one kind; the spec is never written.</summary>
/// <typeparam name="TEntity">The custom resource.</typeparam>
public interface IEntityClient<TEntity>
    where TEntity : class, IKubernetesObject<V1ObjectMeta>
{
    /// <summary>Reads the object from the API server; null where it does not exist.</summary>
    Task<TEntity?> GetAsync(ObjectKey key, CancellationToken cancellationToken);

    /// <summary>Writes the status subresource with the object's resourceVersion. Nothing is sent where the status equals <paramref name="before"/>'s.</summary>
    /// <returns>The object as stored, or <paramref name="after"/> where nothing was sent.</returns>
    /// <exception cref="StatusConflictException">Somebody wrote in between: not an error, the next pass sees the newer object.</exception>
    Task<TEntity> UpdateStatusAsync(TEntity before, TEntity after, CancellationToken cancellationToken);
}
