using Modestano.Operator.Dns.Records;
using Modestano.Operator.Dns.Route53.Model;

namespace Modestano.Operator.Dns.Observation;

/// <summary>Record sets between the client's types and the domain's.</summary>
internal static class RecordSetMapping
{
    public static RecordSet ToDomain(this ResourceRecordSet set) => new()
    {
        Name = RecordNames.Normalize(set.Name),
        Type = set.Type.Value,
        SetIdentifier = set.SetIdentifier,
        Weight = (int?)set.Weight,
        Ttl = set.TTL,
        Values = set.ResourceRecords is { } records ? [.. records.Select(record => record.Value)] : null,
        Alias = set.AliasTarget is { } alias ? new AliasTo(alias.HostedZoneId, RecordNames.Normalize(alias.DNSName), alias.EvaluateTargetHealth) : null,
        HealthCheckId = set.HealthCheckId,
        OtherPolicy = OtherPolicyOf(set),
    };

    public static ResourceRecordSet ToRoute53(this RecordSet set) => new()
    {
        Name = set.Name,
        Type = new RRType(set.Type),
        SetIdentifier = set.SetIdentifier,
        Weight = set.Weight,
        TTL = set.Ttl,
        ResourceRecords = set.Values?.Select(value => new ResourceRecord { Value = value }).ToList(),
        AliasTarget = set.Alias is { } alias
            ? new AliasTarget { HostedZoneId = alias.HostedZoneId, DNSName = alias.DnsName, EvaluateTargetHealth = alias.EvaluateTargetHealth }
            : null,
        HealthCheckId = set.HealthCheckId,
    };

    private static string? OtherPolicyOf(ResourceRecordSet set) => set switch
    {
        { TrafficPolicyInstanceId: not null } => "a traffic policy",
        { Region: not null } => "latency",
        { Failover: not null } => "failover",
        { GeoLocation: not null } => "geolocation",
        { MultiValueAnswer: not null } => "multivalue answers",
        { SetIdentifier: not null, Weight: null } => "another policy than weights",
        _ => null,
    };
}
