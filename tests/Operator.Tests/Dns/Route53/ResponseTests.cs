using Modestano.Operator.Dns.Route53;
using Modestano.Operator.Dns.Route53.Model;

namespace Modestano.Operator.Tests.Dns.Route53;

public sealed class ResponseTests
{
    [Test]
    public async Task A_change_tells_its_id_state_and_time()
    {
        var answer = await AnswerTo("04-get-change", c => c.GetChangeAsync(new() { Id = "C2682N5HXP0BZ4" }));

        Assert.That(answer.ChangeInfo.Id, Is.EqualTo("C2682N5HXP0BZ4"));
        Assert.That(answer.ChangeInfo.Status, Is.EqualTo(ChangeStatus.INSYNC));
        Assert.That(answer.ChangeInfo.SubmittedAt, Is.EqualTo(new DateTime(2026, 11, 23, 12, 14, 56, DateTimeKind.Utc).AddTicks(3046500)));
        Assert.That(answer.ChangeInfo.SubmittedAt.Kind, Is.EqualTo(DateTimeKind.Utc));
    }

    [Test]
    public async Task A_list_of_every_kind_of_set_keeps_what_was_absent_absent()
    {
        var sets = (await AnswerTo("30-list-rrsets-all-kinds", c => c.ListResourceRecordSetsAsync(new() { HostedZoneId = "Z1" }))).ResourceRecordSets;

        var weighted = sets.Single(s => s.Name == "mongo.example.com." && s.SetIdentifier == "eu-west-2");
        Assert.That((weighted.Weight, weighted.TTL, weighted.HealthCheckId, weighted.AliasTarget), Is.EqualTo((255L, 60L, (string?)null, (AliasTarget?)null)));
        Assert.That(weighted.ResourceRecords!.Select(r => r.Value), Is.EqualTo(new[] { "192.0.2.22" }));

        var alias = sets.Single(s => s.Name == "api.example.com." && s.SetIdentifier == "eu-west-1");
        Assert.That((alias.TTL, alias.ResourceRecords), Is.EqualTo(((long?)null, (List<ResourceRecord>?)null)));
        Assert.That((alias.AliasTarget!.HostedZoneId, alias.AliasTarget.EvaluateTargetHealth), Is.EqualTo(("Z32O12XQLNTSW2", true)));

        var simple = sets.Single(s => s.Type == RRType.SOA);
        Assert.That((simple.SetIdentifier, simple.Weight), Is.EqualTo(((string?)null, (long?)null)));
    }

    [Test]
    public async Task A_zone_tells_its_name_and_servers()
    {
        var answer = await AnswerTo("06-get-hosted-zone", c => c.GetHostedZoneAsync(new() { Id = "Z1" }));

        Assert.That((answer.HostedZone.Name, answer.HostedZone.Config!.PrivateZone, answer.HostedZone.ResourceRecordSetCount), Is.EqualTo(("example.com.", false, (long?)4)));
        Assert.That(answer.DelegationSet!.NameServers, Has.Count.EqualTo(4));
    }

    [Test]
    public async Task Zones_by_name_are_listed()
    {
        var answer = await AnswerTo("15-list-hosted-zones-by-name", c => c.ListHostedZonesByNameAsync(new() { DNSName = "example.com", MaxItems = "1" }));

        Assert.That(answer.HostedZones.Select(z => z.Id), Is.EqualTo(new[] { "/hostedzone/HBRPOIG8F1CBFNO6B9M80O" }));
    }

    [Test]
    public async Task Checkers_tell_what_they_saw()
    {
        var answer = await AnswerTo("22-get-health-check-status", c => c.GetHealthCheckStatusAsync(new() { HealthCheckId = "7a1b5806-6160-46b4-9360-715fc3fe0183" }));

        Assert.That(answer.HealthCheckObservations.Select(o => o.StatusReport!.Status), Has.All.StartsWith("Success"));
    }

    [Test]
    public async Task A_missing_zone_is_told_by_its_type()
    {
        var e = await Assert.ThrowsAsync<NoSuchHostedZoneException>(() => AnswerTo("14-list-rrsets-missing-zone", c => c.ListResourceRecordSetsAsync(new() { HostedZoneId = "ZNOSUCHZONE" })));

        Assert.That(Route53Failure.Of(e), Has.Property(nameof(Route53Failure.Kind)).EqualTo(Route53FailureKind.NoSuchZone));
    }

    [Test]
    public async Task Every_page_is_read_and_the_place_is_named_by_all_three_tokens()
    {
        using var service = new ScriptedService()
            .Answer(200, Page("eu-west-1", "<NextRecordName>shop.example.com.</NextRecordName><NextRecordType>A</NextRecordType><NextRecordIdentifier>eu-west-2</NextRecordIdentifier>"))
            .Answer(200, Page("eu-west-2", null));
        using var client = service.Client();

        var identifiers = new List<string?>();
        await foreach (var set in client.ListAllAsync(new() { HostedZoneId = "Z1", MaxItems = "1" }))
        {
            identifiers.Add(set.SetIdentifier);
        }

        Assert.That(identifiers, Is.EqualTo(new[] { "eu-west-1", "eu-west-2" }));
        Assert.That(service.Requests[1].Uri.Query.TrimStart('?').Split('&'),
            Is.EquivalentTo(new[] { "name=shop.example.com.", "type=A", "identifier=eu-west-2", "maxitems=1" }));
    }

    [Test]
    public async Task A_page_that_names_itself_as_the_next_one_is_an_error_and_no_endless_loop()
    {
        const string Next = "<NextRecordName>shop.example.com.</NextRecordName><NextRecordType>A</NextRecordType>";
        using var service = new ScriptedService().Answer(200, Page("eu-west-1", Next)).Answer(200, Page("eu-west-1", Next));
        using var client = service.Client();

        var e = await Assert.ThrowsAsync<AmazonRoute53Exception>(async () => await client.ListAllAsync(new() { HostedZoneId = "Z1" }).CountAsync());

        Assert.That(e!.Message, Does.Contain("names one as the next that was read before"));
    }

    private static string Page(string identifier, string? next) =>
        $"""
        <?xml version="1.0"?>
        <ListResourceRecordSetsResponse xmlns="https://route53.amazonaws.com/doc/2013-04-01/"><ResourceRecordSets><ResourceRecordSet><Name>shop.example.com.</Name><Type>A</Type><SetIdentifier>{identifier}</SetIdentifier><Weight>1</Weight><TTL>60</TTL><ResourceRecords><ResourceRecord><Value>192.0.2.1</Value></ResourceRecord></ResourceRecords></ResourceRecordSet></ResourceRecordSets><IsTruncated>{(next is null ? "false" : "true")}</IsTruncated>{next}<MaxItems>1</MaxItems></ListResourceRecordSetsResponse>
        """;

    private static async Task<TResponse> AnswerTo<TResponse>(string name, Func<IAmazonRoute53, Task<TResponse>> call)
    {
        var recorded = RecordedExchange.Read(name);
        using var service = new ScriptedService().Answer(recorded.Status, recorded.ResponseBody, recorded.ContentType);
        using var client = service.Client();
        return await call(client);
    }
}
