using Modestano.Crds.V1Alpha1;
using Modestano.Operator.Dns.Planning;
using Modestano.Operator.Dns.Route53;

namespace Modestano.Operator.Dns.Status;

/// <summary>What a failed call means for a record, with what to do about it.</summary>
internal static class FailureWords
{
    /// <param name="failure">The failure.</param>
    /// <param name="record">The record.</param>
    /// <param name="externalId">Where a role is assumed, what the operator names itself with.</param>
    public static DnsDecision Of(Route53Failure failure, WeightedDnsRecord record, string? externalId) => failure.Kind switch
    {
        Route53FailureKind.Throttled => new Wait(DnsReasons.Throttled, "Route 53 throttles this account (five requests a second for all callers together): tried again with backoff", null),
        Route53FailureKind.PriorRequestNotComplete => new Wait(DnsReasons.Throttled, "Route 53 still processes another change of this zone: tried again with backoff", null),
        Route53FailureKind.Unreachable => new Wait(DnsReasons.Unreachable, $"Route 53 does not answer: {failure.Message}", null),
        Route53FailureKind.Unreadable => new Wait(DnsReasons.UnreadableAnswer, $"Route 53's answer cannot be read, so nothing is known and nothing is changed; it is asked again: {failure.Message}", null),
        Route53FailureKind.AccessDenied => new Stalled(DnsReasons.AccessDenied, $"AWS denies it; tried again every minute. Give the operator's role the permissions of config/iam for this zone{Trust(externalId)}: {failure.Message}"),
        Route53FailureKind.NoSuchZone => new Stalled(DnsReasons.ZoneNotFound, $"The hosted zone is gone ({failure.Message}): make it again, or delete this object"),
        _ => new Stalled(DnsReasons.RefusedByRoute53, $"Route 53 refused the batch for {record.Spec.Name} and applied nothing of it; it is tried again every few minutes: {failure.Message}"),
    };

    private static string Trust(string? externalId) => externalId is null ? "" : $", and let its trust policy name the external id {externalId}";
}
