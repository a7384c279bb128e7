using System.Globalization;
using System.Xml.Linq;
using Modestano.Operator.Dns.Route53.Model;

namespace Modestano.Operator.Dns.Route53.Transport;

/// <summary>Reads answers: children in any order, unknown ones passed over.</summary>
internal static class Route53Reader
{
    public static ChangeResourceRecordSetsResponse ChangeResourceRecordSets(XElement root) => new() { ChangeInfo = ChangeInfoOf(root.Required("ChangeInfo")) };

    public static GetChangeResponse GetChange(XElement root) => new() { ChangeInfo = ChangeInfoOf(root.Required("ChangeInfo")) };

    public static ListResourceRecordSetsResponse ListResourceRecordSets(XElement root) => new()
    {
        ResourceRecordSets = [.. root.Required("ResourceRecordSets").All("ResourceRecordSet").Select(SetOf)],
        IsTruncated = root.Flag("IsTruncated") ?? false,
        NextRecordName = root.Text("NextRecordName"),
        NextRecordType = root.Text("NextRecordType") is { } type ? new RRType(type) : null,
        NextRecordIdentifier = root.Text("NextRecordIdentifier"),
        MaxItems = root.Text("MaxItems"),
    };

    public static GetHostedZoneResponse GetHostedZone(XElement root) => new()
    {
        HostedZone = ZoneOf(root.Required("HostedZone")),
        DelegationSet = root.One("DelegationSet") is { } set
            ? new DelegationSet { NameServers = [.. set.Required("NameServers").All("NameServer").Select(server => server.Value)] }
            : null,
    };

    public static ListHostedZonesByNameResponse ListHostedZonesByName(XElement root) => new()
    {
        HostedZones = [.. root.Required("HostedZones").All("HostedZone").Select(ZoneOf)],
        DNSName = root.Text("DNSName"),
        HostedZoneId = root.Text("HostedZoneId"),
        IsTruncated = root.Flag("IsTruncated") ?? false,
        NextDNSName = root.Text("NextDNSName"),
        NextHostedZoneId = root.Text("NextHostedZoneId"),
        MaxItems = root.Text("MaxItems"),
    };

    public static GetHealthCheckStatusResponse GetHealthCheckStatus(XElement root) => new()
    {
        HealthCheckObservations = [.. root.Required("HealthCheckObservations").All("HealthCheckObservation").Select(seen => new HealthCheckObservation
        {
            Region = seen.Text("Region"),
            IPAddress = seen.Text("IPAddress"),
            StatusReport = seen.One("StatusReport") is { } report
                ? new StatusReport { Status = report.Text("Status") ?? "", CheckedTime = report.Time("CheckedTime") }
                : null,
        })],
    };

    private static ChangeInfo ChangeInfoOf(XElement info) => new()
    {
        Id = info.Required("Id").Value,
        Status = new ChangeStatus(info.Required("Status").Value),
        SubmittedAt = info.Time("SubmittedAt"),
        Comment = info.Text("Comment"),
    };

    private static HostedZone ZoneOf(XElement zone) => new()
    {
        Id = zone.Required("Id").Value,
        Name = zone.Required("Name").Value,
        CallerReference = zone.Text("CallerReference"),
        Config = zone.One("Config") is { } config ? new HostedZoneConfig { Comment = config.Text("Comment"), PrivateZone = config.Flag("PrivateZone") ?? false } : null,
        ResourceRecordSetCount = zone.Number("ResourceRecordSetCount"),
    };

    private static ResourceRecordSet SetOf(XElement set) => new()
    {
        Name = set.Required("Name").Value,
        Type = new RRType(set.Required("Type").Value),
        SetIdentifier = set.Text("SetIdentifier"),
        Weight = set.Number("Weight"),
        Region = set.Text("Region"),
        GeoLocation = set.One("GeoLocation") is { } geo
            ? new GeoLocation { ContinentCode = geo.Text("ContinentCode"), CountryCode = geo.Text("CountryCode"), SubdivisionCode = geo.Text("SubdivisionCode") }
            : null,
        Failover = set.Text("Failover"),
        MultiValueAnswer = set.Flag("MultiValueAnswer"),
        TTL = set.Number("TTL"),
        ResourceRecords = set.One("ResourceRecords") is { } records
            ? [.. records.All("ResourceRecord").Select(record => new ResourceRecord { Value = record.Text("Value") ?? "" })]
            : null,
        AliasTarget = set.One("AliasTarget") is { } alias
            ? new AliasTarget
            {
                HostedZoneId = alias.Required("HostedZoneId").Value,
                DNSName = alias.Required("DNSName").Value,
                EvaluateTargetHealth = alias.Flag("EvaluateTargetHealth") ?? false,
            }
            : null,
        HealthCheckId = set.Text("HealthCheckId"),
        TrafficPolicyInstanceId = set.Text("TrafficPolicyInstanceId"),
    };

    private static XElement? One(this XElement parent, string name) => parent.Elements().FirstOrDefault(child => child.Name.LocalName == name);

    private static IEnumerable<XElement> All(this XElement parent, string name) => parent.Elements().Where(child => child.Name.LocalName == name);

    private static XElement Required(this XElement parent, string name) =>
        parent.One(name) ?? throw new FormatException($"the answer's {parent.Name.LocalName} has no {name}");

    private static string? Text(this XElement parent, string name) => parent.One(name)?.Value;

    private static bool? Flag(this XElement parent, string name) => parent.Text(name) is { } text ? bool.Parse(text) : null;

    private static long? Number(this XElement parent, string name) => parent.Text(name) is { } text ? long.Parse(text, CultureInfo.InvariantCulture) : null;

    private static DateTime Time(this XElement parent, string name) =>
        DateTime.Parse(parent.Required(name).Value, CultureInfo.InvariantCulture, DateTimeStyles.AdjustToUniversal | DateTimeStyles.AssumeUniversal);
}
