using Modestano.Crds.V1Alpha1;
using Modestano.Operator.Configuration;
using Modestano.Operator.Dns.Records;
using Modestano.Operator.Runtime;

namespace Modestano.Operator.Dns.Ownership;

/// <summary>What an object may call its own in Route 53: its name in marks, its names of before, and whom it may follow.</summary>
/// <param name="Owner">Whom its marks name.</param>
/// <param name="Former">The same object under names that this installation had before (<c>previousInstanceIds</c>).</param>
/// <param name="PreviousOwner">The foreign owner that its spec names; null: none.</param>
/// <param name="MayFollow">Whether somebody other than the applicant allows that: the operator's configuration, or the former object.</param>
public sealed record RecordClaim(RecordOwner Owner, IReadOnlyList<RecordOwner> Former, string? PreviousOwner, bool MayFollow)
{
    /// <summary>The claim of an object.</summary>
    /// <param name="record">The object.</param>
    /// <param name="instance">The name of this installation.</param>
    /// <param name="grants">The operator's configuration.</param>
    /// <param name="find">Finds another object of this cluster.</param>
    public static RecordClaim Of(WeightedDnsRecord record, string instance, Grants grants, Func<ObjectKey, WeightedDnsRecord?> find)
    {
        ArgumentNullException.ThrowIfNull(record);
        ArgumentNullException.ThrowIfNull(grants);
        ArgumentNullException.ThrowIfNull(find);
        var key = ObjectKey.Of(record);
        var previous = record.Spec.Adoption.PreviousOwner;
        return new(
            new RecordOwner(instance, key.Namespace!, key.Name),
            [.. grants.PreviousInstanceIds.Select(id => new RecordOwner(id, key.Namespace!, key.Name))],
            previous,
            previous is not null && (grants.MayFollow(key.Namespace!, previous)
                || (Local(previous, [instance, .. grants.PreviousInstanceIds]) is { } former && find(former) is { } other && Releases(other, record))));
    }

    /// <summary>Whether an object has recorded that another one may have its record sets. Who may write it, may let go of them.</summary>
    public static bool Releases(WeightedDnsRecord former, WeightedDnsRecord applicant)
    {
        ArgumentNullException.ThrowIfNull(former);
        ArgumentNullException.ThrowIfNull(applicant);
        return former.Metadata.Annotations is { } notes && notes.TryGetValue(Annotations.ReleaseTo, out var to) && to == ObjectKey.Of(applicant).ToString()
            && former.Spec.Type == applicant.Spec.Type && RecordNames.AreSame(former.Spec.Name, applicant.Spec.Name);
    }

    /// <summary>Whether a mark of an owner says that the record set is this object's.</summary>
    public bool IsOurs(RecordOwner? owner) => owner is not null && (owner == Owner || Former.Contains(owner));

    // An instance's name may hold slashes.
    private static ObjectKey? Local(string owner, IEnumerable<string> instances) =>
        instances.FirstOrDefault(i => owner.StartsWith(i + "/", StringComparison.Ordinal)) is { } instance && owner[(instance.Length + 1)..].Split('/') is [var space, var name]
            ? new ObjectKey(space, name)
            : null;
}
