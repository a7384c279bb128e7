using System.Text.Json;
using Microsoft.Extensions.Time.Testing;
using Modestano.Testbed.Route53;

namespace Modestano.Testbed.Tests.Route53;

/// <summary>What a person sees of the service through the real <c>aws</c> command and <c>dig</c>.</summary>
[Category("RealClients")]
public sealed class AwsCommandTests
{
    private FakeTimeProvider time = null!;
    private EmbeddedRoute53 server = null!;
    private string zone = null!;

    [SetUp]
    public async Task StartAsync()
    {
        time = new FakeTimeProvider(new DateTimeOffset(2026, 11, 23, 12, 0, 0, TimeSpan.Zero));
        server = await EmbeddedRoute53.StartAsync(new Route53Options { Time = time, PropagationDelay = TimeSpan.FromSeconds(30), ProcessingTime = TimeSpan.FromSeconds(1), RequestsPerSecond = 5 });
        zone = server.Zones.CreateZone("example.com").Id;
    }

    [TearDown]
    public async Task StopAsync() => await server.DisposeAsync();

    [Test]
    public async Task A_refused_batch_shows_every_message_and_changes_nothing()
    {
        var refused = await RefusedAsync(Change("CREATE", "good.example.com"), Change("CREATE", "other.org"), Change("DELETE", "gone.example.com"));

        Assert.That(refused, Does.Contain("An error occurred (InvalidChangeBatch) when calling the ChangeResourceRecordSets operation: [RRSet with DNS name other.org. is not permitted in zone example.com., "
            + "Tried to delete resource record set [name='gone.example.com.', type='A'] but it was not found]"));
        Assert.That(await NamesAsync(), Is.EqualTo(new[] { "example.com.", "example.com." }));
    }

    [TestCase(256, "An error occurred (InvalidInput) .* with respect to maxInclusive '255' for type 'RRSetWeight'")]
    [TestCase(-1, "Parameter validation failed:\n.*valid min value: 0")]
    public async Task A_weight_out_of_range_is_refused_by_the_service_or_the_command(int weight, string error) =>
        Assert.That(await RefusedAsync(Change("CREATE", "shop.example.com", "eu-west-1", weight)), Does.Match(error.Replace("(InvalidInput)", @"\(InvalidInput\)", StringComparison.Ordinal)));

    [Test]
    public async Task A_stale_delete_with_a_create_is_refused_and_the_exact_one_replaces_the_set()
    {
        await AcceptedAsync(Change("CREATE", "shop.example.com", "eu-west-1", 255));
        time.Advance(TimeSpan.FromSeconds(1));
        Assert.That(
            await RefusedAsync(Change("DELETE", "shop.example.com", "eu-west-1", 254), Change("CREATE", "shop.example.com", "eu-west-1", 200)),
            Does.Contain("but the values provided do not match the current values"));
        await AcceptedAsync(Change("DELETE", "shop.example.com", "eu-west-1", 255), Change("CREATE", "shop.example.com", "eu-west-1", 200));
        Assert.That((await AwsAsync("list-resource-record-sets", "--hosted-zone-id", zone, "--query", "ResourceRecordSets[?Type=='A'].Weight", "--output", "text")).Trim(), Is.EqualTo("200"));
    }

    [Test]
    public async Task A_change_is_pending_and_then_in_sync()
    {
        var id = await AcceptedAsync(Change("CREATE", "shop.example.com"));
        Assert.That(await StatusAsync(id), Is.EqualTo("PENDING"));
        Assert.That(await DigAsync("+noall", "+comments", "shop.example.com", "A"), Does.Contain("status: NXDOMAIN"));
        time.Advance(TimeSpan.FromSeconds(30));
        Assert.That(await StatusAsync(id), Is.EqualTo("INSYNC"));
        Assert.That(await DigAsync("+short", "shop.example.com", "A"), Is.EqualTo("192.0.2.1\n"));
    }

    [Test]
    public async Task A_batch_while_another_is_processed_is_refused_and_may_be_repeated()
    {
        await AcceptedAsync(Change("CREATE", "a.example.com"));
        Assert.That(await RefusedAsync(Change("CREATE", "b.example.com")), Does.Contain("An error occurred (PriorRequestNotComplete)").And.Contain("still processing a prior request"));
        time.Advance(TimeSpan.FromSeconds(1));
        await AcceptedAsync(Change("CREATE", "b.example.com"));
    }

    [Test]
    public async Task The_sixth_request_of_a_second_is_throttled()
    {
        for (var i = 0; i < 5; i++)
        {
            await AwsAsync("get-hosted-zone", "--id", zone);
        }

        var (code, _, error) = await RunAwsAsync("get-hosted-zone", "--id", zone);
        Assert.That(code, Is.Not.Zero);
        Assert.That(error, Does.Contain("An error occurred (Throttling) when calling the GetHostedZone operation").And.Contain("Rate exceeded"));
    }

