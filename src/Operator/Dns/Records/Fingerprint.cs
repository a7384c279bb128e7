using System.Security.Cryptography;
using System.Text;

namespace Modestano.Operator.Dns.Records;

/// <summary>One short text for the record sets of a name and type as they were read: what a person approves with <c>adoption.expectedFingerprint</c>.</summary>
public static class Fingerprint
{
    /// <summary>The fingerprint; the order of the sets does not count.</summary>
    public static string Of(IEnumerable<RecordSet> sets)
    {
        var text = string.Join("\n\n", sets.Select(set => set.Canonical).Order(StringComparer.Ordinal));
        return Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text)).AsSpan(0, 16));
    }
}
