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
        // Without a place to go on from, the next page would be the first one again.
        ResourceRecordSets = root.Flag("IsTruncated") == true && string.IsNullOrEmpty(root.Text("NextRecordName"))
            ? throw new FormatException("the answer says that it goes on and not where")
            : [.. root.Required("ResourceRecordSets").All("ResourceRecordSet").Select(SetOf)],
        IsTruncated = root.Flag("IsTruncated") ?? false,
        NextRecordName = root.Text("NextRecordName"),
        NextRecordType = root.Text("NextRecordType") is { Length: > 0 } type ? new RRType(type) : null,
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
                ? new StatusReport { Status = report.Text("Status") ?? "", CheckedTime = report.Time("CheckedTime") ?? default }
                : null,
        })],
    };

    private static ChangeInfo ChangeInfoOf(XElement info) => new()
    {
        Id = info.Id("Id"),
        Status = new ChangeStatus(info.Filled("Status")),
        SubmittedAt = info.Time("SubmittedAt") ?? throw new FormatException("the answer's ChangeInfo has no SubmittedAt"),
        Comment = info.Text("Comment"),
    };

    private static HostedZone ZoneOf(XElement zone) => new()
    {
        Id = zone.Id("Id"),
        Name = zone.Filled("Name"),
        CallerReference = zone.Text("CallerReference"),
        Config = zone.One("Config") is { } config ? new HostedZoneConfig { Comment = config.Text("Comment"), PrivateZone = config.Flag("PrivateZone") ?? false } : null,
        ResourceRecordSetCount = zone.Number("ResourceRecordSetCount", long.MaxValue),
    };

    private static ResourceRecordSet SetOf(XElement set) => new()
    {
        Name = set.Filled("Name"),
        Type = new RRType(set.Filled("Type")),
        SetIdentifier = set.Text("SetIdentifier"),
        Weight = set.Number("Weight", 255),
        Region = set.Text("Region"),
        GeoLocation = set.One("GeoLocation") is { } geo
            ? new GeoLocation { ContinentCode = geo.Text("ContinentCode"), CountryCode = geo.Text("CountryCode"), SubdivisionCode = geo.Text("SubdivisionCode") }
            : null,
        Failover = set.Text("Failover"),
        MultiValueAnswer = set.Flag("MultiValueAnswer"),
        TTL = set.Number("TTL", int.MaxValue),
        ResourceRecords = set.One("ResourceRecords") is { } records
            ? [.. records.All("ResourceRecord").Select(record => new ResourceRecord { Value = record.Text("Value") ?? "" })]
            : null,
        AliasTarget = set.One("AliasTarget") is { } alias
            ? new AliasTarget
            {
                HostedZoneId = alias.Filled("HostedZoneId"),
                DNSName = alias.Filled("DNSName"),
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

    private static string Filled(this XElement parent, string name) =>
        parent.Required(name).Value is { Length: > 0 } value ? value : throw new FormatException($"the answer's {parent.Name.LocalName} has an empty {name}");

    /// <summary>An id becomes part of the path of later requests.</summary>
    private static string Id(this XElement parent, string name) => parent.Filled(name) is var id && Ids.IsBare(id[(id.LastIndexOf('/') + 1)..])
        ? id
        : throw new FormatException($"the answer's {parent.Name.LocalName} has an {name} that is none");

    private static bool? Flag(this XElement parent, string name) => parent.Text(name) switch
    {
        null => null,
        var text when bool.TryParse(text, out var flag) => flag,
        _ => throw new FormatException($"the answer's {parent.Name.LocalName} has a {name} that is neither true nor false"),
    };

    private static long? Number(this XElement parent, string name, long most) => parent.Text(name) switch
    {
        null => null,
        var text when long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number <= most => number,
        _ => throw new FormatException($"the answer's {parent.Name.LocalName} has a {name} that is no number from 0 to {most.ToString(CultureInfo.InvariantCulture)}"),
    };

    private static DateTime? Time(this XElement parent, string name) => parent.Text(name) switch
    {
        null => null,
        var text when DateTime.TryParse(text, CultureInfo.InvariantCulture, DateTimeStyles.AdjustToUniversal | DateTimeStyles.AssumeUniversal, out var time) => time,
        _ => throw new FormatException($"the answer's {parent.Name.LocalName} has a {name} that is no time"),
    };
}
