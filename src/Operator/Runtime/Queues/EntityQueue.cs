using k8s;
using k8s.Models;

namespace Modestano.Operator.Runtime.Queues;

/// <summary>The queue of one kind as others see it: it leads to the work queue of the present term. Between terms nothing is kept: a term starts with all objects.</summary>
internal sealed class EntityQueue<TEntity> : IEntityQueue<TEntity>
    where TEntity : IKubernetesObject<V1ObjectMeta>
{
    private WorkQueue? _current;

    public void Enqueue(ObjectKey key) => Volatile.Read(ref _current)?.Add(key);

    public void EnqueueAfter(ObjectKey key, TimeSpan delay) => Volatile.Read(ref _current)?.AddAfter(key, delay, DelaySource.Request);

    /// <summary>Starts to feed a term's queue; null: none.</summary>
    public void Feed(WorkQueue? queue) => Volatile.Write(ref _current, queue);
}
