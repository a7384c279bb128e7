using System.Xml.Linq;
using Modestano.Operator.Dns.Route53;
using Modestano.Operator.Dns.Route53.Model;

namespace Modestano.Operator.Tests.Dns.Route53;

/// <summary>Requests equal those that the official tools were recorded to send.</summary>
public sealed class RequestTests
{
    private const string Zone = "/hostedzone/HBRPOIG8F1CBFNO6B9M80O";

    private static IEnumerable<TestCaseData> Reads()
    {
        yield return Case("04-get-change", c => c.GetChangeAsync(new() { Id = "/change/C2682N5HXP0BZ4" }));
        yield return Case("06-get-hosted-zone", c => c.GetHostedZoneAsync(new() { Id = Zone }));
        yield return Case("08-list-rrsets", c => c.ListResourceRecordSetsAsync(new() { HostedZoneId = Zone }));
        yield return Case("09-list-rrsets-start-name-type", c => c.ListResourceRecordSetsAsync(new()
        {
            HostedZoneId = Zone,
            StartRecordName = "mongo.example.com",
            StartRecordType = RRType.A,
        }));
        yield return Case("10-list-rrsets-start-name-type-identifier", c => c.ListResourceRecordSetsAsync(new()
        {
            HostedZoneId = Zone,
            StartRecordName = "mongo.example.com",
            StartRecordType = RRType.A,
            StartRecordIdentifier = "eu-west-2",
        }));
        yield return Case("11-list-rrsets-max-items-1", c => c.ListResourceRecordSetsAsync(new()
        {
            HostedZoneId = Zone,
            StartRecordName = "mongo.example.com",
            StartRecordType = RRType.A,
            MaxItems = "1",
        }));
        yield return Case("31-list-rrsets-start-wildcard", c => c.ListResourceRecordSetsAsync(new() { HostedZoneId = Zone, StartRecordName = "*.example.com" }));
        yield return Case("15-list-hosted-zones-by-name", c => c.ListHostedZonesByNameAsync(new() { DNSName = "example.com", MaxItems = "1" }));
        yield return Case("22-get-health-check-status", c => c.GetHealthCheckStatusAsync(new() { HealthCheckId = "7a1b5806-6160-46b4-9360-715fc3fe0183" }));

        static TestCaseData Case(string name, Func<IAmazonRoute53, Task> call) => new TestCaseData(name, call).SetArgDisplayNames(name);
    }

    [TestCaseSource(nameof(Reads))]
    public async Task A_read_asks_as_the_official_tool_did(string name, Func<IAmazonRoute53, Task> call)
    {
        var recorded = RecordedExchange.Read(name);
        using var service = new ScriptedService().Answer(recorded.Status, recorded.ResponseBody, recorded.ContentType);
        using var client = service.Client();

        await call(client);

        Assert.That(service.Requests.Select(r => (r.Method, r.Uri.AbsolutePath)), Is.EqualTo(new[] { (recorded.Method, recorded.Target.Split('?')[0]) }));
        Assert.That(Query(service.Requests[0].Uri.Query), Is.EquivalentTo(Query(recorded.Target.Contains('?') ? recorded.Target[recorded.Target.IndexOf('?')..] : "")));
    }

    [TestCase("02-change-create-two-weighted")]
    [TestCase("03-change-upsert-shift-weights")]
    [TestCase("25-change-weighted-with-health-check")]
    [TestCase("26-change-weighted-alias")]
    [TestCase("27-change-weighted-cname")]
    [TestCase("28-change-wildcard")]
    [TestCase("29-change-srv")]
    public async Task A_batch_is_written_byte_for_byte_as_the_official_tool_wrote_it(string name)
    {
        var recorded = RecordedExchange.Read(name);
        using var service = new ScriptedService().Answer(recorded.Status, recorded.ResponseBody, recorded.ContentType);
        using var client = service.Client();

        await client.ChangeResourceRecordSetsAsync(new() { HostedZoneId = Zone, ChangeBatch = BatchOf(XElement.Parse(recorded.RequestBody)) });

        Assert.That(service.Requests[0].Method, Is.EqualTo("POST"));
        Assert.That(service.Requests[0].Uri.PathAndQuery, Is.EqualTo(recorded.Target));
        Assert.That(service.Requests[0].Body, Is.EqualTo(recorded.RequestBody));
    }

    private static string[] Query(string query) => query.TrimStart('?').Split('&', StringSplitOptions.RemoveEmptyEntries);

    private static ChangeBatch BatchOf(XElement request)
    {
        var batch = request.Elements().Single();
        return new ChangeBatch
        {
            Comment = Text(batch, "Comment"),
            Changes = [.. One(batch, "Changes")!.Elements().Select(change => new Change
            {
                Action = new ChangeAction(Text(change, "Action")!),
                ResourceRecordSet = SetOf(One(change, "ResourceRecordSet")!),
            })],
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

    private static XElement? One(XElement parent, string name) => parent.Elements().SingleOrDefault(e => e.Name.LocalName == name);

    private static string? Text(XElement parent, string name) => One(parent, name)?.Value;
}
