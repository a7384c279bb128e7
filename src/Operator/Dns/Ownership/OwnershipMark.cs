using Modestano.Operator.Dns.Records;

namespace Modestano.Operator.Dns.Ownership;

/// <summary>
/// The TXT record set next to each record set of ours (D3), after the manner of external-dns' registry: a name made from the record's,
/// the same set identifier, and a text that names the owner. The name lies below the record's own, so that a permission for names under a
/// suffix covers both; a wildcard's is made with the word <c>wildcard</c>.
/// </summary>
public static class OwnershipMark
{
    private const string Heritage = "heritage=modestano";
    private const string OwnerKey = "modestano/owner=";
    private const string ResourceKey = "modestano/resource=weighteddnsrecord/";
    private const string Prefix = "_modestano-";
    private const string Wildcard = @"\052.";
    private const int LongestString = 255;

    /// <summary>Seconds; marks hardly ever change and nobody resolves them but people.</summary>
    public const int Ttl = 300;

    /// <summary>The name of the marks of a record name and type, normalised: <c>_modestano-a.shop.example.com.</c></summary>
    /// <param name="recordName">Normalised.</param>
    /// <param name="type">As <c>A</c>.</param>
    public static string NameFor(string recordName, string type)
    {
        ArgumentNullException.ThrowIfNull(recordName);
        ArgumentNullException.ThrowIfNull(type);
        var label = Prefix + type.ToLowerInvariant();
        return recordName.StartsWith(Wildcard, StringComparison.Ordinal) ? $"{label}-wildcard.{recordName[Wildcard.Length..]}" : $"{label}.{recordName}";
    }

    /// <summary>Whether a name is one of marks: who may write such a record, makes himself an owner.</summary>
    /// <param name="recordName">Normalised.</param>
    public static bool IsMarkName(string recordName)
    {
        ArgumentNullException.ThrowIfNull(recordName);
        return recordName.StartsWith(Prefix, StringComparison.Ordinal);
    }

    /// <summary>The mark of one record set. Its weight never changes, so that a shift of traffic does not touch it.</summary>
    public static RecordSet For(string recordName, string type, string setIdentifier, RecordOwner owner)
    {
        ArgumentNullException.ThrowIfNull(owner);
        return new()
        {
            Name = NameFor(recordName, type),
            Type = "TXT",
            SetIdentifier = setIdentifier,
            Weight = 1,
            Ttl = Ttl,
            Values = [Quote($"{Heritage},{OwnerKey}{owner.Instance},{ResourceKey}{owner.Namespace}/{owner.Name}")],
        };
    }

    /// <summary>The owner that a mark names; null where it is no mark of this operator.</summary>
    public static RecordOwner? Read(RecordSet mark)
    {
        ArgumentNullException.ThrowIfNull(mark);
        if (mark.Values is not [var value] || RecordValues.Strings(value) is not { } strings || string.Concat(strings).Split(',') is not [Heritage, var owner, var resource])
        {
            return null;
        }

        var instance = After(owner, OwnerKey);
        return instance is not null && After(resource, ResourceKey)?.Split('/') is [var ns, var name] ? new RecordOwner(instance, ns, name) : null;
    }

    private static string? After(string text, string key) => text.StartsWith(key, StringComparison.Ordinal) ? text[key.Length..] : null;

    /// <summary>A TXT value holds strings of at most 255 characters each.</summary>
    private static string Quote(string text) => string.Join(' ', text.Chunk(LongestString).Select(part => $"\"{new string(part)}\""));
}