    [Test]
    public async Task Sets_are_listed_in_order_and_page_by_page()
    {
        await AcceptedAsync(Change("CREATE", "b.example.com", "two", 1), Change("CREATE", "b.example.com", "one", 1), Change("CREATE", "a-b.example.com"), Change("CREATE", "a.example.com"));
        var first = JsonDocument.Parse(await AwsAsync("list-resource-record-sets", "--hosted-zone-id", zone, "--max-items", "5")).RootElement;
        var rest = JsonDocument.Parse(await AwsAsync("list-resource-record-sets", "--hosted-zone-id", zone, "--starting-token", first.GetProperty("NextToken").GetString()!)).RootElement;
        Assert.That(
            new[] { first, rest }.SelectMany(p => p.GetProperty("ResourceRecordSets").EnumerateArray()).Select(s => $"{s.GetProperty("Name")} {s.GetProperty("Type")} {(s.TryGetProperty("SetIdentifier", out var id) ? id : "")}".Trim()),
            Is.EqualTo(new[] { "example.com. NS", "example.com. SOA", "a-b.example.com. A", "a.example.com. A", "b.example.com. A one", "b.example.com. A two" }));
    }

    [Test]
    public async Task What_does_not_exist_is_named()
    {
        Assert.That((await RunAwsAsync("get-hosted-zone", "--id", "Z00000000000")).Error, Does.Contain("(NoSuchHostedZone)").And.Contain("No hosted zone found with ID: Z00000000000"));
        Assert.That((await RunAwsAsync("get-change", "--id", "CUNKNOWN")).Error, Does.Contain("(NoSuchChange)"));
        Assert.That((await RunAwsAsync("get-health-check", "--health-check-id", "00000000-0000-0000-0000-000000000000")).Error, Does.Contain("(NoSuchHealthCheck)"));
    }

    [Test]
    public async Task A_zone_is_created_found_by_name_and_deleted_when_it_is_empty()
    {
        var id = (await AwsAsync("create-hosted-zone", "--name", "example.org", "--caller-reference", "once", "--query", "HostedZone.Id", "--output", "text")).Trim();
        Assert.That((await AwsAsync("list-hosted-zones-by-name", "--dns-name", "example.org", "--query", "HostedZones[0].[Id,ResourceRecordSetCount]", "--output", "text")).Trim(), Is.EqualTo($"{id}\t2"));
        await AwsAsync("change-resource-record-sets", "--hosted-zone-id", id, "--change-batch", Batch(Change("CREATE", "a.example.org")));
        time.Advance(TimeSpan.FromSeconds(1));
        Assert.That((await RunAwsAsync("delete-hosted-zone", "--id", id)).Error, Does.Contain("(HostedZoneNotEmpty)"));
        await AwsAsync("change-resource-record-sets", "--hosted-zone-id", id, "--change-batch", Batch(Change("DELETE", "a.example.org")));
        time.Advance(TimeSpan.FromSeconds(1));
        await AwsAsync("delete-hosted-zone", "--id", id);
        time.Advance(TimeSpan.FromSeconds(1));
        Assert.That((await RunAwsAsync("get-hosted-zone", "--id", id)).Error, Does.Contain("(NoSuchHostedZone)"));
    }

    [Test]
    public async Task A_health_check_is_made_once_for_a_reference_and_its_checkers_report()
    {
        string[] create = ["create-health-check", "--caller-reference", "once", "--health-check-config", """{"Type":"TCP","IPAddress":"192.0.2.1","Port":443}""", "--query", "HealthCheck.Id", "--output", "text"];
        var id = (await AwsAsync(create)).Trim();
        Assert.That((await AwsAsync(create)).Trim(), Is.EqualTo(id));
        create[4] = """{"Type":"TCP","IPAddress":"192.0.2.2","Port":443}""";
        Assert.That((await RunAwsAsync(create)).Error, Does.Contain("(HealthCheckAlreadyExists)"));

        server.HealthChecks.SetHealthyCheckers(id, 2);
        time.Advance(TimeSpan.FromSeconds(1));
        var status = await AwsAsync("get-health-check-status", "--health-check-id", id, "--query", "HealthCheckObservations[].StatusReport.Status", "--output", "json");
        var reports = JsonDocument.Parse(status).RootElement.EnumerateArray().Select(s => s.GetString()!).ToList();
        Assert.That((reports.Count, reports.Count(r => r.StartsWith("Success", StringComparison.Ordinal))), Is.EqualTo((8, 2)));
        await AwsAsync("delete-health-check", "--health-check-id", id);
    }

