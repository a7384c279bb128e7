using Microsoft.Extensions.DependencyInjection.Extensions;
using Modestano.Crds.V1Alpha1;
using Modestano.Operator.Configuration;
using Modestano.Operator.Dns.Accounts;
using Modestano.Operator.Dns.Control;
using Modestano.Operator.Dns.Observation;
using Modestano.Operator.Dns.Records;
using Modestano.Operator.Dns.Sending;
using Modestano.Operator.Dns.Status;
using Modestano.Operator.Overrides;
using Modestano.Operator.Runtime;

namespace Modestano.Operator.Dns;

/// <summary>What the composition root adds for WeightedDnsRecord.</summary>
public static class DnsServices
{
    /// <summary>Adds controller, finalizer and the Route 53 side. The runtime, the options and the grants come from outside.</summary>
    public static IServiceCollection AddDns(this IServiceCollection services)
    {
        services.TryAddSingleton<OverrideReader>();
        services.AddTermMemory<DnsMetrics>();
        services.AddSingleton<RequestMetrics>();
        services.TryAddSingleton<IInstallation, KubernetesInstallation>();
        services.TryAddSingleton<IRoute53Accounts, Route53Accounts>();
        services.AddTermMemory<ZoneDirectory>();
        services.AddTermMemory<ZoneReader>();
        services.AddTermMemory<DelegationReader>();
        services.AddSingleton<AliasTargets>();
        services.AddTermMemory<ChangeTracker>();
        services.AddTermMemory<HealthReader>();
        services.AddSingleton<RecordObserver>();
        services.AddSingleton<RecordAccess>();
        services.AddTermMemory<ChangeRights>();
        services.AddSingleton<ZoneSender>();
        services.AddTermMemory<ZoneBatcher>();
        services.AddSingleton<IFailedPassStatus<WeightedDnsRecord>, FailedRecordStatus>();
        services.AddSingleton<RecordEvents>();
        services.AddSingleton<RecordStep>();
        services.AddController<WeightedDnsRecord, WeightedDnsRecordController>(records => records
            .Watches<RegionMigration>(migration => (migration.Spec.DnsRecordRefs ?? []).Select(r => new ObjectKey(migration.Metadata.NamespaceProperty, r.Name)))
            .Watches<WeightedDnsRecord>(Rivals));
        services.AddSingleton(s => (ILeadershipListener)s.GetRequiredService<IEntityController<WeightedDnsRecord>>());
        services.AddTermMemory<WeightedDnsRecordFinalizer>();
        services.AddFinalizer<WeightedDnsRecord, WeightedDnsRecordFinalizer>();
        return services;
    }

    /// <summary>An object that appears or goes can stall or free others on its name (D7).</summary>
    private static IEnumerable<ObjectKey> Rivals(WeightedDnsRecord changed, IEntityCache<WeightedDnsRecord> cache)
    {
        return cache.List()
            .Where(other => other.Metadata.Uid != changed.Metadata.Uid && other.Spec.Type == changed.Spec.Type && RecordNames.AreSame(other.Spec.Name, changed.Spec.Name))
            .Select(ObjectKey.Of);
    }
}
