using Modestano.Crds.V1Alpha1;
using Modestano.Operator.Dns.Records;

namespace Modestano.Operator.Dns.Planning.Rules;

/// <summary>D7: of two objects on one zone, name, type and identifier, the later one does nothing.</summary>
public static class OneOwnerRule
{
    /// <summary>The earlier object that has one of this object's identifiers; null: none.</summary>
    /// <param name="record">The object.</param>
    /// <param name="zoneId">Its zone's id.</param>
    /// <param name="all">Every object.</param>
    public static WeightedDnsRecord? Rival(WeightedDnsRecord record, string zoneId, IEnumerable<WeightedDnsRecord> all)
    {
        ArgumentNullException.ThrowIfNull(record);
        ArgumentNullException.ThrowIfNull(all);
        var identifiers = record.Spec.Endpoints.Select(e => e.SetIdentifier).ToHashSet(StringComparer.Ordinal);
        return all
            .Where(other => other.Metadata.Uid != record.Metadata.Uid
                && (other.Status?.HostedZoneId ?? other.Spec.HostedZone.Id) == zoneId
                && other.Spec.Type == record.Spec.Type
                && RecordNames.AreSame(other.Spec.Name, record.Spec.Name)
                && other.Spec.Endpoints.Any(e => identifiers.Contains(e.SetIdentifier))
                && Age(other).CompareTo(Age(record)) < 0)
            .MinBy(Age);
    }

    private static (DateTime Created, string Uid) Age(WeightedDnsRecord record) => (record.Metadata.CreationTimestamp ?? DateTime.MaxValue, record.Metadata.Uid ?? "");
}
