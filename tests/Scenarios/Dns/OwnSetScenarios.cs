using Modestano.Crds.V1Alpha1;
using Modestano.Testbed.Route53.Zones;

namespace Modestano.Scenarios.Dns;

/// <summary>D8: drift is about our own sets, and what means the same is the same.</summary>
public sealed class OwnSetScenarios
{
    [Test]
    public async Task What_another_owner_does_to_its_sets_in_the_group_contests_nothing()
    {
        await using var world = await DnsWorld.StartAsync();
        Theirs(world, 10);
        world.Shop(ireland: 200, london: 40);
        await world.RunUntilReadyAsync();

        for (var weight = 20; weight < 60; weight += 10)
        {
            Theirs(world, weight);
            world.Time.Advance(TimeSpan.FromSeconds(30));
            await world.PassAsync();
            Assert.That(world.Condition(ConditionTypes.Ready).Status, Is.EqualTo("True"));
        }

        world.TakeOver();
        Theirs(world, 70);
        await world.PassAsync();
        Assert.That((world.Record().Status!.Drift, world.Events.Reasons.Count(r => r == "ChangedByOthers")), Is.EqualTo(((DnsDriftStatus?)null, 0)));
        Assert.That(world.Weights(), Is.EqualTo("eu-west-1:200 eu-west-2:40 us-east-1:70"));
    }

    [Test]
    public async Task Two_objects_of_ours_in_one_group_do_not_contest_each_other()
    {
        await using var world = await DnsWorld.StartAsync();
        world.Shop(ireland: 100, london: 100);
        world.Shop(name: "canary", with: spec => spec with { Endpoints = [new EndpointSpec { SetIdentifier = "canary", Weight = 1, Values = ["192.0.2.8"] }] });
        await world.RunUntilReadyAsync();
        await world.RunUntilReadyAsync("canary");

        for (var weight = 2; weight < 8; weight++)
        {
            world.Shop(ireland: 100 + weight, london: 100);
            world.Shop(name: "canary", with: spec => spec with { Endpoints = [new EndpointSpec { SetIdentifier = "canary", Weight = weight, Values = ["192.0.2.8"] }] });
            await world.RunUntilReadyAsync();
            await world.RunUntilReadyAsync("canary");
        }

        Assert.That(world.Weights(), Is.EqualTo("canary:7 eu-west-1:107 eu-west-2:100"));
        Assert.That(world.Events.Reasons, Has.None.EqualTo("ChangedByOthers").And.None.EqualTo("Contested"));
    }

    [TestCase("AAAA", "2001:0DB8:0:0:0:0:0:1", "2001:db8::1", "2001:db8::2")]
    [TestCase("CNAME", "Ireland.Example.com.", "ireland.example.com", "london.example.com")]
    [TestCase("TXT", "\"a\\040b\"", "\"a b\"", "\"c\"")]
    public async Task Another_spelling_of_a_value_is_no_change(string type, string stored, string spelled, string other)
    {
        await using var world = await DnsWorld.StartAsync();
        WeightedDnsRecordSpec With(WeightedDnsRecordSpec spec, string value) =>
            spec with { Type = type, Endpoints = [spec.Endpoints[0] with { Values = [value] }, spec.Endpoints[1] with { Values = [other] }] };
        world.Shop(with: spec => With(spec, stored));
        await world.RunUntilReadyAsync();

        world.Shop(with: spec => With(spec, spelled));
        await world.RunUntilReadyAsync();

        Assert.That(world.Route53.Zones.Log, Has.Count.EqualTo(1), "nothing is sent that Route 53 would ignore");
        Assert.That(world.Events.Reasons, Has.None.EqualTo("ChangedByOthers"));
        world.Shop(ireland: 1, london: 1, with: spec => With(spec, spelled));
        await world.RunUntilReadyAsync();
        Assert.That(world.Route53.Zones.Log, Has.Count.EqualTo(2), "and what is there is deleted as it is spelled there");
    }

    private static void Theirs(DnsWorld world, int weight) => world.Route53.Zones.Apply(world.Zone.Id, "another tool",
        [new AppliedChange("UPSERT", new RecordSet { Name = "shop.modestano.com.", Type = "A", SetIdentifier = "us-east-1", Weight = weight, Ttl = 60, Values = ["192.0.2.9"] })]);
}
