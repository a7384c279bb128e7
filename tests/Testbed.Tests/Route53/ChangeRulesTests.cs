using System.Net;
using Modestano.Testbed.Route53;
using static Modestano.Testbed.Tests.Route53.RawClient;

namespace Modestano.Testbed.Tests.Route53;

/// <summary>Refusals have the service's own words.</summary>
public sealed class ChangeRulesTests
{
    private static readonly string[] Present =
    [
        Change("CREATE", "shop.example.com", id: "eu-west-1", weight: 255),
        Change("CREATE", "shop.example.com", id: "eu-west-2", weight: 0, value: "192.0.2.2"),
        Change("CREATE", "simple.example.com"),
        Change("CREATE", "www.example.com", "CNAME", value: "simple.example.com"),
    ];

    private static IEnumerable<TestCaseData> Refused()
    {
        yield return Case("a set that exists is created", "InvalidChangeBatch",
            "[Tried to create resource record set [name='shop.example.com.', type='A', set-identifier='eu-west-1'] but it already exists]",
            Change("CREATE", "SHOP.example.com", id: "eu-west-1", weight: 1));
        yield return Case("a set that does not exist is deleted", "InvalidChangeBatch",
            "[Tried to delete resource record set [name='shop.example.com.', type='A', set-identifier='eu-west-3'] but it was not found]",
            Change("DELETE", "shop.example.com", id: "eu-west-3", weight: 1));
        yield return Case("a set with another weight is deleted", "InvalidChangeBatch",
            "[Tried to delete resource record set [name='shop.example.com.', type='A', set-identifier='eu-west-1'] but the values provided do not match the current values]",
            Change("DELETE", "shop.example.com", id: "eu-west-1", weight: 254));
        yield return Case("a weighted set beside a simple one", "InvalidChangeBatch",
            "[RRSet with DNS name simple.example.com., type A, SetIdentifier eu-west-1 cannot be created as a non-weighted set exists with the same name and type.]",
            Change("CREATE", "simple.example.com", id: "eu-west-1", weight: 1));
        yield return Case("a simple set beside weighted ones", "InvalidChangeBatch",
            "[RRSet with DNS name shop.example.com., type A cannot be created as other RRSets exist with the same name and type.]",
            Change("CREATE", "shop.example.com"));
        yield return Case("another TTL in a weighted group", "InvalidChangeBatch",
            "[RRSet with DNS name shop.example.com. and type A, SetIdentifier eu-west-3 cannot be created as weighted sets must contain the same TTL.]",
            Change("CREATE", "shop.example.com", id: "eu-west-3", weight: 1, ttl: 30));
        yield return Case("a CNAME beside an address", "InvalidChangeBatch",
            "[RRSet of type CNAME with DNS name simple.example.com. is not permitted as it conflicts with other records with the same DNS name in zone example.com.]",
            Change("CREATE", "simple.example.com", "CNAME", value: "other.example.com"));
        yield return Case("an address beside a CNAME", "InvalidChangeBatch",
            "[RRSet of type A with DNS name www.example.com. is not permitted because a conflicting RRSet of type CNAME with the same DNS name already exists in zone example.com.]",
            Change("CREATE", "www.example.com"));
        yield return Case("a CNAME at the apex", "InvalidChangeBatch",
            "[RRSet of type CNAME with DNS name example.com. is not permitted at apex in zone example.com.]",
            Change("CREATE", "example.com", "CNAME", value: "other.example.com"));
        yield return Case("a name that only ends like the zone's", "InvalidChangeBatch",
            "[RRSet with DNS name notexample.com. is not permitted in zone example.com.]",
            Change("CREATE", "notexample.com"));
        yield return Case("one set twice", "InvalidChangeBatch",
            "[The request contains an invalid set of changes for a resource record set 'A new.example.com.']",
            Change("CREATE", "new.example.com"), Change("UPSERT", "new.example.com"));
        yield return Case("a value that is no address", "InvalidChangeBatch",
            "[Invalid Resource Record: 'FATAL problem: ARRDATAIllegalIPv4Address (Value is not a valid IPv4 address) encountered with '192.0.2'']",
            Change("CREATE", "new.example.com", value: "192.0.2"));
        yield return Case("an address with a leading zero", "InvalidChangeBatch",
            "[Invalid Resource Record: 'FATAL problem: ARRDATAIllegalIPv4Address (Value is not a valid IPv4 address) encountered with '192.0.2.01'']",
            Change("CREATE", "new.example.com", value: "192.0.2.01"));
        yield return Case("an address of one interface", "InvalidChangeBatch",
            "[Invalid Resource Record: 'FATAL problem: AAAARRDATAIllegalIPv6Address (Value is not a valid IPv6 address) encountered with 'fe80::1%1'']",
            Change("CREATE", "new.example.com", "AAAA", value: "fe80::1%1"));
        yield return Case("a text of 256 characters", "InvalidChangeBatch",
            $"[Invalid Resource Record: 'FATAL problem: CharacterStringTooLong (Value is too long) encountered with '\"{new string('x', 256)}\"'']",
            Change("CREATE", "new.example.com", "TXT", value: $"\"{new string('x', 256)}\""));
        yield return Case("one value twice", "InvalidChangeBatch",
            "[Duplicate Resource Record: '192.0.2.1']",
            Change("CREATE", "new.example.com", value: "192.0.2.1</Value></ResourceRecord><ResourceRecord><Value>192.0.2.1"));
        yield return Case("two broken rules in one answer", "InvalidChangeBatch",
            "[RRSet with DNS name other.org. is not permitted in zone example.com., Tried to delete resource record set [name='new.example.com.', type='A'] but it was not found]",
            Change("CREATE", "other.org"), Change("DELETE", "new.example.com"));
        yield return Case("a weight of 256", "InvalidInput",
            "Invalid XML ; cvc-maxInclusive-valid: Value '256' is not facet-valid with respect to maxInclusive '255' for type 'RRSetWeight'.",
            Change("CREATE", "new.example.com", id: "a", weight: 256));
        yield return Case("an unknown action", "InvalidInput",
            "Invalid XML ; cvc-enumeration-valid: Value 'REPLACE' is not facet-valid with respect to enumeration '[CREATE, DELETE, UPSERT]'. It must be a value from the enumeration.",
            Change("REPLACE", "new.example.com"));
        yield return Case("a weight without an identifier", "InvalidInput",
            "Invalid request: Missing field 'SetIdentifier' in Change with [Action=CREATE, Name=new.example.com, Type=A, SetIdentifier=null]",
            Change("CREATE", "new.example.com", weight: 1));
        yield return Case("an identifier without a policy", "InvalidInput",
            "Invalid request: Expected exactly one of [Weight, Region, Failover, GeoLocation, MultiValueAnswer, GeoProximityLocation, or CidrRoutingConfig], but found none in Change with [Action=CREATE, Name=new.example.com, Type=A, SetIdentifier=a]",
            Change("CREATE", "new.example.com", id: "a"));
        yield return Case("no TTL", "InvalidInput",
            "Invalid request: Expected exactly one of [AliasTarget, all of [TTL, and ResourceRecords], or TrafficPolicyInstanceId], but found none in Change with [Action=CREATE, Name=new.example.com, Type=A, SetIdentifier=null]",
            Change("CREATE", "new.example.com", ttl: null));
        yield return Case("more than 1,000 values, UPSERT counting twice", "InvalidChangeBatch", "[Number of records limit of 1000 exceeded.]",
            [.. Enumerable.Range(0, 501).Select(i => Change("UPSERT", $"r{i}.example.com"))]);
        yield return Case("an unknown health check", "NoSuchHealthCheck", "No health check exists with the specified ID: 00000000-0000-0000-0000-000000000000",
            Change("CREATE", "new.example.com", extra: "<HealthCheckId>00000000-0000-0000-0000-000000000000</HealthCheckId>"));

        static TestCaseData Case(string what, string code, string message, params string[] changes) => new TestCaseData(code, message, changes).SetArgDisplayNames(what);
    }