    [Test]
    public async Task Dig_sees_the_set_of_the_region_that_is_healthy_and_no_other()
    {
        var check = server.HealthChecks.Create();
        await AcceptedAsync(Change("CREATE", "shop.example.com", "eu-west-1", 255, value: "192.0.2.1", check: check), Change("CREATE", "shop.example.com", "eu-west-2", 0, value: "192.0.2.2"));
        time.Advance(TimeSpan.FromSeconds(30));
        foreach (var protocol in new[] { "+notcp", "+tcp" })
        {
            Assert.That(await DigAsync(protocol, "+short", "shop.example.com", "A"), Is.EqualTo("192.0.2.1\n"), "weight 0 is not answered while another has weight");
        }

        server.HealthChecks.Set(check, healthy: false);
        Assert.That(await DigAsync("+short", "shop.example.com", "A"), Is.EqualTo("192.0.2.2\n"), "weight 0 is no fence");
    }

    [Test]
    public async Task Dig_reads_texts_wildcards_aliases_of_names_and_what_is_missing()
    {
        await AcceptedAsync(
            Change("CREATE", "shop.example.com"), Change("CREATE", "www.example.com", type: "CNAME", value: "shop.example.com"), Change("CREATE", "*.apps.example.com", value: "192.0.2.9"),
            Change("CREATE", "owner.example.com", type: "TXT", value: "\"heritage=modestano\""));
        time.Advance(TimeSpan.FromSeconds(30));
        Assert.That(await DigAsync("+short", "www.example.com", "A"), Is.EqualTo("shop.example.com.\n192.0.2.1\n"));
        Assert.That(await DigAsync("+short", "any.apps.example.com", "A"), Is.EqualTo("192.0.2.9\n"));
        Assert.That(await DigAsync("+short", "owner.example.com", "TXT"), Is.EqualTo("\"heritage=modestano\"\n"));
        Assert.That(await DigAsync("+noall", "+comments", "+authority", "missing.example.com", "A"), Does.Contain("status: NXDOMAIN").And.Match(@"example\.com\.\s+\d+\s+IN\s+SOA"));
        Assert.That(await DigAsync("+noall", "+comments", "shop.example.com", "AAAA"), Does.Contain("status: NOERROR").And.Contain("ANSWER: 0"));
        Assert.That(await DigAsync("+noall", "+comments", "example.net", "A"), Does.Contain("status: REFUSED"));
    }

    private async Task<string> AcceptedAsync(params object[] changes) => JsonDocument.Parse(await AwsAsync("change-resource-record-sets", "--hosted-zone-id", zone, "--change-batch", Batch(changes)))
        .RootElement.GetProperty("ChangeInfo").GetProperty("Id").GetString()!;

    private async Task<string> RefusedAsync(params object[] changes)
    {
        var (code, output, error) = await RunAwsAsync("change-resource-record-sets", "--hosted-zone-id", zone, "--change-batch", Batch(changes));
        Assert.That(code, Is.Not.Zero, output);
        return error;
    }

    private async Task<string> StatusAsync(string id) => (await AwsAsync("get-change", "--id", id, "--query", "ChangeInfo.Status", "--output", "text")).Trim();

    private async Task<string[]> NamesAsync() => [.. JsonDocument.Parse(await AwsAsync("list-resource-record-sets", "--hosted-zone-id", zone)).RootElement.GetProperty("ResourceRecordSets").EnumerateArray().Select(s => s.GetProperty("Name").GetString()!)];

    private async Task<string> AwsAsync(params string[] arguments)
    {
        var (code, output, error) = await RunAwsAsync(arguments);
        Assert.That(code, Is.Zero, $"aws {string.Join(' ', arguments)}: {error}{output}");
        return output;
    }

    // The clock stands still, so that a second try would not find anything else.
    private Task<(int Code, string Output, string Error)> RunAwsAsync(params string[] arguments) => RealCommand.RunAsync("aws", RealCommand.AwsEnvironment, ["route53", "--endpoint-url", server.Endpoint.ToString(), .. arguments]);

    private async Task<string> DigAsync(params string[] arguments) =>
        (await RealCommand.RunAsync("dig", [], ["@127.0.0.1", "-p", $"{server.Dns.Port}", .. arguments])).Output;

    private static string Batch(params object[] changes) => JsonSerializer.Serialize(new { Changes = changes });

    private static object Change(string action, string name, string? id = null, int? weight = null, string type = "A", string value = "192.0.2.1", string? check = null)
    {
        var set = new Dictionary<string, object> { ["Name"] = name, ["Type"] = type, ["TTL"] = 60, ["ResourceRecords"] = new[] { new { Value = value } } };
        if (id is not null)
        {
            set["SetIdentifier"] = id;
            set["Weight"] = weight!;
        }

        if (check is not null)
        {
            set["HealthCheckId"] = check;
        }

        return new { Action = action, ResourceRecordSet = set };
    }
}
