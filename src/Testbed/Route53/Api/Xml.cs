using System.Globalization;
using System.Xml.Linq;
using Modestano.Testbed.Route53.Zones;

namespace Modestano.Testbed.Route53.Api;

/// <summary>Writes answers with the elements in the order of the service's model.</summary>
internal static class Xml
{
    public static XNamespace Namespace { get; } = "https://route53.amazonaws.com/doc/2013-04-01/";

    public static XElement Element(string name, params object?[] content) =>
        new(Namespace + name, [.. content.Select(part => part is IFormattable number ? number.ToString(null, CultureInfo.InvariantCulture) : part)]);

    public static XElement Response(string operation, params object?[] content) => Element(operation + "Response", content);

    public static XElement? Child(this XElement parent, string name) => parent.Elements().FirstOrDefault(child => child.Name.LocalName == name);

    public static XElement Error(Route53RefusalException refusal, string requestId) =>
        Element("ErrorResponse",
            Element("Error",
                Element("Type", refusal.Status < 500 ? "Sender" : "Receiver"),
                Element("Code", refusal.Code),
                Element("Message", refusal.Message)),
            Element("RequestId", requestId));

    public static XElement ChangeInfo(ZoneChange change, DateTimeOffset now) =>
        Element("ChangeInfo",
            Element("Id", "/change/" + change.Id),
            Element("Status", change.StatusAt(now)),
            Element("SubmittedAt", Time(change.SubmittedAt)),
            Optional("Comment", change.Comment));

    public static XElement Zone(HostedZone zone, int count) =>
        Element("HostedZone",
            Element("Id", "/hostedzone/" + zone.Id),
            Element("Name", zone.Name),
            Element("CallerReference", zone.CallerReference),
            Element("Config", Optional("Comment", zone.Comment), Element("PrivateZone", zone.IsPrivate)),
            Element("ResourceRecordSetCount", count));

    public static XElement DelegationSet(HostedZone zone) =>
        Element("DelegationSet", Element("NameServers", zone.NameServers.Select(server => Element("NameServer", server))));

    public static XElement RecordSet(RecordSet set) =>
        Element("ResourceRecordSet",
            Element("Name", set.Name),
            Element("Type", set.Type),
            Optional("SetIdentifier", set.SetIdentifier),
            Optional("Weight", set.Weight),
            Optional("Region", set.Region),
            set.GeoLocation is null ? null : Element("GeoLocation",
                Optional("ContinentCode", set.GeoLocation.ContinentCode),
                Optional("CountryCode", set.GeoLocation.CountryCode),
                Optional("SubdivisionCode", set.GeoLocation.SubdivisionCode)),
            Optional("Failover", set.Failover),
            Optional("MultiValueAnswer", set.MultiValueAnswer),
            Optional("TTL", set.Ttl),
            set.Values is null ? null : Element("ResourceRecords", set.Values.Select(value => Element("ResourceRecord", Element("Value", value)))),
            set.Alias is null ? null : Element("AliasTarget",
                Element("HostedZoneId", set.Alias.HostedZoneId),
                Element("DNSName", set.Alias.DnsName),
                Element("EvaluateTargetHealth", set.Alias.EvaluateTargetHealth)),
            Optional("HealthCheckId", set.HealthCheckId));

    public static XElement HealthCheck(HealthCheck check) =>
        Element("HealthCheck",
            Element("Id", check.Id),
            Element("CallerReference", check.CallerReference),
            XElement.Parse(check.Settings),
            Element("HealthCheckVersion", 1));

    public static XElement Observations(IEnumerable<(string Region, string Address, string Status)> observations, DateTimeOffset now) =>
        Element("HealthCheckObservations", observations.Select(seen => Element("HealthCheckObservation",
            Element("Region", seen.Region),
            Element("IPAddress", seen.Address),
            Element("StatusReport", Element("Status", seen.Status), Element("CheckedTime", Time(now))))));

    private static string Time(DateTimeOffset time) => time.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss.fff'Z'", CultureInfo.InvariantCulture);

    private static XElement? Optional(string name, object? value) => value is null ? null : Element(name, value);
}