    [TestCaseSource(nameof(Refused))]
    public async Task A_batch_that_breaks_a_rule_is_refused_as_a_whole(string code, string message, string[] changes)
    {
        await using var server = await StartAsync();
        var zone = server.Zones.CreateZone("example.com");
        using var client = new RawClient(server);
        await client.ChangeAsync(zone.Id, Present);
        var before = zone.Sets;

        var answer = await client.ChangeAsync(zone.Id, [Change("CREATE", "good.example.com"), .. changes]);

        Assert.That((answer["Code"], answer["Message"]), Is.EqualTo((code, message)));
        Assert.That(zone.Sets, Is.SameAs(before));
    }

    [Test]
    public async Task A_delete_and_a_create_of_one_set_in_one_batch_replace_it()
    {
        await using var server = await StartAsync();
        var zone = server.Zones.CreateZone("example.com");
        using var client = new RawClient(server);
        await client.ChangeAsync(zone.Id, Present);

        var answer = await client.ChangeAsync(zone.Id,
            Change("DELETE", "shop.example.com", id: "eu-west-1", weight: 255), Change("CREATE", "shop.example.com", id: "eu-west-1", weight: 200));

        Assert.That(answer.Status, Is.EqualTo(HttpStatusCode.OK));
        Assert.That(zone.Sets.Values.Where(s => s.Name == "shop.example.com.").Select(s => s.Weight), Is.EqualTo(new[] { 200, 0 }));
    }

