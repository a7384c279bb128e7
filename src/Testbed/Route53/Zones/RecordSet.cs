namespace Modestano.Testbed.Route53.Zones;

/// <summary>What tells record sets of a zone apart.</summary>
/// <param name="Name">Normalised.</param>
/// <param name="Type">As <c>A</c>.</param>
/// <param name="SetIdentifier">Absent for a simple set.</param>
public readonly record struct RecordKey(string Name, string Type, string? SetIdentifier);

/// <summary>A resource record set as it is kept.</summary>
public sealed record RecordSet
{
    /// <summary>Normalised.</summary>
    public required string Name { get; init; }

    public required string Type { get; init; }

    public string? SetIdentifier { get; init; }

    public int? Weight { get; init; }

    public string? Region { get; init; }

    public string? Failover { get; init; }

    public bool? MultiValueAnswer { get; init; }

    public GeoLocation? GeoLocation { get; init; }

    public long? Ttl { get; init; }

    /// <summary>Absent for an alias.</summary>
    public IReadOnlyList<string>? Values { get; init; }

    public AliasTarget? Alias { get; init; }

    public string? HealthCheckId { get; init; }

    /// <summary>What tells this set from the others.</summary>
    public RecordKey Key => new(Name, Type, SetIdentifier);

    /// <summary>Whether a routing policy other than weights decides on this set.</summary>
    public bool HasOtherPolicy => Region is not null || Failover is not null || MultiValueAnswer is not null || GeoLocation is not null;

    /// <summary>Whether a DELETE with these values may remove this set: everything equal, values in any order.</summary>
    public bool HasSameContent(RecordSet other) =>
        (Weight, Region, Failover, MultiValueAnswer, GeoLocation, Ttl, Alias, HealthCheckId)
            == (other.Weight, other.Region, other.Failover, other.MultiValueAnswer, other.GeoLocation, other.Ttl, other.Alias, other.HealthCheckId)
        && (Values ?? []).Order(StringComparer.Ordinal).SequenceEqual((other.Values ?? []).Order(StringComparer.Ordinal));
}

/// <summary>An alias target; the name normalised.</summary>
public sealed record AliasTarget(string HostedZoneId, string DnsName, bool EvaluateTargetHealth);

/// <summary>Where a geolocation set is answered.</summary>
public sealed record GeoLocation(string? ContinentCode, string? CountryCode, string? SubdivisionCode);

/// <summary>The order of lists: reversed labels, type, identifier.</summary>
public sealed class RecordOrder : IComparer<RecordKey>
{
    /// <summary>The only one.</summary>
    public static RecordOrder Instance { get; } = new();

    /// <inheritdoc/>
    public int Compare(RecordKey x, RecordKey y)
    {
        var names = x.Name == y.Name ? 0 : string.CompareOrdinal(DnsName.SortKey(x.Name), DnsName.SortKey(y.Name));
        var types = names != 0 ? names : string.CompareOrdinal(x.Type, y.Type);
        return types != 0 ? types : string.CompareOrdinal(x.SetIdentifier ?? "", y.SetIdentifier ?? "");
    }
}
