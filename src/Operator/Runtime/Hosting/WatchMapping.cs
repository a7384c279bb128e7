using k8s;
using k8s.Models;
using Modestano.Operator.Runtime.Informers;
using Modestano.Operator.Runtime.Queues;

namespace Modestano.Operator.Runtime.Hosting;

/// <summary>Turns changes of one kind into passes of another.</summary>
internal interface IWatchMapping
{
    /// <summary>Starts to listen; before the informers start, so that nothing is missed.</summary>
    void Connect();
}

internal sealed class WatchMapping<TOther, TEntity>(
    EntityCache<TOther> others,
    EntityCache<TEntity> entities,
    EntityQueue<TEntity> queue,
    Func<TOther, IEntityCache<TEntity>, IEnumerable<ObjectKey>> map) : IWatchMapping
    where TOther : class, IKubernetesObject<V1ObjectMeta>
    where TEntity : class, IKubernetesObject<V1ObjectMeta>
{
    public void Connect() => others.Changed += change =>
    {
        Enqueue(change.Before);
        Enqueue(change.After);
    };

    private void Enqueue(TOther? other)
    {
        if (other is null)
        {
            return;
        }

        foreach (var key in map(other, entities))
        {
            queue.Enqueue(key);
        }
    }
}
