using k8s;
using k8s.Models;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Modestano.Operator.Runtime.Events;
using Modestano.Operator.Runtime.Hosting;
using Modestano.Operator.Runtime.Informers;
using Modestano.Operator.Runtime.Leadership;
using Modestano.Operator.Runtime.Queues;
using Prometheus;

namespace Modestano.Operator.Runtime;

/// <summary>Registers the runtime and what runs on it.</summary>
/// <example><code>
/// services.AddModestanoRuntime(options);
/// services.AddController&lt;RegionMigration, RegionMigrationController&gt;(c => c
///     .Watches&lt;MongoReplicaSet&gt;((set, migrations) => migrations.List().Where(m => …).Select(ObjectKey.Of)));
/// services.AddFinalizer&lt;RegionMigration, RegionMigrationFinalizer&gt;();
/// </code></example>
public static class RuntimeServiceCollectionExtensions
{
    /// <summary>Registers informers' surroundings, leadership, events and the host. An <see cref="IKubernetes"/> must be registered too.</summary>
    public static IServiceCollection AddModestanoRuntime(this IServiceCollection services, RuntimeOptions options)
    {
        services.AddSingleton(options);
        services.TryAddSingleton(TimeProvider.System);
        services.TryAddSingleton<IMetricFactory>(_ => Metrics.DefaultFactory);
        services.TryAddSingleton<RuntimeMetrics>();
        services.TryAddSingleton<EventSink>();
        services.TryAddSingleton<EventRecorder>();
        services.TryAddSingleton<IEventRecorder>(s => s.GetRequiredService<EventRecorder>());
        services.AddHostedService(s => s.GetRequiredService<EventRecorder>());
        services.TryAddSingleton<ITermSource>(s => s.GetRequiredService<RuntimeOptions>().Lease is null
            ? ActivatorUtilities.CreateInstance<SoleLeader>(s)
            : ActivatorUtilities.CreateInstance<LeaseElection>(s));
        services.TryAddSingleton<LeaseClock>();
        services.TryAddSingleton<ILeadership>(s => s.GetRequiredService<LeaseClock>());
        services.TryAddSingleton<RuntimeState>();
        services.TryAddSingleton<Sight>();
        services.AddHostedService<ControllerHost>();
        return services;
    }

    /// <summary>Registers a controller, the informer of its kind and its queue.</summary>
    /// <param name="services">The services.</param>
    /// <param name="configure">What else makes a pass due.</param>
    public static IServiceCollection AddController<TEntity, TController>(
        this IServiceCollection services, Action<ControllerBuilder<TEntity>>? configure = null)
        where TEntity : class, IKubernetesObject<V1ObjectMeta>
        where TController : class, IEntityController<TEntity>
    {
        services.AddInformer<TEntity>();
        services.TryAddSingleton<TController>();
        services.AddSingleton<IEntityController<TEntity>>(s => s.GetRequiredService<TController>());
        services.AddTermMemory<FailedPasses<TEntity>>();
        services.TryAddSingleton<Pass<TEntity>>();
        services.TryAddSingleton<Finalizers<TEntity>>();
        services.TryAddSingleton<FinalizerPatch<TEntity>>();
        services.AddTermMemory<UnreadableReport<TEntity>>();
        services.TryAddEnumerable(ServiceDescriptor.Singleton<IControllerRunner, ControllerRunner<TEntity>>());
        configure?.Invoke(new ControllerBuilder<TEntity>(services));
        return services;
    }

    /// <summary>Registers a finalizer for a kind that has a controller: added before the object's first pass, run once it is being deleted. It may be the controller itself.</summary>
    public static IServiceCollection AddFinalizer<TEntity, TFinalizer>(this IServiceCollection services)
        where TEntity : class, IKubernetesObject<V1ObjectMeta>
        where TFinalizer : class, IEntityFinalizer<TEntity>
    {
        services.TryAddSingleton<TFinalizer>();
        return services.AddSingleton<IEntityFinalizer<TEntity>>(s => s.GetRequiredService<TFinalizer>());
    }

    /// <summary>
    /// Registers something that remembers on behalf of a leader, and that is emptied at the end of each term with all others: what another
    /// leader does from then on is not seen here, so nothing that was remembered may be compared with what the next term sees.
    /// </summary>
    public static IServiceCollection AddTermMemory<TMemory>(this IServiceCollection services)
        where TMemory : class, ILeadershipListener
    {
        if (services.Any(s => s.ServiceType == typeof(TMemory)))
        {
            return services;
        }

        services.AddSingleton<TMemory>();
        return services.AddSingleton<ILeadershipListener>(s => s.GetRequiredService<TMemory>());
    }

    /// <summary>Registers cache, client and queue of a kind; more than once does nothing more.</summary>
    public static IServiceCollection AddInformer<TEntity>(this IServiceCollection services)
        where TEntity : class, IKubernetesObject<V1ObjectMeta>
    {
        services.TryAddSingleton<EntityCache<TEntity>>();
        services.TryAddSingleton<IEntityCache<TEntity>>(s => s.GetRequiredService<EntityCache<TEntity>>());
        services.TryAddSingleton<IEntityClient<TEntity>, EntityClient<TEntity>>();
        services.TryAddSingleton<EntityQueue<TEntity>>();
        services.TryAddSingleton<IEntityQueue<TEntity>>(s => s.GetRequiredService<EntityQueue<TEntity>>());
        services.TryAddEnumerable(ServiceDescriptor.Singleton<IInformer, KindInformer<TEntity>>());
        return services;
    }
}
