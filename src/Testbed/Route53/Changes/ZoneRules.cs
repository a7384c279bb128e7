using System.Net;
using System.Net.Sockets;
using Modestano.Testbed.Route53.Resolver;
using Modestano.Testbed.Route53.Zones;
using RecordSets = System.Collections.Immutable.ImmutableSortedDictionary<Modestano.Testbed.Route53.Zones.RecordKey, Modestano.Testbed.Route53.Zones.RecordSet>;

namespace Modestano.Testbed.Route53.Changes;

/// <summary>Applies a batch to a copy of a zone's sets in order, all or nothing, and tells every broken rule (InvalidChangeBatch).</summary>
internal static class ZoneRules
{
    /// <exception cref="Route53RefusalException">A rule was broken: nothing is applied.</exception>
    public static RecordSets Apply(HostedZone zone, IReadOnlyList<AppliedChange> changes, Func<string, bool> healthCheckExists)
    {
        Limits(changes);
        foreach (var id in changes.Where(c => c.Action != "DELETE").Select(c => c.Set.HealthCheckId).OfType<string>().Where(id => !healthCheckExists(id)))
        {
            throw new Route53RefusalException(404, "NoSuchHealthCheck", $"No health check exists with the specified ID: {id}");
        }

        var sets = zone.Sets;
        var broken = new List<string>();
        var seen = new Dictionary<RecordKey, string>();
        foreach (var change in changes)
        {
            var found = Broken(zone, sets, change, seen);
            seen[change.Set.Key] = change.Action;
            if (found is not null)
            {
                broken.Add(found);
                continue;
            }

            sets = change.Action == "DELETE" ? sets.Remove(change.Set.Key) : sets.SetItem(change.Set.Key, change.Set);
        }

        return broken.Count == 0 ? sets : throw new Route53RefusalException(400, "InvalidChangeBatch", $"[{string.Join(", ", broken)}]");
    }

    private static void Limits(IReadOnlyList<AppliedChange> changes)
    {
        static int Times(AppliedChange change) => change.Action == "UPSERT" ? 2 : 1;
        if (changes.Sum(c => Times(c) * (c.Set.Values?.Count ?? 1)) > 1000)
        {
            throw new Route53RefusalException(400, "InvalidChangeBatch", "[Number of records limit of 1000 exceeded.]");
        }

        if (changes.Sum(c => Times(c) * (c.Set.Values ?? []).Sum(value => value.Length)) > 32000)
        {
            throw new Route53RefusalException(400, "InvalidChangeBatch", "[Number of characters limit of 32000 exceeded.]");
        }
    }

    private static string? Broken(HostedZone zone, RecordSets sets, AppliedChange change, Dictionary<RecordKey, string> seen)
    {
        var (action, set) = change;
        if (seen.TryGetValue(set.Key, out var before) && !(before == "DELETE" && action == "CREATE"))
        {
            return $"The request contains an invalid set of changes for a resource record set '{set.Type} {set.Name}'";
        }

        if (!DnsName.IsWithin(set.Name, zone.Name))
        {
            return $"RRSet with DNS name {set.Name} is not permitted in zone {zone.Name}";
        }

        var exists = sets.TryGetValue(set.Key, out var current);
        var what = $"resource record set [name='{set.Name}', type='{set.Type}'{(set.SetIdentifier is { } id ? $", set-identifier='{id}'" : "")}]";
        return action switch
        {
            "DELETE" when !exists => $"Tried to delete {what} but it was not found",
            "DELETE" when !current!.HasSameContent(set) => $"Tried to delete {what} but the values provided do not match the current values",
            "DELETE" when set.Name == zone.Name && set.Type is "NS" or "SOA" => $"A HostedZone must contain at least one NS record and one SOA record for the zone itself.",
            "DELETE" => null,
            "CREATE" when exists => $"Tried to create {what} but it already exists",
            _ => Conflict(zone, sets, set) ?? BadValue(set),
        };
    }

