using Modestano.Crds.V1Alpha1;

namespace Modestano.Operator.Dns.Planning.Rules;

/// <summary>
/// A value that this version does not know, as a newer definition of the kind may allow: what it asks for cannot be guessed, and the nearest
/// guess (a mode that is not Observe) would write.
/// </summary>
public static class KnownValuesRule
{
    private static readonly string[] Types = ["A", "AAAA", "CNAME", "TXT"];
    private static readonly string[] Modes = ["Observe", "Apply"];
    private static readonly string[] AdoptionModes = ["Never", "Adopt"];
    private static readonly string[] DeletionPolicies = ["Retain", "Delete"];

    /// <summary>Which value is not known; null: all are.</summary>
    public static Stalled? Broken(WeightedDnsRecordSpec spec)
    {
        ArgumentNullException.ThrowIfNull(spec);
        return Of("type", spec.Type, Types)
            ?? Of("mode", spec.Mode, Modes)
            ?? Of("adoption.mode", spec.Adoption.Mode, AdoptionModes)
            ?? Of("deletionPolicy", spec.DeletionPolicy, DeletionPolicies);
    }

    private static Stalled? Of(string field, string value, string[] known) => known.Contains(value, StringComparer.Ordinal)
        ? null
        : new Stalled(DnsReasons.UnknownValue, $"spec.{field}: {value} is not known to this version of the operator, which knows {string.Join(", ", known)}: update the operator, or use one of these");
}
