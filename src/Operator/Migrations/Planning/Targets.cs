using Modestano.Crds.V1Alpha1;

namespace Modestano.Operator.Migrations.Planning;

/// <summary>What the migration reads off its targets.</summary>
public static class Targets
{
    /// <summary>The members of a region that hold data and can serve, as the spec lists them.</summary>
    public static IReadOnlyList<MemberSpec> DataBearing(MongoReplicaSet replicaSet, string region) =>
        [.. replicaSet.Spec.Regions.Where(r => r.Name == region).SelectMany(r => r.Members).Where(m => m.ArbiterOnly != true)];

    /// <summary>The members of a region that the spec lets be primary.</summary>
    public static IReadOnlyList<MemberSpec> Electable(MongoReplicaSet replicaSet, string region) =>
        [.. DataBearing(replicaSet, region).Where(m => m.Votes != 0 && m.Hidden != true && m.Priority?.Value != 0 && (m.SecondaryDelaySecs ?? 0) == 0)];

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
                || TrafficWeights.PercentInNewRegion(SteeredEndpoints.Of(record, SteeredEndpoints.Asked(context.Status, record.Metadata.Name)), weights, context.Spec.From, context.Spec.To) is not { } percent)
            {
                return null;
            }

            least = least is null ? percent : Math.Min(least.Value, percent);
        }

        return least ?? 0;
    }

    /// <summary>Whether the primary's region and every record's weights are known.</summary>
    public static bool AreObserved(MigrationContext context) =>
        context.ReplicaSet?.Status?.PrimaryRegion is not null && context.RecordRefs.All(r => context.Records.TryGetValue(r.Name, out var record) && IsServing(record));

    /// <summary>
    /// Weight by set identifier as Route 53 holds them, of the endpoints in the spec and of those that left it under an override; null: not
    /// observed yet. A record set that does not exist has weight 0; sets of others are none of a migration's business.
    /// </summary>
    public static IReadOnlyDictionary<string, int>? Served(WeightedDnsRecord record)
    {
        if (record.Status is not { Endpoints: { Count: > 0 } endpoints, ObservedGeneration: not null } status)
        {
            return null;
        }

        var seen = endpoints.ToDictionary(e => e.SetIdentifier, e => e.ServedWeight ?? 0);
        return record.Spec.Endpoints.Select(e => e.SetIdentifier).Union(status.Override?.Weights?.Keys ?? []).ToDictionary(id => id, id => seen.GetValueOrDefault(id), StringComparer.Ordinal);
    }

    /// <summary>Whether some endpoint of the record was seen to have weight: where none has, nothing says where the traffic is.</summary>
    public static bool IsServing(WeightedDnsRecord record) => Served(record) is { } weights && weights.Values.Any(w => w > 0);

    /// <summary>Whether a target's status is about the spec that it has now.</summary>
    public static bool HasReported(long? generation, long? observedGeneration) => generation is null || observedGeneration >= generation;

    /// <summary>What a target itself says that keeps it, with its reason; null: nothing.</summary>
    public static string? Says(IReadOnlyList<Condition>? conditions) =>
        (conditions?.FirstOrDefault(c => c is { Type: ConditionTypes.Stalled, Status: "True" }) ?? conditions?.FirstOrDefault(c => c.Type == ConditionTypes.Ready && c.Status != "True")) is { } condition
            ? $"{condition.Reason}: {condition.Message}"
            : null;

    /// <summary>What is waited for, with what the target says of itself.</summary>
    public static string Waiting(string what, IReadOnlyList<Condition>? conditions) => Says(conditions) is { } says ? $"{what}; it says {says}" : what;
}
