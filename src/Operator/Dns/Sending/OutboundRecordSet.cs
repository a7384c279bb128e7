using Modestano.Operator.Dns.Records;
using Modestano.Operator.Dns.Route53.Model;

namespace Modestano.Operator.Dns.Sending;

/// <summary>Record sets as they are sent to Route 53.</summary>
internal static class OutboundRecordSet
{
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
}
