using k8s;
using k8s.Models;

namespace Modestano.Operator.Runtime;

/// <summary>Brings the world closer to one object's spec. The shape is KubeOps', so that a move to KubeOps changes only this folder.</summary>
/// <typeparam name="TEntity">The custom resource.</typeparam>
public interface IEntityController<in TEntity>
    where TEntity : IKubernetesObject<V1ObjectMeta>
{
    /// <summary>One pass: observe, plan, execute at most one step, report. Never runs twice at once for one object.</summary>
    /// <remarks>
    /// Due after any change of the object or of what it watches, except this process's own status write: what is to follow that, the result
    /// says (<see cref="ReconciliationResult.After"/>). The next pass sees that write, even where the watch has not delivered it yet.
    /// </remarks>
    /// <param name="entity">A private copy of the object as the cache has it, with this process's own writes.</param>
    /// <param name="cancellationToken">Cancelled when leadership or the process ends.</param>
    Task<ReconciliationResult> ReconcileAsync(TEntity entity, CancellationToken cancellationToken);

    /// <summary>The object is gone (not: being deleted): drop what is kept in memory for it.</summary>
    Task<ReconciliationResult> DeletedAsync(ObjectKey key, CancellationToken cancellationToken);
}
