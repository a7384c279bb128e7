using System.Xml.Linq;
using Modestano.Operator.Dns.Route53;
using Modestano.Operator.Dns.Route53.Model;

namespace Modestano.Operator.Tests.Dns.Route53;

/// <summary>The call of the client that asks for what a recorded request asked for.</summary>
internal static class RecordedCall
{
    /// <summary>The call; null where the operation is none of this client's.</summary>
    public static Func<IAmazonRoute53, Task<object>>? Of(RecordedExchange recorded)
    {
        var uri = new Uri("http://localhost" + recorded.Target);
        var path = uri.AbsolutePath.Trim('/').Split('/')[1..];
        var query = uri.Query.TrimStart('?').Split('&', StringSplitOptions.RemoveEmptyEntries).Select(p => p.Split('=')).ToDictionary(p => p[0], p => Uri.UnescapeDataString(p[1]));
        string? Value(string name) => query.GetValueOrDefault(name);
        return (recorded.Method, path) switch
        {
            ("POST", ["hostedzone", var zone, "rrset"]) => async c => await c.ChangeResourceRecordSetsAsync(new() { HostedZoneId = zone, ChangeBatch = BatchOf(recorded.RequestBody) }),
            ("GET", ["hostedzone", var zone, "rrset"]) => async c => await c.ListResourceRecordSetsAsync(new()
            {
                HostedZoneId = zone,
                StartRecordName = Value("name"),
                StartRecordType = Value("type") is { } type ? new RRType(type) : null,
                StartRecordIdentifier = Value("identifier"),
                MaxItems = Value("maxitems"),
            }),
            ("GET", ["change", var id]) => async c => await c.GetChangeAsync(new() { Id = id }),
            ("GET", ["hostedzone", var zone]) => async c => await c.GetHostedZoneAsync(new() { Id = zone }),
            ("GET", ["hostedzonesbyname"]) => async c => await c.ListHostedZonesByNameAsync(new() { DNSName = Value("dnsname"), HostedZoneId = Value("hostedzoneid"), MaxItems = Value("maxitems") }),
            ("GET", ["healthcheck", var check, "status"]) => async c => await c.GetHealthCheckStatusAsync(new() { HealthCheckId = check }),
            _ => null,
        };
    }

    private static ChangeBatch BatchOf(string body)
    {
        var batch = TryParse(body)?.Elements().FirstOrDefault();
        return new ChangeBatch
        {
            Comment = batch is null ? null : Text(batch, "Comment"),
            Changes = [.. (batch is null ? null : One(batch, "Changes"))?.Elements().Select(change => new Change
            {
                Action = new ChangeAction(Text(change, "Action")!),
                ResourceRecordSet = SetOf(One(change, "ResourceRecordSet")!),
            }) ?? []],
        };
    }

    private static ResourceRecordSet SetOf(XElement set) => new()
    {
        Name = Text(set, "Name")!,
        Type = new RRType(Text(set, "Type")!),
        SetIdentifier = Text(set, "SetIdentifier"),
        Weight = (long?)One(set, "Weight"),
        TTL = (long?)One(set, "TTL"),
        ResourceRecords = One(set, "ResourceRecords")?.Elements().Select(r => new ResourceRecord { Value = Text(r, "Value")! }).ToList(),
        AliasTarget = One(set, "AliasTarget") is { } alias
            ? new AliasTarget { HostedZoneId = Text(alias, "HostedZoneId")!, DNSName = Text(alias, "DNSName")!, EvaluateTargetHealth = (bool)One(alias, "EvaluateTargetHealth")! }
            : null,
        HealthCheckId = Text(set, "HealthCheckId"),
    };

    private static XElement? TryParse(string body)
    {
        try
        {
            return XElement.Parse(body);
        }
        catch (System.Xml.XmlException)
        {
            return null;
        }
    }

    private static XElement? One(XElement parent, string name) => parent.Elements().SingleOrDefault(e => e.Name.LocalName == name);

    private static string? Text(XElement parent, string name) => One(parent, name)?.Value;
}