    [Test]
    public async Task A_weighted_set_is_deleted_alone_whatever_other_names_share_its_identifier()
    {
        await using var server = await StartAsync();
        var zone = server.Zones.CreateZone("example.com");
        using var client = new RawClient(server);
        await client.ChangeAsync(zone.Id, Change("CREATE", "a.example.com", id: "eu-west-1", weight: 1), Change("CREATE", "b.example.com", id: "eu-west-1", weight: 1));

        await client.ChangeAsync(zone.Id, Change("DELETE", "a.example.com", id: "eu-west-1", weight: 1));

        Assert.That(zone.Sets.Keys.Select(k => k.Name), Does.Contain("b.example.com.").And.Not.Contain("a.example.com."));
    }

    [TestCase("<no", "MalformedInput")]
    [TestCase("", "MalformedInput")]
    [TestCase("<ChangeResourceRecordSetsRequest><ChangeBatch/></ChangeResourceRecordSetsRequest>", "InvalidInput")]
    [TestCase("<SomethingElse xmlns=\"https://route53.amazonaws.com/doc/2013-04-01/\"/>", "MalformedInput")]
    [TestCase("<ChangeResourceRecordSetsRequest xmlns=\"https://route53.amazonaws.com/doc/2013-04-01/\"><ChangeBatch><Changes/></ChangeBatch></ChangeResourceRecordSetsRequest>", "InvalidInput")]
    public async Task A_body_that_is_no_request_is_refused(string body, string code)
    {
        await using var server = await StartAsync();
        var zone = server.Zones.CreateZone("example.com");
        using var client = new RawClient(server);

        var answer = await client.PostAsync($"/2013-04-01/hostedzone/{zone.Id}/rrset", body);

        Assert.That((answer.Status, answer["Code"]), Is.EqualTo((HttpStatusCode.BadRequest, code)));
    }

    private static Task<EmbeddedRoute53> StartAsync() => EmbeddedRoute53.StartAsync(new Route53Options { RequestsPerSecond = null, ProcessingTime = TimeSpan.Zero });
}
