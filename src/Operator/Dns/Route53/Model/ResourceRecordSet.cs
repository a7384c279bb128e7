namespace Modestano.Operator.Dns.Route53.Model;

/// <summary>A resource record set. An absent field is null; the service treats absent and empty differently.</summary>
public sealed class ResourceRecordSet
{
    /// <summary>The name; the service answers in lower case, with a trailing dot and octal escapes.</summary>
    public required string Name { get; set; }

    /// <summary>The record type.</summary>
    public required RRType Type { get; set; }

    /// <summary>Tells sets of one name and type apart; 1 to 128 characters, only with a routing policy.</summary>
    public string? SetIdentifier { get; set; }

    /// <summary>Weighted routing: 0 to 255.</summary>
    public long? Weight { get; set; }

    /// <summary>Latency routing: the region.</summary>
    public string? Region { get; set; }

    /// <summary>Geolocation routing.</summary>
    public GeoLocation? GeoLocation { get; set; }

    /// <summary>Failover routing: PRIMARY or SECONDARY.</summary>
    public string? Failover { get; set; }

    /// <summary>Multivalue-answer routing.</summary>
    public bool? MultiValueAnswer { get; set; }

    /// <summary>Seconds; absent with an alias target.</summary>
    public long? TTL { get; set; }

    /// <summary>The values; absent with an alias target.</summary>
    public List<ResourceRecord>? ResourceRecords { get; set; }

    /// <summary>The alias target; absent with values.</summary>
    public AliasTarget? AliasTarget { get; set; }

    /// <summary>The health check that decides whether this set is answered with.</summary>
    public string? HealthCheckId { get; set; }

    /// <summary>Set where a traffic policy made this set: such a set is changed through its policy only.</summary>
    public string? TrafficPolicyInstanceId { get; set; }
}

/// <summary>One value of a record set.</summary>
public sealed class ResourceRecord
{
    /// <summary>As a zone file has it: <c>192.0.2.1</c>, <c>"text"</c>.</summary>
    public required string Value { get; set; }
}

/// <summary>An alias target.</summary>
public sealed class AliasTarget
{
    /// <summary>The zone that the target lives in.</summary>
    public required string HostedZoneId { get; set; }

    /// <summary>The target's name.</summary>
    public required string DNSName { get; set; }

    /// <summary>Whether the target's health counts.</summary>
    public bool EvaluateTargetHealth { get; set; }
}

/// <summary>Where a geolocation set is answered.</summary>
public sealed class GeoLocation
{
    public string? ContinentCode { get; set; }

    public string? CountryCode { get; set; }

    public string? SubdivisionCode { get; set; }
}
