using Modestano.Crds.V1Alpha1;

namespace Modestano.Operator.Migrations.Planning;

/// <summary>
/// The endpoints of a record as a migration steers them. An endpoint that leaves the spec meanwhile keeps its part until the migration has
/// ended, and a region is the one that it had when it came under the migration: an edit must not move traffic between from and to.
/// </summary>
internal static class SteeredEndpoints
{
    /// <summary>The endpoints with the regions that count; those that left the spec come last.</summary>
    /// <param name="record">The record; null: it is gone.</param>
    /// <param name="asked">What the migration asks it for; null: nothing yet.</param>
    public static IReadOnlyList<EndpointSpec> Of(WeightedDnsRecord? record, RecordOverride? asked)
    {
        var specified = record?.Spec.Endpoints ?? [];
        var latched = record?.Status?.Override;
        string? Region(string id, string? otherwise) => asked?.Regions is { } known && known.TryGetValue(id, out var region) ? region : otherwise;
        // A migration that is made anew knows only from the record's latch what left the spec under the one before, and where it was.
        string? Latched(string id) => latched?.Endpoints?.FirstOrDefault(e => e.SetIdentifier == id)?.Region;
        var gone = (asked?.Weights.Keys ?? []).Union(latched?.Weights?.Keys ?? []).Except(specified.Select(e => e.SetIdentifier)).Order(StringComparer.Ordinal);
        return
        [
            .. specified.Select(e => e with { Region = Region(e.SetIdentifier, e.Region) }),
            .. gone.Select(id => new EndpointSpec { SetIdentifier = id, Region = Region(id, Latched(id)) }),
        ];
    }

    /// <summary>The regions to remember beside the weights; an endpoint of no region has an empty one.</summary>
    public static IReadOnlyDictionary<string, string> Regions(IEnumerable<EndpointSpec> endpoints) =>
        endpoints.ToDictionary(e => e.SetIdentifier, e => e.Region ?? "", StringComparer.Ordinal);

    /// <summary>What the migration asks a record for; null: nothing yet.</summary>
    public static RecordOverride? Asked(RegionMigrationStatus status, string record) => status.Override?.Records?.FirstOrDefault(r => r.Name == record);

    /// <summary>What a record is asked for on the way back: where it began, and nothing for what came since.</summary>
    public static RecordOverride AtOrigin(MigrationContext context, RecordOverride began)
    {
        var endpoints = Of(context.Records.GetValueOrDefault(began.Name), Asked(context.Status, began.Name) ?? began);
        var weights = began.Weights.Values.Any(w => w > 0) ? began.Weights : Unseen();
        return began with
        {
            Weights = endpoints.Select(e => e.SetIdentifier).Union(weights.Keys).ToDictionary(id => id, id => weights.GetValueOrDefault(id), StringComparer.Ordinal),
            Regions = Regions(endpoints),
        };

        // An older version could begin before the record served: the spec says then where it would have begun.
        IReadOnlyDictionary<string, int> Unseen() => TrafficWeights.For(
            endpoints, endpoints.ToDictionary(e => e.SetIdentifier, e => e.Weight), context.Spec.From, context.Spec.To, 0, null);
    }
}
