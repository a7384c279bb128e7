using System.Globalization;
using System.Xml;
using System.Xml.Linq;
using Modestano.Testbed.Route53.Changes;
using Modestano.Testbed.Route53.Zones;

namespace Modestano.Testbed.Route53.Api;

/// <summary>The operations of the REST/XML API (2013-04-01) on the store.</summary>
internal sealed class Route53Api(ZoneStore store, HealthChecks healthChecks, Func<DateTimeOffset> now)
{
    private const int DefaultPage = 100;
    private const int LargestPage = 300;

    /// <summary>Names the operation that a path asks for; null where there is none.</summary>
    public static (string Name, string Id)? OperationOf(string method, string path)
    {
        var parts = path.Trim('/').Split('/');
        return parts[0] != "2013-04-01" ? null : (method, parts.Length, parts.ElementAtOrDefault(1), parts.ElementAtOrDefault(3)) switch
        {
            ("POST", 4, "hostedzone", "rrset") => ("ChangeResourceRecordSets", parts[2]),
            ("GET", 4, "hostedzone", "rrset") => ("ListResourceRecordSets", parts[2]),
            ("GET", 3, "change", _) => ("GetChange", parts[2]),
            ("POST", 2, "hostedzone", _) => ("CreateHostedZone", ""),
            ("GET", 2, "hostedzone", _) => ("ListHostedZones", ""),
            ("GET", 3, "hostedzone", _) => ("GetHostedZone", parts[2]),
            ("DELETE", 3, "hostedzone", _) => ("DeleteHostedZone", parts[2]),
            ("GET", 2, "hostedzonesbyname", _) => ("ListHostedZonesByName", ""),
            ("POST", 2, "healthcheck", _) => ("CreateHealthCheck", ""),
            ("GET", 3, "healthcheck", _) => ("GetHealthCheck", parts[2]),
            ("GET", 4, "healthcheck", "status") => ("GetHealthCheckStatus", parts[2]),
            ("DELETE", 3, "healthcheck", _) => ("DeleteHealthCheck", parts[2]),
            _ => null,
        };
    }

    /// <summary>Carries an operation out.</summary>
    /// <exception cref="Route53RefusalException">The service refuses.</exception>
    public ApiAnswer Handle(string operation, string id, IQueryCollection query, string body) => operation switch
    {
        "ChangeResourceRecordSets" => Change(id, body),
        "ListResourceRecordSets" => List(id, query),
        "GetChange" => new(200, Xml.Response(operation, Info(store.GetChange(id)))),
        "GetHostedZone" => GetZone(id),
        "ListHostedZones" => ListZones(query),
        "ListHostedZonesByName" => ListZonesByName(query),
        "CreateHostedZone" => CreateZone(body),
        "DeleteHostedZone" => new(200, Xml.Response(operation, Info(store.Delete(id)))),
        "CreateHealthCheck" => CreateHealthCheck(body),
        "GetHealthCheck" => new(200, Xml.Response(operation, Xml.HealthCheck(healthChecks.Get(id)))),
        "GetHealthCheckStatus" => new(200, Xml.Response(operation, Xml.Observations(healthChecks.Observations(id), now()))),
        "DeleteHealthCheck" => DeleteHealthCheck(id),
        _ => throw new ArgumentException($"{operation} is not an operation of this server", nameof(operation)),
    };

    private ApiAnswer Change(string zoneId, string body)
    {
        var batch = Parse(body, "ChangeResourceRecordSetsRequest").Child("ChangeBatch") ?? throw new Route53RefusalException(400, "MalformedInput", "The request has no ChangeBatch.");
        var comment = batch.Child("Comment")?.Value;
        if (comment is { Length: > 256 })
        {
            throw new Route53RefusalException(400, "InvalidInput", "Invalid XML ; cvc-maxLength-valid: Value with length greater than '256' is not facet-valid for type 'ResourceDescription'.");
        }

        store.Get(zoneId);
        var changes = ShapeRules.Read(batch.Child("Changes") ?? throw new Route53RefusalException(400, "MalformedInput", "The request has no Changes."));
        return new(200, Xml.Response("ChangeResourceRecordSets", Info(store.Apply(zoneId, comment, changes))));
    }

    private ApiAnswer List(string zoneId, IQueryCollection query)
    {
        var (name, type, identifier) = (Value(query, "name"), Value(query, "type"), Value(query, "identifier"));
        if (type is not null && name is null || identifier is not null && type is null)
        {
            throw new Route53RefusalException(400, "InvalidInput", type is not null ? "The input is not valid: type is given without name." : "The input is not valid: identifier is given without type.");
        }

        var size = PageSize(query);
        var start = name is null ? (RecordKey?)null : new RecordKey(DnsName.Normalize(name), type ?? "", identifier);
        var rest = store.Sets(zoneId).Values.Where(set => start is null || RecordOrder.Instance.Compare(set.Key, start.Value) >= 0).Take(size + 1).ToList();
        var next = rest.ElementAtOrDefault(size);
        return new(200, Xml.Response("ListResourceRecordSets",
            Xml.Element("ResourceRecordSets", rest.Take(size).Select(Xml.RecordSet)),
            Xml.Element("IsTruncated", next is not null),
            next is null ? null : Xml.Element("NextRecordName", next.Name),
            next is null ? null : Xml.Element("NextRecordType", next.Type),
            next?.SetIdentifier is null ? null : Xml.Element("NextRecordIdentifier", next.SetIdentifier),
            Xml.Element("MaxItems", size)));
    }

    private ApiAnswer GetZone(string id)
    {
        var zone = store.Get(id);
        return new(200, Xml.Response("GetHostedZone", Xml.Zone(zone, store.Sets(id).Count), zone.IsPrivate ? null : Xml.DelegationSet(zone)));
    }

