using Modestano.Crds.V1Alpha1;
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
            var owner = marks.TryGetValue(id, out var mark) ? OwnershipMark.Read(mark) : null;
            var isOurs = desired.Claim.IsOurs(owner);
            if (isOurs)
            {
                ours.Add(id, set);
            }
            else if (!wanted.Contains(id))
            {
                others.Add(set);
            }
            else if (MayAdopt(observed, desired, owner) is { } refused)
            {
                return new Ownership(ours, others, NotOurs(set, owner, desired, refused));
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
            && (owners.TryGetValue(id, out var owner) ? desired.Claim.IsOurs(owner) : desired.Sets.Any(wanted => wanted.SetIdentifier == id)))];
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

    /// <summary>Why a set that is not ours must not be taken over; null: it may.</summary>
    /// <param name="observed">What is there.</param>
    /// <param name="desired">What should be.</param>
    /// <param name="owner">Whom its mark names; null: nobody.</param>
    /// <remarks>
    /// A mark of somebody else is a living owner's until somebody other than the applicant says that it is not: that its object is gone, or that
    /// public DNS shows its sets, proves nothing.
    /// </remarks>
    public static Stalled? MayAdopt(ObservedGroup observed, DesiredGroup desired, RecordOwner? owner)
    {
        ArgumentNullException.ThrowIfNull(observed);
        ArgumentNullException.ThrowIfNull(desired);
        if (owner is not null && !(desired.Adopt && desired.Claim.MayFollow && desired.Claim.PreviousOwner == owner.ToString()))
        {
            return new Stalled(DnsReasons.NotOurs,
                "to take it over, spec.adoption.previousOwner has to name that owner as the mark does (instance/namespace/name), and either its object carries the annotation "
                + $"{Annotations.ReleaseTo}: {desired.Owner.Namespace}/{desired.Owner.Name}, or the operator's grants name it under adoptions for this namespace; mode: Adopt and expectedFingerprint are needed too");
        }

        if (!desired.Adopt || desired.ExpectedFingerprint is null)
        {
            return new Stalled(DnsReasons.NotOurs, $"to take it over set spec.adoption to mode: Adopt and expectedFingerprint: {observed.Fingerprint}");
        }

        return desired.ExpectedFingerprint != observed.Fingerprint
            ? new Stalled(DnsReasons.FingerprintDiffers, $"the record sets are no longer those that spec.adoption.expectedFingerprint names: look at them, then set it to {observed.Fingerprint}")
            : null;
    }

    /// <summary>
    /// The mark that a set gets. One of ours under a former name stays as it is, until its object is told to follow that name: then it is
    /// swapped against exactly what was read (D4).
    /// </summary>
    public static RecordSet MarkOf(string setIdentifier, RecordSet? current, ObservedGroup observed, DesiredGroup desired)
    {
        ArgumentNullException.ThrowIfNull(observed);
        ArgumentNullException.ThrowIfNull(desired);
        return current is not null && OwnershipMark.Read(current) is { } owner && desired.Claim.Former.Contains(owner)
            && !(desired.Adopt && desired.Claim.PreviousOwner == owner.ToString() && desired.ExpectedFingerprint == observed.Fingerprint)
            ? current
            : OwnershipMark.For(desired.Name, desired.Type, setIdentifier, desired.Owner);
    }

    // Who it is in another namespace is not told: the mark itself does, to those who may read the zone.
    private static Stalled NotOurs(RecordSet set, RecordOwner? owner, DesiredGroup desired, Stalled refused)
    {
        var whose = owner is null ? "is not marked as ours" : owner.Namespace == desired.Owner.Namespace ? $"belongs to {owner}" : "is marked as another owner's";
        return refused with { Message = $"The record set {RecordNames.ForPeople(set.Name)} {set.Type} {set.SetIdentifier} {whose} and is left alone; {refused.Message}" };
    }
}

/// <summary>Whose the weighted sets of a group are.</summary>
/// <param name="Ours">By identifier; those that are adopted now included.</param>
/// <param name="Others">Others', which count in shares and are never touched.</param>
/// <param name="Refused">Why nothing may be done; null: it may.</param>
public sealed record Ownership(IReadOnlyDictionary<string, RecordSet> Ours, IReadOnlyList<RecordSet> Others, Stalled? Refused);
