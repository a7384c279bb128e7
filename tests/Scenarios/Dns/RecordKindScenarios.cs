using Modestano.Crds.V1Alpha1;
using Modestano.Operator.Runtime;
using Modestano.Testbed.Route53.Zones;

namespace Modestano.Scenarios.Dns;

/// <summary>Every kind of record through its whole life: made, shifted, deleted.</summary>
public sealed class RecordKindScenarios
{
    private static readonly AliasTargetSpec Balancer = new() { DnsName = "Dualstack.shop-1.eu-west-1.elb.amazonaws.com", HostedZoneId = "Z32O12XQLNTSW2", EvaluateTargetHealth = true };

    private static IEnumerable<TestCaseData> Kinds()
    {
        yield return Case("addresses of version 6", "shop.modestano.com", "AAAA", ["2001:db8::1"], ["2001:db8::2"]);
        yield return Case("another name", "www.modestano.com", "CNAME", ["eu-west-1.modestano.com"], ["eu-west-2.modestano.com"]);
        yield return Case("texts, of more than 255 characters too", "_hint.modestano.com", "TXT", ["\"here\""], [$"\"{new string('a', 255)}\" \"{new string('b', 60)}\""]);
        yield return Case("several values", "shop.modestano.com", "A", ["192.0.2.1", "192.0.2.3"], ["192.0.2.2"]);
        yield return Case("a wildcard", "*.Modestano.com", "A", ["192.0.2.1"], ["192.0.2.2"]);
        yield return Case("the zone's own name", "modestano.com", "A", ["192.0.2.1"], ["192.0.2.2"]);
        yield return Case("a load balancer beside an address", "shop.modestano.com", "A", null, ["192.0.2.2"]);

        static TestCaseData Case(string what, string name, string type, string[]? first, string[] second) => new TestCaseData(name, type, first, second).SetArgDisplayNames(what);
    }

    [TestCaseSource(nameof(Kinds))]
    public async Task A_record_is_made_shifted_and_deleted(string name, string type, string[]? first, string[] second)
    {
        await using var world = await DnsWorld.StartAsync();
        WeightedDnsRecordSpec With(WeightedDnsRecordSpec spec, int weight) => spec with
        {
            Name = name,
            Type = type,
            DeletionPolicy = "Delete",
            Endpoints =
            [
                spec.Endpoints[0] with { Weight = 255 - weight, Values = first, Alias = first is null ? Balancer : null },
                spec.Endpoints[1] with { Weight = weight, Values = second },
            ],
        };

        world.Shop(with: spec => With(spec, 0));
        await world.RunUntilReadyAsync();
        world.Shop(with: spec => With(spec, 200));
        await world.RunUntilReadyAsync();

        var kept = DnsName.Normalize(name);
        var sets = world.Route53.Zones.Sets(world.Zone.Id).Values.Where(s => s.Name == kept && s.Type == type).ToList();
        Assert.That(sets.Select(s => (s.SetIdentifier, s.Weight)), Is.EqualTo(new[] { ("eu-west-1", (int?)55), ("eu-west-2", 200) }));
        Assert.That(sets.Select(s => s.Values), Is.EqualTo(new[] { first, second }));
        Assert.That(sets[0].Alias?.DnsName, Is.EqualTo(first is null ? "dualstack.shop-1.eu-west-1.elb.amazonaws.com." : null));
        Assert.That(world.Record().Status!.Summary!.Served, Is.EqualTo("eu-west-1:55 eu-west-2:200"));
        Assert.That(world.Route53.Zones.Log, Has.Count.EqualTo(2), "what was normalised by the service is no difference");

        Assert.That(await world.FinalizeAsync(), Is.EqualTo(ReconciliationResult.Success));
        Assert.That(world.Route53.Zones.Sets(world.Zone.Id).Keys.Select(k => k.Type), Is.EquivalentTo(new[] { "NS", "SOA" }));
    }