    private static string? Conflict(HostedZone zone, RecordSets sets, RecordSet set)
    {
        var others = sets.Values.Where(other => other.Name == set.Name && other.Key != set.Key).ToList();
        var twins = others.Where(other => other.Type == set.Type).ToList();
        var name = $"RRSet with DNS name {set.Name}, type {set.Type}";
        if (set.SetIdentifier is null && twins.Any(twin => twin.SetIdentifier is not null))
        {
            return $"{name} cannot be created as other RRSets exist with the same name and type.";
        }

        if (set.Weight is not null && twins.Any(twin => twin.Weight is null))
        {
            return $"{name}, SetIdentifier {set.SetIdentifier} cannot be created as a non-weighted set exists with the same name and type.";
        }

        if (set.HasOtherPolicy && twins.Any(twin => twin.Weight is not null || twin.SetIdentifier is null))
        {
            return $"{name}, SetIdentifier {set.SetIdentifier} cannot be created as other RRSets exist with the same name and type.";
        }

        if (set.Weight is not null && set.Ttl is { } ttl && twins.Any(twin => twin.Ttl is { } theirs && theirs != ttl))
        {
            return $"RRSet with DNS name {set.Name} and type {set.Type}, SetIdentifier {set.SetIdentifier} cannot be created as weighted sets must contain the same TTL.";
        }

        if (set.Type == "CNAME" && set.Name == zone.Name)
        {
            return $"RRSet of type CNAME with DNS name {set.Name} is not permitted at apex in zone {zone.Name}";
        }

        if (set.Type == "CNAME" && others.Any(other => other.Type != "CNAME"))
        {
            return $"RRSet of type CNAME with DNS name {set.Name} is not permitted as it conflicts with other records with the same DNS name in zone {zone.Name}";
        }

        return set.Type != "CNAME" && others.Any(other => other.Type == "CNAME")
            ? $"RRSet of type {set.Type} with DNS name {set.Name} is not permitted because a conflicting RRSet of type CNAME with the same DNS name already exists in zone {zone.Name}"
            : null;
    }

    // The words of duplicates: kubernetes-sigs/external-dns issue 1929; of long strings: AWS re:Post "Resolve the CharacterStringTooLong error".
    private static string? BadValue(RecordSet set)
    {
        if ((set.Values ?? []).GroupBy(value => value).FirstOrDefault(same => same.Count() > 1) is { } duplicate)
        {
            return $"Duplicate Resource Record: '{duplicate.Key}'";
        }

        foreach (var value in set.Values ?? [])
        {
            var problem = set.Type switch
            {
                "A" when !IsAddress(value, AddressFamily.InterNetwork) => "ARRDATAIllegalIPv4Address (Value is not a valid IPv4 address)",
                "AAAA" when !IsAddress(value, AddressFamily.InterNetworkV6) => "AAAARRDATAIllegalIPv6Address (Value is not a valid IPv6 address)",
                "TXT" when QuotedText.Parts(value).Any(part => part.Length > 255) => "CharacterStringTooLong (Value is too long)",
                "TXT" when !(value.Length >= 2 && value.StartsWith('"') && value.EndsWith('"')) =>
                    "InvalidCharacterString (Value should be enclosed in quotation marks)",
                _ => null,
            };
            if (problem is not null)
            {
                return $"Invalid Resource Record: 'FATAL problem: {problem} encountered with '{value}''";
            }
        }

        return set.Type == "CNAME" && set.Values is { Count: > 1 }
            ? $"Invalid Resource Record: 'FATAL problem: CNAMERRDATAMultipleValues (A CNAME has one value) encountered with '{set.Values[1]}''"
            : null;
    }

    // As a zone file has them: four decimal numbers without leading zeros, and no zone index of an interface (RFC 1035, 3.4.1; RFC 3596, 2.4).
    private static bool IsAddress(string value, AddressFamily family) =>
        IPAddress.TryParse(value, out var address) && address.AddressFamily == family && (family == AddressFamily.InterNetwork
            ? address.ToString() == value
            : !value.Contains('%') && !value.Contains('['));
}
