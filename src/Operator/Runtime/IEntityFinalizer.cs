using k8s;
using k8s.Models;

namespace Modestano.Operator.Runtime;

/// <summary>What must happen outside before an object may go. Added before the first effect, removed after success.</summary>
/// <typeparam name="TEntity">The custom resource.</typeparam>
public interface IEntityFinalizer<in TEntity>
    where TEntity : IKubernetesObject<V1ObjectMeta>
{
    /// <summary>The finalizer's name: <c>mongo.modestano.io/purpose</c>.</summary>
    string Identifier { get; }

    /// <summary>One pass of the clean-up; <see cref="ReconciliationResult.Success"/> removes the finalizer, anything else keeps it.</summary>
    Task<ReconciliationResult> FinalizeAsync(TEntity entity, CancellationToken cancellationToken);
}
