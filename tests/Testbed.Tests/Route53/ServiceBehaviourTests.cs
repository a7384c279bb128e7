using System.Net;
using Microsoft.Extensions.Time.Testing;
using Modestano.Testbed.Iam;
using Modestano.Testbed.Route53;
using static Modestano.Testbed.Tests.Route53.RawClient;

namespace Modestano.Testbed.Tests.Route53;

/// <summary>Lists, propagation, limits, identity and faults.</summary>
public sealed class ServiceBehaviourTests
{
    private FakeTimeProvider _time = null!;
    private EmbeddedRoute53 _server = null!;
    private RawClient _client = null!;
    private string _zone = null!;

    [SetUp]
    public async Task StartServer()
    {
        _time = new FakeTimeProvider(new DateTimeOffset(2026, 11, 23, 12, 0, 0, TimeSpan.Zero));
        _server = await EmbeddedRoute53.StartAsync(new Route53Options { Time = _time, PropagationDelay = TimeSpan.FromSeconds(30), ProcessingTime = TimeSpan.FromSeconds(1) });
        _client = new RawClient(_server);
        _zone = _server.Zones.CreateZone("example.com").Id;
    }

    [TearDown]
    public async Task StopServer()
    {
        _client.Dispose();
        await _server.DisposeAsync();
    }

    [Test]
    public async Task A_change_is_pending_until_its_delay_has_passed_and_lists_show_it_at_once()
    {
        var change = await _client.ChangeAsync(_zone, Change("CREATE", "shop.example.com"));
        var id = change["Id"]!;
        Assert.That(change["Status"], Is.EqualTo("PENDING"));
        Assert.That((await ListAsync("")).All("Name"), Does.Contain("shop.example.com."));

        _time.Advance(TimeSpan.FromSeconds(29));
        Assert.That((await _client.GetAsync($"/2013-04-01{id}"))["Status"], Is.EqualTo("PENDING"));

        _time.Advance(TimeSpan.FromSeconds(1));
        Assert.That((await _client.GetAsync($"/2013-04-01{id}"))["Status"], Is.EqualTo("INSYNC"));
    }

    [Test]
    public async Task An_unknown_change_is_not_found()
    {
        var answer = await _client.GetAsync("/2013-04-01/change/CUNKNOWN");

        Assert.That((answer.Status, answer["Code"], answer["Message"]), Is.EqualTo((HttpStatusCode.NotFound, "NoSuchChange", "Could not find resource with ID: CUNKNOWN")));
    }

    [Test]
    public async Task A_second_batch_while_the_first_is_processed_is_refused()
    {
        await _client.ChangeAsync(_zone, Change("CREATE", "a.example.com"));
        var second = await _client.ChangeAsync(_zone, Change("CREATE", "b.example.com"));
        _time.Advance(TimeSpan.FromSeconds(1));
        var third = await _client.ChangeAsync(_zone, Change("CREATE", "b.example.com"));

        Assert.That((second["Code"], third.Status), Is.EqualTo(("PriorRequestNotComplete", HttpStatusCode.OK)));
    }

    [Test]
    public async Task An_account_gets_five_requests_a_second_and_another_account_its_own()
    {
        for (var i = 0; i < 5; i++)
        {
            Assert.That((await ListAsync("")).Status, Is.EqualTo(HttpStatusCode.OK));
        }

        var sixth = await ListAsync("");
        var other = await _client.SendAsync(new HttpRequestMessage(HttpMethod.Get, $"/2013-04-01/hostedzone/{_zone}/rrset"), key: "AKIDOTHER");
        _time.Advance(TimeSpan.FromMilliseconds(200));
        var later = await ListAsync("");

        Assert.That((sixth["Code"], sixth["Message"]), Is.EqualTo(("Throttling", "Rate exceeded")));
        Assert.That((other.Status, later.Status), Is.EqualTo((HttpStatusCode.OK, HttpStatusCode.OK)));
        Assert.That(_server.Requests.CountOf("Throttling"), Is.EqualTo(1));
    }

    [Test]
    public async Task Lists_are_ordered_by_reversed_labels_and_paged_by_all_three_tokens()
    {
        await _client.ChangeAsync(_zone,
            Change("CREATE", "a.example.com", id: "two", weight: 1), Change("CREATE", "a.example.com", id: "one", weight: 1),
            Change("CREATE", "a-b.example.com"), Change("CREATE", "*.example.com"));

        var first = await ListAsync("?maxitems=5");
        var rest = await ListAsync($"?maxitems=5&name={first["NextRecordName"]}&type={first["NextRecordType"]}&identifier={first["NextRecordIdentifier"]}");

        Assert.That(first.All("Name"), Is.EqualTo(new[] { "example.com.", "example.com.", "\\052.example.com.", "a-b.example.com.", "a.example.com." }));
        Assert.That((first["IsTruncated"], first["MaxItems"], first["NextRecordIdentifier"]), Is.EqualTo(("true", "5", "two")));
        Assert.That((rest.All("SetIdentifier").Single(), rest["IsTruncated"]), Is.EqualTo(("two", "false")));
    }

    [TestCase("?type=A", "InvalidInput")]
    [TestCase("?name=a.example.com&identifier=x", "InvalidInput")]
    [TestCase("?maxitems=0", "InvalidInput")]
    public async Task A_list_that_starts_nowhere_is_refused(string query, string code) => Assert.That((await ListAsync(query))["Code"], Is.EqualTo(code));

