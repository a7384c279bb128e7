using System.Text.Json.Nodes;
using Modestano.Crds.V1Alpha1;
using Modestano.Scenarios.WholeWorld;
using Modestano.Testbed.Iam;
using Modestano.Testbed.Route53;
using Modestano.Testbed.Route53.Zones;

namespace Modestano.Scenarios.Dns;

/// <summary>The shipped policy (<c>config/iam/route53-policy.json</c>) is what the operator needs, and no more.</summary>
[Category("EmbeddedOnly")]
public sealed class PolicyScenarios
{
    private const string Operator = "arn:aws:iam::123456789012:user/modestano";

    private static readonly string Shipped = File.ReadAllText(Path.Combine(RepositoryFolder.Config, "iam", "route53-policy.json"));

    /// <summary>Every action of the policy.</summary>
    private static IEnumerable<string> Actions() => JsonNode.Parse(Shipped)!["Statement"]!.AsArray()
        .SelectMany(s => s!["Action"] is JsonArray several ? several.Select(a => a!.GetValue<string>()) : [s!["Action"]!.GetValue<string>()]);

    [Test]
    public async Task A_whole_life_of_a_record_needs_nothing_that_the_policy_does_not_allow()
    {
        var iam = new IamDirectory();
        await using var world = await DnsWorld.StartAsync(iam);
        iam.AddUser(DnsWorld.AccessKey, Operator, PolicyFor(world));

        await LiveAsync(world);

        // Of the record in mode Observe the rights are tried with a deletion of what cannot exist, which the service refuses: not for want of rights.
        Assert.That(
            world.Route53.Requests.All.Where(r => r.Code != "OK").Select(r => (r.Operation, r.Code)).Distinct(),
            Is.EqualTo(new[] { ("ChangeResourceRecordSets", "InvalidChangeBatch") }));
        Assert.That(world.Route53.Requests.All.Select(r => "route53:" + r.Operation).Distinct(), Is.EquivalentTo(Actions()), "what is never called need not be allowed");
    }

    [TestCaseSource(nameof(Actions))]
    public async Task Without_any_one_of_its_actions_something_is_denied(string action)
    {
        var iam = new IamDirectory();
        await using var world = await DnsWorld.StartAsync(iam);
        iam.AddUser(DnsWorld.AccessKey, Operator, PolicyFor(world, without: action));
        await LiveAsync(world, stopAtDenial: true);

        var denied = world.Route53.Requests.All.First(r => r.Code == "AccessDenied");
        Assert.That("route53:" + denied.Operation, Is.EqualTo(action));
    }

    [TestCase("route53:ChangeResourceRecordSets", null, TestName = "no right to change")]
    [TestCase(null, "shop.modestano.com", TestName = "no right to the mark beside the record")]
    public async Task A_right_that_is_missing_is_a_failed_check_before_anything_is_changed(string? without, string? only)
    {
        var iam = new IamDirectory();
        await using var world = await DnsWorld.StartAsync(iam);
        iam.AddUser(DnsWorld.AccessKey, Operator, PolicyFor(world, without ?? "", only is null ? null : [only]));
        world.Shop(with: spec => spec with { Mode = "Observe" });
        await world.PassAsync();

        var row = world.Record().Status!.Checks!.Single(c => c.Name == "Route53Rights");
        using (Assert.EnterMultipleScope())
        {
            Assert.That((row.Result, row.Value), Is.EqualTo(("Failed", "denied")));
            Assert.That(row.Message, Does.Contain("let the operator's role change shop.modestano.com A and its mark, _modestano-a.shop.modestano.com TXT").And.Contain("not authorized to perform"));
            Assert.That(world.Route53.Zones.Log, Is.Empty, "nothing was changed");
        }
    }

