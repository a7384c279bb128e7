using Modestano.Crds.V1Alpha1;

namespace Modestano.Operator.Migrations.Planning;

/// <summary>What the migration reads off its targets.</summary>
public static class Targets
{
    /// <summary>The members of a region that hold data and can serve, as the spec lists them.</summary>
    public static IReadOnlyList<MemberSpec> DataBearing(MongoReplicaSet replicaSet, string region) =>
        [.. replicaSet.Spec.Regions.Where(r => r.Name == region).SelectMany(r => r.Members).Where(m => m.ArbiterOnly != true)];

    /// <summary>The data-bearing hosts of every other region.</summary>
    public static IReadOnlyList<string> StayingDataBearing(MongoReplicaSet replicaSet, string leaving) =>
        [.. replicaSet.Spec.Regions.Where(r => r.Name != leaving).SelectMany(r => r.Members).Where(m => m.ArbiterOnly != true).Select(m => m.Host)];

    /// <summary>The share of the traffic that the new region serves now, the least over all records, per cent; null: not known yet.</summary>
    public static decimal? ServedPercent(MigrationContext context)
    {
        decimal? least = null;
        foreach (var record in context.ExistingRecords)
        {
            if (Served(record) is not { } weights
                || TrafficWeights.PercentInNewRegion(record.Spec.Endpoints, weights, context.Spec.From, context.Spec.To) is not { } percent)
            {
                return null;
            }

            least = least is null ? percent : Math.Min(least.Value, percent);
        }

        return least ?? 0;
    }

    /// <summary>Whether the primary's region and every record's weights are known.</summary>
    public static bool AreObserved(MigrationContext context) =>
        context.ReplicaSet?.Status?.PrimaryRegion is not null && context.RecordRefs.All(r => context.Records.TryGetValue(r.Name, out var record) && Served(record) is not null);

    /// <summary>Weight by set identifier as Route 53 holds them; null: not observed yet. A record set that does not exist has weight 0.</summary>
    public static IReadOnlyDictionary<string, int>? Served(WeightedDnsRecord record) =>
        record.Status?.Endpoints is { Count: > 0 } endpoints && record.Status.ObservedGeneration is not null
            ? endpoints.ToDictionary(e => e.SetIdentifier, e => e.ServedWeight ?? 0)
            : null;
}
