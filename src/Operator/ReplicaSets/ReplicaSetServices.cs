using Microsoft.Extensions.DependencyInjection.Extensions;
using Modestano.Crds.V1Alpha1;
using Modestano.Operator.Configuration;
using Modestano.Operator.Overrides;
using Modestano.Operator.ReplicaSets.Control;
using Modestano.Operator.ReplicaSets.Mongo;
using Modestano.Operator.ReplicaSets.Secrets;
using Modestano.Operator.ReplicaSets.Status;
using Modestano.Operator.Runtime;

namespace Modestano.Operator.ReplicaSets;

/// <summary>What the composition root adds for MongoReplicaSet.</summary>
public static class ReplicaSetServices
{
    /// <summary>Adds controller and MongoDB adapter. <see cref="OperatorOptions"/> must be registered.</summary>
    public static IServiceCollection AddReplicaSets(this IServiceCollection services)
    {
        services.TryAddSingleton(s => MongoConnectionOptions.From(s.GetRequiredService<OperatorOptions>()));
        services.TryAddSingleton<ISecretSource, KubernetesSecretSource>();
        services.TryAddSingleton<IClusterIdentity, KubeSystemIdentity>();
        services.TryAddSingleton<OverrideReader>();
        services.AddTermMemory<ConnectionSource>();
        services.AddTermMemory<MemberClients>();
        services.TryAddSingleton<IMemberCalls>(s => s.GetRequiredService<MemberClients>());
        services.TryAddSingleton<IReplicaSetGateway, MongoReplicaSetGateway>();
        services.AddTermMemory<ObservedReplicaSets>();
        services.AddTermMemory<ReplicaSetMetrics>();
        services.AddSingleton<ReplicaSetObserver>();
        services.AddSingleton<IFailedPassStatus<MongoReplicaSet>, FailedSetStatus>();
        services.AddTermMemory<WaitingSets>();
        services.AddSingleton<Rivals>();
        services.AddSingleton<ReplicaSetTraces>();
        services.AddSingleton<StepExecutor>();
        services.AddSingleton<StatusReporter>();
        services.AddController<MongoReplicaSet, MongoReplicaSetController>(sets => sets
            .Watches<RegionMigration>(migration => [new ObjectKey(migration.Metadata.NamespaceProperty, migration.Spec.ReplicaSetRef.Name)]));
        return services;
    }
}
