using k8s;
using k8s.Models;

namespace Modestano.Operator.Runtime;

/// <summary>How a kind tells that its passes fail. When, and until when, the runtime decides.</summary>
/// <typeparam name="TEntity">The kind.</typeparam>
internal interface IFailedPassStatus<TEntity>
    where TEntity : IKubernetesObject<V1ObjectMeta>
{
    /// <summary>The object with a status that claims nothing of the world any more, and whose override counts as not reached. Pure.</summary>
    /// <param name="entity">The object as the API server has it.</param>
    /// <param name="failure">What stops the passes.</param>
    /// <param name="now">Now.</param>
    TEntity Of(TEntity entity, PassFailure failure, DateTimeOffset now);

    /// <summary>Takes away the object's metrics, which only passes keep true.</summary>
    void ForgetFigures(ObjectKey key);
}
