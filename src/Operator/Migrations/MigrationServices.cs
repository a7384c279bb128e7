using Modestano.Crds.V1Alpha1;
using Modestano.Operator.Migrations.Control;
using Modestano.Operator.Migrations.Gates;
using Modestano.Operator.Migrations.Status;
using Modestano.Operator.Outgoing;
using Modestano.Operator.Runtime;

namespace Modestano.Operator.Migrations;

/// <summary>What the composition root adds for RegionMigration.</summary>
public static class MigrationServices
{
    /// <summary>Adds controller, finalizer and gates. The services of replica sets and DNS must be there too.</summary>
    public static IServiceCollection AddMigrations(this IServiceCollection services)
    {
        services.AddOutgoingCalls();
        services.AddHttpClient(PrometheusGateSource.HttpClientName).ConfigurePrimaryHttpMessageHandler(PrometheusGateSource.Handler)
            .AddHttpMessageHandler(s => s.GetRequiredService<OutgoingPipelines>().Handler(OutgoingCall.Prometheus));
        services.AddSingleton<IGateSource, PrometheusGateSource>();
        services.AddSingleton<IGateSource, ProbeGateSource>();
        services.AddSingleton<IReplicaSetHealthSource, ObservedHealthSource>();
        services.AddSingleton<GateEvaluator>();
        services.AddSingleton<MigrationObserver>();
        services.AddTermMemory<MigrationMetrics>();
        services.AddSingleton<IFailedPassStatus<RegionMigration>, FailedMigrationStatus>();
        services.AddController<RegionMigration, RegionMigrationController>(migrations => migrations
            .Watches<MongoReplicaSet>((replicaSet, cache) => Keys(cache, replicaSet.Metadata.NamespaceProperty, m => m.Spec.ReplicaSetRef.Name == replicaSet.Metadata.Name))
            .Watches<WeightedDnsRecord>((record, cache) => Keys(cache, record.Metadata.NamespaceProperty, m => m.Spec.DnsRecordRefs?.Any(r => r.Name == record.Metadata.Name) == true))
            .Watches<RegionMigration>((rival, cache) => Keys(cache, rival.Metadata.NamespaceProperty, m => m.Metadata.Uid != rival.Metadata.Uid && m.Status?.Override is null)));
        services.AddFinalizer<RegionMigration, RegionMigrationController>();
        return services;
    }

    private static List<ObjectKey> Keys(IEntityCache<RegionMigration> cache, string @namespace, Func<RegionMigration, bool> concerned) =>
        [.. cache.List().Where(m => m.Metadata.NamespaceProperty == @namespace && concerned(m)).Select(ObjectKey.Of)];
}
