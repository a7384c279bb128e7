using Modestano.Crds.V1Alpha1;
using Modestano.Operator.Dns.Ownership;
using Modestano.Operator.Dns.Records;

namespace Modestano.Operator.Dns.Planning.Rules;

/// <summary>
/// D7: of two objects on one zone, name, type and identifier, the later one does nothing. Only objects count that may use the name, and nobody
/// who holds the marks is kept out by one that does not.
/// </summary>
public static class OneOwnerRule
{
    /// <summary>The earlier object that has one of this object's identifiers; null: none.</summary>
    /// <param name="record">The object.</param>
    /// <param name="zoneId">Its zone's id.</param>
    /// <param name="all">Every object.</param>
    /// <param name="isGranted">Whether an object may use its name in this zone.</param>
    public static WeightedDnsRecord? Rival(WeightedDnsRecord record, string zoneId, IEnumerable<WeightedDnsRecord> all, Func<WeightedDnsRecord, bool> isGranted)
    {
        ArgumentNullException.ThrowIfNull(record);
        ArgumentNullException.ThrowIfNull(all);
        var identifiers = record.Spec.Endpoints.Select(e => e.SetIdentifier).ToHashSet(StringComparer.Ordinal);
        return all
            .Where(other => other.Metadata.Uid != record.Metadata.Uid
                && (other.Spec.HostedZone.Id ?? other.Status?.HostedZoneId) == zoneId
                && other.Spec.Type == record.Spec.Type
                && RecordNames.AreSame(other.Spec.Name, record.Spec.Name)
                && other.Spec.Endpoints.Any(e => identifiers.Contains(e.SetIdentifier))
                && Age(other).CompareTo(Age(record)) < 0
                && isGranted(other)
                && !RecordClaim.Releases(other, record))
            .MinBy(Age);
    }

    /// <summary>Whether the sets of the object's identifiers are there, and every one is marked as its own.</summary>
    public static bool Holds(ObservedGroup observed, DesiredGroup desired)
    {
        ArgumentNullException.ThrowIfNull(observed);
        ArgumentNullException.ThrowIfNull(desired);
        var wanted = desired.Sets.Select(s => s.SetIdentifier).ToHashSet(StringComparer.Ordinal);
        var owners = observed.Marks.Where(m => m.SetIdentifier is not null).ToDictionary(m => m.SetIdentifier!, OwnershipMark.Read, StringComparer.Ordinal);
        var there = observed.Sets.Where(s => wanted.Contains(s.SetIdentifier)).ToList();
        return there.Count > 0 && there.TrueForAll(s => desired.Claim.IsOurs(owners.GetValueOrDefault(s.SetIdentifier!)));
    }

    /// <summary>What is told of a rival: its name only within the namespace.</summary>
    public static string Words(WeightedDnsRecord record, WeightedDnsRecord rival)
    {
        ArgumentNullException.ThrowIfNull(record);
        ArgumentNullException.ThrowIfNull(rival);
        var who = rival.Metadata.NamespaceProperty == record.Metadata.NamespaceProperty ? $"WeightedDnsRecord {rival.Metadata.Name}" : "A WeightedDnsRecord of another namespace";
        return $"{who} is older and has this name, type and set identifier: delete one of the two, or use other set identifiers";
    }

    private static (DateTime Created, string Uid) Age(WeightedDnsRecord record) => (record.Metadata.CreationTimestamp ?? DateTime.MaxValue, record.Metadata.Uid ?? "");
}
