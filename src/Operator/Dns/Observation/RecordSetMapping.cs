using Modestano.Operator.Dns.Records;
using Modestano.Operator.Dns.Route53.Model;

namespace Modestano.Operator.Dns.Observation;

/// <summary>Record sets as Route 53 answers with them, in the domain's words.</summary>
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
