using Modestano.Operator.Dns.Ownership;
using Modestano.Operator.Dns.Records;

namespace Modestano.Operator.Dns.Planning.Rules;

/// <summary>D3: only record sets that are marked as ours, or explicitly adopted, are changed.</summary>
public static class OwnershipRule
{
    /// <summary>Sorts the group's weighted sets into ours and others'; refuses where a set of the spec belongs to nobody or to somebody else.</summary>
    public static Ownership Sort(ObservedGroup observed, DesiredGroup desired)
    {
        ArgumentNullException.ThrowIfNull(observed);
        ArgumentNullException.ThrowIfNull(desired);
        var marks = observed.Marks.Where(m => m.SetIdentifier is not null).ToDictionary(m => m.SetIdentifier!, StringComparer.Ordinal);
        var wanted = desired.Sets.Select(s => s.SetIdentifier!).ToHashSet(StringComparer.Ordinal);
        var ours = new Dictionary<string, RecordSet>(StringComparer.Ordinal);
        var others = new List<RecordSet>();
        foreach (var set in observed.Sets.Where(s => s.SetIdentifier is not null))
        {
            var id = set.SetIdentifier!;
            var isOurs = marks.TryGetValue(id, out var mark) && OwnershipMark.Read(mark) == desired.Owner;
            if (isOurs)
            {
                ours.Add(id, set);
            }
            else if (!wanted.Contains(id))
            {
                others.Add(set);
            }
            else if (MayAdopt(observed, desired) is { } refused)
            {
                return new Ownership(ours, others, NotOurs(set, mark, refused));
            }
            else
            {
                ours.Add(id, set);
            }
        }

        return new Ownership(ours, others, null);
    }

    /// <summary>
    /// The sets that this object has, or is to have: marked as its own, or named by it and marked as nobody else's. What others do to theirs
    /// in the same group is no change of ours (D8).
    /// </summary>
    public static IReadOnlyList<RecordSet> Own(ObservedGroup observed, DesiredGroup desired)
    {
        ArgumentNullException.ThrowIfNull(observed);
        ArgumentNullException.ThrowIfNull(desired);
        var owners = Owners(observed);
        return [.. observed.Sets.Where(set => set.SetIdentifier is { } id
            && (owners.TryGetValue(id, out var owner) ? owner == desired.Owner : desired.Sets.Any(wanted => wanted.SetIdentifier == id)))];
    }

    /// <summary>Whom the marks name, by set identifier; texts that are no marks are left out.</summary>
    public static IReadOnlyDictionary<string, RecordOwner> Owners(ObservedGroup observed)
    {
        ArgumentNullException.ThrowIfNull(observed);
        var owners = new Dictionary<string, RecordOwner>(StringComparer.Ordinal);
        foreach (var mark in observed.Marks)
        {
            if (mark.SetIdentifier is { } id && OwnershipMark.Read(mark) is { } owner)
            {
                owners[id] = owner;
            }
        }

        return owners;
    }

    /// <summary>Why a foreign set must not be taken over; null: it may.</summary>
    public static Stalled? MayAdopt(ObservedGroup observed, DesiredGroup desired)
    {
        ArgumentNullException.ThrowIfNull(observed);
        ArgumentNullException.ThrowIfNull(desired);
        if (!desired.Adopt)
        {
            return new Stalled(DnsReasons.NotOurs, $"to take it over set spec.adoption to mode: Adopt and expectedFingerprint: {observed.Fingerprint}");
        }

        return desired.ExpectedFingerprint is { } expected && expected != observed.Fingerprint
            ? new Stalled(DnsReasons.FingerprintDiffers, $"the record sets are no longer those that spec.adoption.expectedFingerprint names: look at them, then set it to {observed.Fingerprint}")
            : null;
    }

    private static Stalled NotOurs(RecordSet set, RecordSet? mark, Stalled refused)
    {
        var owner = mark is not null && OwnershipMark.Read(mark) is { } other ? $"belongs to {other}" : "is not marked as ours";
        return refused with { Message = $"The record set {RecordNames.ForPeople(set.Name)} {set.Type} {set.SetIdentifier} {owner} and is left alone; {refused.Message}" };
    }
}

/// <summary>Whose the weighted sets of a group are.</summary>
/// <param name="Ours">By identifier; those that are adopted now included.</param>
/// <param name="Others">Others', which count in shares and are never touched.</param>
/// <param name="Refused">Why nothing may be done; null: it may.</param>
public sealed record Ownership(IReadOnlyDictionary<string, RecordSet> Ours, IReadOnlyList<RecordSet> Others, Stalled? Refused);