    [Test]
    public async Task Without_maxitems_a_page_holds_a_hundred_and_never_more_than_three_hundred()
    {
        Assert.That((await ListAsync(""))["MaxItems"], Is.EqualTo("100"));
        Assert.That((await ListAsync("?maxitems=1000"))["MaxItems"], Is.EqualTo("300"));
    }

    [Test]
    public async Task Zones_by_name_start_at_the_name_and_go_on()
    {
        _server.Zones.CreateZone("example.com", isPrivate: true);
        _server.Zones.CreateZone("example.org");

        var answer = await _client.GetAsync("/2013-04-01/hostedzonesbyname?dnsname=example.com&maxitems=2");

        Assert.That(answer.All("Name"), Is.EqualTo(new[] { "example.com.", "example.com." }));
        Assert.That((answer["IsTruncated"], answer["NextDNSName"]), Is.EqualTo(("true", "example.org.")));
    }

    [Test]
    public async Task A_request_without_a_signature_is_refused()
    {
        var answer = await _client.SendAsync(new HttpRequestMessage(HttpMethod.Get, "/2013-04-01/hostedzone"), signed: false);

        Assert.That((answer.Status, answer["Code"]), Is.EqualTo((HttpStatusCode.Forbidden, "MissingAuthenticationToken")));
    }

    [Test]
    public async Task A_date_that_is_too_far_off_is_refused_with_the_limit_in_the_message()
    {
        await using var server = await EmbeddedRoute53.StartAsync();
        using var client = new RawClient(server);

        var answer = await client.SendAsync(new HttpRequestMessage(HttpMethod.Get, "/2013-04-01/hostedzone"), date: DateTimeOffset.UtcNow.AddMinutes(-30));

        Assert.That((answer.Status, answer["Code"]), Is.EqualTo((HttpStatusCode.Forbidden, "SignatureDoesNotMatch")));
        Assert.That(answer["Message"], Does.StartWith("Signature expired: ").And.EndsWith("- 5 min.)"));
    }

    [Test]
    public async Task A_lost_answer_leaves_the_change_applied_and_the_client_without_a_word()
    {
        _server.Faults.LoseAnswers("ChangeResourceRecordSets");

        Assert.That(() => _client.ChangeAsync(_zone, Change("CREATE", "shop.example.com")), Throws.InstanceOf<HttpRequestException>());
        Assert.That(_server.Zones.Sets(_zone).Keys.Select(k => k.Name), Does.Contain("shop.example.com."));
        Assert.That(_server.Requests.CountOf("Lost"), Is.EqualTo(1));
    }

    [Test]
    public async Task An_operation_is_denied_until_the_fault_ends()
    {
        _server.Faults.Deny("ChangeResourceRecordSets");
        var denied = await _client.ChangeAsync(_zone, Change("CREATE", "shop.example.com"));
        _server.Faults.Clear();
        var allowed = await _client.ChangeAsync(_zone, Change("CREATE", "shop.example.com"));

        Assert.That((denied.Status, denied["Code"], allowed.Status), Is.EqualTo((HttpStatusCode.Forbidden, "AccessDenied", HttpStatusCode.OK)));
    }

    [Test]
    public async Task A_role_without_the_right_is_denied_before_the_content_of_a_batch_is_looked_at()
    {
        var iam = new IamDirectory();
        await using var server = await EmbeddedRoute53.StartAsync(new Route53Options { Iam = iam });
        var zone = server.Zones.CreateZone("example.com").Id;
        using var client = new RawClient(server);
        var nothing = Change("DELETE", "shop.example.com", id: "nobody", weight: 0);

        iam.AddUser("AKIDEXAMPLE", "arn:aws:iam::123456789012:user/reader", PolicyDocument.Parse("""{"Statement":[{"Effect":"Allow","Action":"route53:List*","Resource":"*"}]}"""));
        var denied = await client.ChangeAsync(zone, nothing);
        iam.AddUser("AKIDEXAMPLE", "arn:aws:iam::123456789012:user/writer", PolicyDocument.Parse("""{"Statement":[{"Effect":"Allow","Action":"route53:*","Resource":"*"}]}"""));
        var refused = await client.ChangeAsync(zone, nothing);

        Assert.That((denied.Status, denied["Code"]), Is.EqualTo((HttpStatusCode.Forbidden, "AccessDenied")));
        Assert.That(refused.Status, Is.EqualTo(HttpStatusCode.BadRequest));
        Assert.That(refused.Body.ToString(), Does.Contain("InvalidChangeBatch"));
    }

    [Test]
    public async Task A_zone_that_was_dropped_is_gone_for_every_call()
    {
        _server.Zones.DropZone(_zone);

        Assert.That(((await ListAsync(""))["Code"], (await _client.ChangeAsync(_zone, Change("CREATE", "a.example.com")))["Message"]),
            Is.EqualTo(("NoSuchHostedZone", $"No hosted zone found with ID: {_zone}")));
    }

    [Test]
    public async Task Checkers_report_what_the_test_set()
    {
        var id = _server.HealthChecks.Create();
        _server.HealthChecks.SetHealthyCheckers(id, 3);

        var answer = await _client.GetAsync($"/2013-04-01/healthcheck/{id}/status");

        Assert.That(answer.All("Status").Count(status => status.StartsWith("Success", StringComparison.Ordinal)), Is.EqualTo(3));
        Assert.That(answer.All("Region"), Has.Length.EqualTo(8));
    }

    private Task<RawAnswer> ListAsync(string query) => _client.GetAsync($"/2013-04-01/hostedzone/{_zone}/rrset{query}");
}
