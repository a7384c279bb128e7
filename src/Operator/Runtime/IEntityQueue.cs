using k8s;
using k8s.Models;

namespace Modestano.Operator.Runtime;

/// <summary>Asks for a pass from outside: a driver's monitoring event, a timer, another object.</summary>
/// <typeparam name="TEntity">The custom resource.</typeparam>
public interface IEntityQueue<TEntity>
    where TEntity : IKubernetesObject<V1ObjectMeta>
{
    /// <summary>Queues a pass as soon as a worker is free; one that is under way runs again afterwards.</summary>
    void Enqueue(ObjectKey key);

    /// <summary>Queues a pass after a while.</summary>
    void EnqueueAfter(ObjectKey key, TimeSpan delay);
}
