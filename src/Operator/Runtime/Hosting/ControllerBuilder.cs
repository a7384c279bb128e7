using k8s;
using k8s.Models;

namespace Modestano.Operator.Runtime.Hosting;

/// <summary>What else, beside the object itself, makes a pass due.</summary>
/// <typeparam name="TEntity">The kind that the controller reconciles.</typeparam>
public sealed class ControllerBuilder<TEntity>
    where TEntity : class, IKubernetesObject<V1ObjectMeta>
{
    private readonly IServiceCollection _services;

    internal ControllerBuilder(IServiceCollection services) => _services = services;

    /// <summary>Queues the mapped objects whenever an object of another kind appears, changes (its status too) or goes; a change maps both the old and the new object.</summary>
    /// <param name="map">From the other object to those that look at it. Pure and quick: it runs for each event of the watch.</param>
    public ControllerBuilder<TEntity> Watches<TOther>(Func<TOther, IEnumerable<ObjectKey>> map)
        where TOther : class, IKubernetesObject<V1ObjectMeta> => Watches<TOther>((other, _) => map(other));

    /// <summary>As the other overload; the cache serves mappings in the direction against the reference ("who refers to this object?").</summary>
    public ControllerBuilder<TEntity> Watches<TOther>(Func<TOther, IEntityCache<TEntity>, IEnumerable<ObjectKey>> map)
        where TOther : class, IKubernetesObject<V1ObjectMeta>
    {
        _services.AddInformer<TOther>();
        _services.AddSingleton<IWatchMapping>(s => new WatchMapping<TOther, TEntity>(
            s.GetRequiredService<Informers.EntityCache<TOther>>(),
            s.GetRequiredService<Informers.EntityCache<TEntity>>(),
            s.GetRequiredService<Queues.EntityQueue<TEntity>>(),
            map));
        return this;
    }
}