    private ApiAnswer ListZones(IQueryCollection query)
    {
        var size = PageSize(query);
        var marker = Value(query, "marker");
        var rest = store.Zones.Where(zone => marker is null || string.CompareOrdinal(zone.Id, marker) >= 0).Take(size + 1).ToList();
        var next = rest.ElementAtOrDefault(size);
        return new(200, Xml.Response("ListHostedZones",
            Xml.Element("HostedZones", rest.Take(size).Select(zone => Xml.Zone(zone, store.Sets(zone.Id).Count))),
            marker is null ? null : Xml.Element("Marker", marker),
            Xml.Element("IsTruncated", next is not null),
            next is null ? null : Xml.Element("NextMarker", next.Id),
            Xml.Element("MaxItems", size)));
    }

    private ApiAnswer ListZonesByName(IQueryCollection query)
    {
        var (name, id) = (Value(query, "dnsname"), Value(query, "hostedzoneid"));
        if (id is not null && name is null)
        {
            throw new Route53RefusalException(400, "InvalidInput", "The input is not valid: hostedzoneid is given without dnsname.");
        }

        var size = PageSize(query);
        var key = name is null ? "" : DnsName.SortKey(DnsName.Normalize(name));
        var rest = store.Zones
            .Where(zone => string.CompareOrdinal(DnsName.SortKey(zone.Name), key) is var order && (order > 0 || (order == 0 && (id is null || string.CompareOrdinal(zone.Id, id) >= 0))))
            .OrderBy(zone => DnsName.SortKey(zone.Name), StringComparer.Ordinal).ThenBy(zone => zone.Id, StringComparer.Ordinal)
            .Take(size + 1).ToList();
        var next = rest.ElementAtOrDefault(size);
        return new(200, Xml.Response("ListHostedZonesByName",
            Xml.Element("HostedZones", rest.Take(size).Select(zone => Xml.Zone(zone, store.Sets(zone.Id).Count))),
            name is null ? null : Xml.Element("DNSName", DnsName.Normalize(name)),
            id is null ? null : Xml.Element("HostedZoneId", id),
            Xml.Element("IsTruncated", next is not null),
            next is null ? null : Xml.Element("NextDNSName", next.Name),
            next is null ? null : Xml.Element("NextHostedZoneId", next.Id),
            Xml.Element("MaxItems", size)));
    }

    private ApiAnswer CreateZone(string body)
    {
        var request = Parse(body, "CreateHostedZoneRequest");
        var config = request.Child("HostedZoneConfig");
        var (zone, change) = store.CreateZoneChange(
            request.Child("Name")?.Value ?? throw new Route53RefusalException(400, "InvalidInput", "The request has no Name."),
            null,
            config?.Child("PrivateZone")?.Value == "true" || request.Child("VPC") is not null,
            request.Child("CallerReference")?.Value ?? throw new Route53RefusalException(400, "InvalidInput", "The request has no CallerReference."),
            config?.Child("Comment")?.Value);
        return new(201,
            Xml.Response("CreateHostedZone", Xml.Zone(zone, 2), Info(change), Xml.DelegationSet(zone)),
            $"https://route53.amazonaws.com/2013-04-01/hostedzone/{zone.Id}");
    }

    private ApiAnswer CreateHealthCheck(string body)
    {
        var request = Parse(body, "CreateHealthCheckRequest");
        var check = healthChecks.Create(
            request.Child("CallerReference")?.Value ?? throw new Route53RefusalException(400, "InvalidInput", "The request has no CallerReference."),
            (request.Child("HealthCheckConfig") ?? throw new Route53RefusalException(400, "InvalidInput", "The request has no HealthCheckConfig.")).ToString(SaveOptions.DisableFormatting));
        return new(201, Xml.Response("CreateHealthCheck", Xml.HealthCheck(check)), $"https://route53.amazonaws.com/2013-04-01/healthcheck/{check.Id}");
    }

    private ApiAnswer DeleteHealthCheck(string id)
    {
        healthChecks.Delete(id);
        return new(200, Xml.Response("DeleteHealthCheck"));
    }

    private XElement Info(ZoneChange change) => Xml.ChangeInfo(change, now());

    private static string? Value(IQueryCollection query, string name) => query.TryGetValue(name, out var value) ? value.ToString() : null;

    private static int PageSize(IQueryCollection query) => Value(query, "maxitems") switch
    {
        null => DefaultPage,
        var text when int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var size) && size > 0 => Math.Min(size, LargestPage),
        var text => throw new Route53RefusalException(400, "InvalidInput", $"The input is not valid: maxitems is '{text}', and must be a whole number from 1 to 300."),
    };

    private static XElement Parse(string body, string rootName)
    {
        XElement root;
        try
        {
            using var reader = XmlReader.Create(new StringReader(body), new XmlReaderSettings { DtdProcessing = DtdProcessing.Prohibit, XmlResolver = null });
            root = XDocument.Load(reader).Root!;
        }
        catch (XmlException e)
        {
            throw new Route53RefusalException(400, "MalformedInput", "Unable to parse request: " + e.Message);
        }

        if (root.Name.LocalName != rootName)
        {
            throw new Route53RefusalException(400, "MalformedInput", $"Unexpected root element {root.Name.LocalName}: {rootName} is expected.");
        }

        return root.Name.Namespace == Xml.Namespace
            ? root
            : throw new Route53RefusalException(400, "InvalidInput", $"Invalid XML ; cvc-elt.1: Cannot find the declaration of element '{rootName}'.");
    }
}

/// <summary>An answer: status, body, and where something new is to be found.</summary>
internal sealed record ApiAnswer(int Status, XElement Body, string? Location = null);