    [Test]
    public async Task A_hundred_endpoints_are_one_group()
    {
        await using var world = await DnsWorld.StartAsync();
        var ids = Enumerable.Range(0, 100).Select(i => $"e{i:000}").ToList();
        WeightedDnsRecordSpec With(WeightedDnsRecordSpec spec, Func<int, int> weight) => spec with
        {
            Endpoints = [.. ids.Select((id, i) => new EndpointSpec { SetIdentifier = id, Weight = weight(i), Values = [$"192.0.2.{i + 1}"] })],
        };
        world.Shop(with: spec => With(spec, i => i == 0 ? 255 : 0));
        await world.RunUntilReadyAsync();

        world.Shop(with: spec => With(spec, _ => 1));
        await world.RunUntilReadyAsync();

        Assert.That(world.Weights(), Is.EqualTo(string.Join(' ', ids.Select(id => id + ":1"))));
        Assert.That(world.Route53.Zones.Log, Has.Count.EqualTo(2));
    }

    [Test]
    public async Task A_set_whose_alias_loses_its_target_health_and_its_check_is_written_whole()
    {
        await using var world = await DnsWorld.StartAsync();
        var check = world.Route53.HealthChecks.Create();
        world.Shop(with: spec => spec with { Endpoints = [spec.Endpoints[0] with { Values = null, Alias = Balancer }, spec.Endpoints[1] with { HealthCheckId = check }] });
        await world.RunUntilReadyAsync();
        Assert.That(world.Condition(ConditionTypes.Ready).Message, Does.Contain("weight 0 is no fence for eu-west-2"));
        Assert.That(world.Record().Status!.Endpoints![1].Health, Is.EqualTo("Healthy"));

        world.Shop(with: spec => spec with { Endpoints = [spec.Endpoints[0] with { Values = null, Alias = Balancer with { EvaluateTargetHealth = false } }, spec.Endpoints[1]] });
        await world.RunUntilReadyAsync();

        var sets = world.Route53.Zones.Sets(world.Zone.Id).Values.Where(s => s.Type == "A").ToList();
        Assert.That((sets[0].Alias!.EvaluateTargetHealth, sets[1].HealthCheckId), Is.EqualTo((false, (string?)null)));
        Assert.That(world.Condition(ConditionTypes.Ready).Message, Does.Not.Contain("no fence"));
    }

    [Test]
    public async Task A_health_check_that_does_not_exist_is_told_and_the_rest_of_the_zone_goes_on()
    {
        await using var world = await DnsWorld.StartAsync();
        world.Shop(with: spec => spec with { Endpoints = [spec.Endpoints[0], spec.Endpoints[1] with { HealthCheckId = "7a1b5806-6160-46b4-9360-715fc3fe0183" }] });
        world.Shop(name: "api", with: spec => spec with { Name = "api.modestano.com" });

        await world.PassAllAsync(["shop", "api"]);

        Assert.That(world.Condition(ConditionTypes.Stalled).Message, Does.Contain("The health check of eu-west-2 was deleted (or its id is wrong)"));
        Assert.That((world.Weights(), world.Weights("api.modestano.com.")), Is.EqualTo(("", "eu-west-1:255 eu-west-2:0")));
    }

    [Test]
    public async Task A_fenced_endpoint_is_gone_at_weight_zero_and_comes_back_with_its_first_weight()
    {
        await using var world = await DnsWorld.StartAsync();
        var half = new ShiftSpec { MaxStepPercent = 50, Interval = Duration.FromSeconds(30) };
        world.Shop(shift: half, with: spec => spec with { Fence = true });
        await world.RunUntilReadyAsync();
        Assert.That(world.Weights(), Is.EqualTo("eu-west-1:255"));

        world.Shop(ireland: 0, london: 255, shift: half, with: spec => spec with { Fence = true });
        await world.RunUntilReadyAsync();

        Assert.That(world.Weights(), Is.EqualTo("eu-west-2:255"));
        Assert.That(world.Route53.Zones.Log.Select(b => string.Join(' ', b.Changes.Where(c => c is { Action: "CREATE", Set.Type: "A" }).Select(c => $"{c.Set.SetIdentifier}:{c.Set.Weight}"))),
            Is.EqualTo(new[] { "eu-west-1:255", "eu-west-1:128 eu-west-2:127", "eu-west-2:255" }).Or.EqualTo(new[] { "eu-west-1:255", "eu-west-1:127 eu-west-2:128", "eu-west-2:255" }));
    }
}
