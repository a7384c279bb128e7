using Modestano.Operator.Dns.Records;

namespace Modestano.Operator.Dns.Planning.Rules;

/// <summary>
/// Below an NS record set other name servers answer (RFC 1034, 4.2.1: what a zone holds at or below a cut is not authoritative), so weights
/// there move nothing.
/// </summary>
public static class DelegationRule
{
    /// <summary>The names at which an NS record set would take the record away: its own and those above it, the zone's own left out.</summary>
    /// <param name="recordName">Normalised.</param>
    /// <param name="zoneName">Normalised.</param>
    public static IEnumerable<string> PlacesOf(string recordName, string zoneName)
    {
        ArgumentNullException.ThrowIfNull(recordName);
        ArgumentNullException.ThrowIfNull(zoneName);
        var name = recordName.StartsWith(@"\052.", StringComparison.Ordinal) ? recordName[5..] : recordName;
        while (name != zoneName && RecordNames.IsWithin(name, zoneName))
        {
            yield return name;
            name = name[(name.IndexOf('.', StringComparison.Ordinal) + 1)..];
        }
    }

    /// <summary>What to do about it.</summary>
    /// <param name="recordName">Normalised.</param>
    /// <param name="place">Where the NS record set is.</param>
    public static string Warning(string recordName, string place)
    {
        ArgumentNullException.ThrowIfNull(recordName);
        return $"{RecordNames.ForPeople(recordName)} is not answered from this zone: the NS record set at {RecordNames.ForPeople(place)} gives it to other name servers; make the record in the zone of those, or remove the delegation";
    }
}
