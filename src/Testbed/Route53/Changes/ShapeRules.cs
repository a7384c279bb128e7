using System.Globalization;
using System.Xml.Linq;
using Modestano.Testbed.Route53.Zones;

namespace Modestano.Testbed.Route53.Changes;

/// <summary>Reads a change out of a request and refuses what the service refuses by its shape alone (InvalidInput).</summary>
internal static class ShapeRules
{
    private const string Policies = "[Weight, Region, Failover, GeoLocation, MultiValueAnswer, GeoProximityLocation, or CidrRoutingConfig]";
    private const string Contents = "[AliasTarget, all of [TTL, and ResourceRecords], or TrafficPolicyInstanceId]";

    private static readonly string[] PolicyElements = ["Weight", "Region", "Failover", "GeoLocation", "MultiValueAnswer", "GeoProximityLocation", "CidrRoutingConfig"];

    public static IReadOnlyList<AppliedChange> Read(XElement changes)
    {
        var read = changes.Elements().Select(ReadChange).ToList();
        return read.Count > 0 ? read : throw InvalidXml(
            "cvc-complex-type.2.4.b: The content of element 'Changes' is not complete. One of '{\"https://route53.amazonaws.com/doc/2013-04-01/\":Change}' is expected.");
    }

    private static AppliedChange ReadChange(XElement change)
    {
        var action = Text(change, "Action") ?? throw Incomplete("Change", "Action");
        if (action is not ("CREATE" or "DELETE" or "UPSERT"))
        {
            throw InvalidXml($"cvc-enumeration-valid: Value '{action}' is not facet-valid with respect to enumeration '[CREATE, DELETE, UPSERT]'. It must be a value from the enumeration.");
        }

        var element = One(change, "ResourceRecordSet") ?? throw Incomplete("Change", "ResourceRecordSet");
        var name = Text(element, "Name") ?? throw Incomplete("ResourceRecordSet", "Name");
        var type = Text(element, "Type") ?? throw Incomplete("ResourceRecordSet", "Type");
        if (Number(element, "Weight") is { } weight && weight is < 0 or > 255)
        {
            throw InvalidXml(weight < 0
                ? $"cvc-minInclusive-valid: Value '{weight}' is not facet-valid with respect to minInclusive '0' for type 'RRSetWeight'."
                : $"cvc-maxInclusive-valid: Value '{weight}' is not facet-valid with respect to maxInclusive '255' for type 'RRSetWeight'.");
        }

        var identifier = Text(element, "SetIdentifier");
        if (identifier is { Length: 0 or > 128 })
        {
            throw InvalidXml($"cvc-{(identifier.Length == 0 ? "minLength" : "maxLength")}-valid: Value '{identifier}' with length = '{identifier.Length}' is not facet-valid with respect to "
                + $"{(identifier.Length == 0 ? "minLength '1'" : "maxLength '128'")} for type 'ResourceRecordSetIdentifier'.");
        }

        var where = $"in Change with [Action={action}, Name={name}, Type={type}, SetIdentifier={identifier ?? "null"}]";
        ExactlyOneContent(element, where);
        ExactlyOnePolicy(element, identifier, where);
        return new AppliedChange(action, SetOf(element, name, type, identifier));
    }

    private static void ExactlyOneContent(XElement set, string where)
    {
        var alias = One(set, "AliasTarget") is not null;
        var (ttl, values) = (One(set, "TTL") is not null, One(set, "ResourceRecords") is not null);
        if (alias && (ttl || values))
        {
            throw new Route53RefusalException(400, "InvalidInput", $"Invalid request: Expected exactly one of {Contents}, but found more than one {where}");
        }

        if (!alias && !(ttl && values))
        {
            throw new Route53RefusalException(400, "InvalidInput", $"Invalid request: Expected exactly one of {Contents}, but found none {where}");
        }
    }

    private static void ExactlyOnePolicy(XElement set, string? identifier, string where)
    {
        var policies = PolicyElements.Count(policy => One(set, policy) is not null);
        if (identifier is null && policies > 0)
        {
            throw new Route53RefusalException(400, "InvalidInput", $"Invalid request: Missing field 'SetIdentifier' {where}");
        }

        if (identifier is not null && policies != 1)
        {
            throw new Route53RefusalException(400, "InvalidInput", $"Invalid request: Expected exactly one of {Policies}, but found {(policies == 0 ? "none" : "more than one")} {where}");
        }
    }

    private static RecordSet SetOf(XElement set, string name, string type, string? identifier) => new()
    {
        Name = DnsName.Normalize(name),
        Type = type,
        SetIdentifier = identifier,
        Weight = (int?)Number(set, "Weight"),
        Region = Text(set, "Region"),
        Failover = Text(set, "Failover"),
        MultiValueAnswer = Text(set, "MultiValueAnswer") is { } multi ? multi == "true" : null,
        GeoLocation = One(set, "GeoLocation") is { } geo ? new GeoLocation(Text(geo, "ContinentCode"), Text(geo, "CountryCode"), Text(geo, "SubdivisionCode")) : null,
        Ttl = Number(set, "TTL"),
        Values = One(set, "ResourceRecords")?.Elements().Select(record => Text(record, "Value") ?? "").ToList(),
        Alias = One(set, "AliasTarget") is { } alias
            ? new AliasTarget(Text(alias, "HostedZoneId") ?? "", DnsName.Normalize(Text(alias, "DNSName") ?? ""), Text(alias, "EvaluateTargetHealth") == "true")
            : null,
        HealthCheckId = Text(set, "HealthCheckId"),
    };

    private static XElement? One(XElement parent, string name) => parent.Elements().FirstOrDefault(child => child.Name.LocalName == name);

    private static string? Text(XElement parent, string name) => One(parent, name)?.Value;

    private static long? Number(XElement parent, string name) => Text(parent, name) switch
    {
        null => null,
        var text when long.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var number) => number,
        var text => throw InvalidXml($"cvc-datatype-valid.1.2.1: '{text}' is not a valid value for 'integer'."),
    };

    private static Route53RefusalException Incomplete(string element, string missing) =>
        InvalidXml($"cvc-complex-type.2.4.b: The content of element '{element}' is not complete. One of '{{\"https://route53.amazonaws.com/doc/2013-04-01/\":{missing}}}' is expected.");

    private static Route53RefusalException InvalidXml(string what) => new(400, "InvalidInput", "Invalid XML ; " + what);
}