    [TestCase("shop.modestano.com", "_modestano-a.blog.modestano.com", "TXT", "CREATE", TestName = "another name's mark")]
    [TestCase("shop.modestano.com", "blog.modestano.com", "A", "CREATE", TestName = "another name")]
    [TestCase("shop.modestano.com", "shop.modestano.com", "MX", "CREATE", TestName = "another type")]
    [TestCase("shop.modestano.com", "shop.modestano.com", "A", "UPSERT", TestName = "an action that compares nothing")]
    public async Task The_policy_denies(string granted, string name, string type, string action)
    {
        var iam = new IamDirectory();
        await using var server = await EmbeddedRoute53.StartAsync(new Route53Options { Iam = iam });
        var zone = server.Zones.CreateZone("modestano.com");
        iam.AddUser(DnsWorld.AccessKey, Operator, PolicyDocument.Parse(Shipped.Replace("shop.modestano.com", granted, StringComparison.Ordinal).Replace("Z0123456789EXAMPLE", zone.Id, StringComparison.Ordinal)));
        using var client = new Modestano.Operator.Dns.Route53.Transport.AmazonRoute53Client(
            new Amazon.Runtime.BasicAWSCredentials(DnsWorld.AccessKey, "secret"), new Modestano.Operator.Dns.Route53.Transport.AmazonRoute53Config { ServiceURL = server.Endpoint.ToString() });

        var e = await Assert.CatchAsync(() => client.ChangeResourceRecordSetsAsync(new()
        {
            HostedZoneId = zone.Id,
            ChangeBatch = new()
            {
                Changes = [new() { Action = new(action), ResourceRecordSet = new() { Name = name, Type = new(type), TTL = 60, ResourceRecords = [new() { Value = "192.0.2.1" }] } }],
            },
        }));

        Assert.That(Modestano.Operator.Dns.Route53.Route53Failure.Of(e!)!.Kind, Is.EqualTo(Modestano.Operator.Dns.Route53.Route53FailureKind.AccessDenied));
        Assert.That(e!.Message, Does.Contain($"on resource: arn:aws:route53:::hostedzone/{zone.Id}"));
    }

    [Test]
    public async Task A_wildcard_record_needs_the_two_entries_that_the_documentation_names()
    {
        var iam = new IamDirectory();
        await using var world = await DnsWorld.StartAsync(iam);
        var names = new[] { @"\052.modestano.com", "_modestano-*-wildcard.modestano.com" };
        iam.AddUser(DnsWorld.AccessKey, Operator, PolicyFor(world, names: names));
        world.Shop(with: spec => spec with { Name = "*.modestano.com" });

        await world.RunUntilReadyAsync();

        Assert.That(world.Weights(@"\052.modestano.com."), Is.EqualTo("eu-west-1:255 eu-west-2:0"));
    }

    /// <summary>Made in a zone found by its name, shifted behind a health check, with another TTL, put back after drift, and deleted with its sets.</summary>
    private static async Task LiveAsync(DnsWorld world, bool stopAtDenial = false)
    {
        var check = world.Route53.HealthChecks.Create();
        WeightedDnsRecordSpec With(WeightedDnsRecordSpec spec) => spec with
        {
            HostedZone = new HostedZoneReference { Name = "modestano.com" },
            DeletionPolicy = "Delete",
            Endpoints = [spec.Endpoints[0], spec.Endpoints[1] with { HealthCheckId = check }],
        };
        var half = new ShiftSpec { MaxStepPercent = 50, Interval = Duration.FromSeconds(60) };
        bool Stopped() => stopAtDenial && world.Route53.Requests.CountOf("AccessDenied") > 0;
        Task RunAsync() => world.RunUntilAsync(record => DnsWorld.IsReady(record) || Stopped());

        world.Shop(shift: half, with: With);
        await RunAsync();
        world.Put("by-id", With(world.Record().Spec) with { Name = "shop.modestano.com", Type = "AAAA", HostedZone = new HostedZoneReference { Id = world.Zone.Id }, Mode = "Observe" });
        await world.PassAsync("by-id");
        world.Shop(ireland: 0, london: 255, shift: half, with: spec => With(spec) with { Ttl = 30 });
        await RunAsync();
        world.Route53.Zones.Apply(world.Zone.Id, "in the console", [.. world.Route53.Zones.Sets(world.Zone.Id).Values.Where(s => s is { Type: "A", SetIdentifier: "eu-west-1" }).Select(s => new AppliedChange("UPSERT", s with { Weight = 100 }))]);
        await RunAsync();
        if (!Stopped())
        {
            Assert.That(await world.FinalizeAsync(), Is.EqualTo(Modestano.Operator.Runtime.ReconciliationResult.Success));
        }
    }

    private static PolicyDocument PolicyFor(DnsWorld world, string? without = null, string[]? names = null)
    {
        var policy = JsonNode.Parse(Shipped.Replace("Z0123456789EXAMPLE", world.Zone.Id, StringComparison.Ordinal))!;
        foreach (var statement in policy["Statement"]!.AsArray())
        {
            if (statement!["Action"] is JsonArray several)
            {
                statement["Action"] = new JsonArray([.. several.Select(a => a!.GetValue<string>()).Where(a => a != without).Select(a => JsonValue.Create(a))]);
            }
            else if (statement["Action"]!.GetValue<string>() == without)
            {
                statement["Action"] = new JsonArray();
            }

            if (names is not null && statement["Condition"]?["ForAllValues:StringLike"] is JsonObject like)
            {
                like["route53:ChangeResourceRecordSetsNormalizedRecordNames"] = new JsonArray([.. names.Select(n => JsonValue.Create(n))]);
            }
        }

        return PolicyDocument.Parse(policy.ToJsonString());
    }
}
