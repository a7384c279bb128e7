using Modestano.Crds.V1Alpha1;
using Modestano.Testbed.Route53.Zones;

namespace Modestano.Scenarios.Dns;

/// <summary>Records that are there already (D3).</summary>
public sealed class AdoptionScenarios
{
    [Test]
    public async Task A_simple_record_is_left_alone_until_its_conversion_is_approved_and_then_takes_one_batch_that_moves_no_traffic()
    {
        await using var world = await DnsWorld.StartAsync();
        Simple(world, "192.0.2.1");
        world.Shop(ireland: 128, london: 127, shift: new ShiftSpec { MaxStepPercent = 50, Interval = Duration.FromSeconds(30) });

        await world.PassAsync();
        var told = world.Condition(ConditionTypes.Stalled);
        Assert.That((told.Reason, world.Route53.Zones.Log.Count), Is.EqualTo(("SimpleRecordInTheWay", 1)));
        Assert.That(told.Message, Does.Contain($"mode: Adopt and expectedFingerprint: {world.Record().Status!.Fingerprint}"));

        Adopt(world, world.Record().Status!.Fingerprint);
        await world.RunUntilReadyAsync();

        var conversion = world.Route53.Zones.Log[1];
        Assert.That(conversion.Changes.Where(c => c.Set.Type == "A").Select(c => (c.Action, c.Set.SetIdentifier, c.Set.Weight)),
            Is.EqualTo(new[] { ("DELETE", null, null), ("CREATE", "eu-west-1", (int?)255), ("CREATE", "eu-west-2", 0) }));
        Assert.That((world.Weights(), world.Route53.Zones.Log.Count), Is.EqualTo(("eu-west-1:128 eu-west-2:127", 3)), "the shift follows as any other");
    }

    [Test]
    public async Task A_simple_record_that_no_endpoint_answers_like_is_told_with_what_the_spec_has_to_say()
    {
        await using var world = await DnsWorld.StartAsync();
        Simple(world, "198.51.100.77");
        world.Shop(with: spec => spec with { Adoption = new DnsAdoptionSpec { Mode = "Adopt" } });

        await world.PassAsync();

        Assert.That(world.Condition(ConditionTypes.Stalled).Message, Does.Contain("exactly its TTL and values (60 s, 198.51.100.77)"));
        Assert.That(world.Route53.Zones.Log, Has.Count.EqualTo(1));
    }

    [Test]
    public async Task A_record_that_changed_since_somebody_looked_at_it_is_not_taken_over()
    {
        await using var world = await DnsWorld.StartAsync();
        Simple(world, "192.0.2.1");
        world.Shop();
        await world.PassAsync();
        var seen = world.Record().Status!.Fingerprint;
        world.Route53.Zones.Apply(world.Zone.Id, "by hand", [new AppliedChange("UPSERT", new RecordSet { Name = "shop.modestano.com.", Type = "A", Ttl = 60, Values = ["192.0.2.1", "192.0.2.9"] })]);
        Adopt(world, seen);

        await world.PassAsync();

        Assert.That(world.Condition(ConditionTypes.Stalled).Status, Is.EqualTo("True"));
        Assert.That(world.Route53.Zones.Log, Has.Count.EqualTo(2));
    }

    [Test]
    public async Task Another_installations_record_is_left_alone_and_its_owner_not_named()
    {
        await using var world = await DnsWorld.StartAsync();
        world.Route53.Zones.Apply(world.Zone.Id, "another operator",
        [
            new AppliedChange("CREATE", new RecordSet { Name = "shop.modestano.com.", Type = "A", SetIdentifier = "eu-west-1", Weight = 1, Ttl = 60, Values = ["192.0.2.1"] }),
            new AppliedChange("CREATE", new RecordSet { Name = "_modestano-a.shop.modestano.com.", Type = "TXT", SetIdentifier = "eu-west-1", Weight = 1, Ttl = 300, Values = ["\"heritage=modestano,modestano/owner=other,modestano/resource=weighteddnsrecord/web/shop\""] }),
        ]);
        world.Shop();

        await world.PassAsync();

        Assert.That(world.Condition(ConditionTypes.Stalled).Message, Does.Contain("is marked as another owner's").And.Not.Contain("other/web"));
        Assert.That(world.Route53.Zones.Log, Has.Count.EqualTo(1));
    }

    [Test]
    public async Task In_mode_observe_drift_is_told_and_left()
    {
        await using var world = await DnsWorld.StartAsync();
        world.Shop();
        await world.RunUntilReadyAsync();
        world.Shop(with: spec => spec with { Mode = "Observe" });
        await world.PassAsync();
        Assert.That(world.Condition(ConditionTypes.Ready).Status, Is.EqualTo("True"));

        world.Route53.Zones.Apply(world.Zone.Id, "in the console", [.. world.Route53.Zones.Sets(world.Zone.Id).Values.Where(s => s.SetIdentifier == "eu-west-1" && s.Type == "A").Select(s => new AppliedChange("UPSERT", s with { Weight = 9 }))]);
        await world.PassAsync();

        Assert.That((world.Weights(), world.Condition(ConditionTypes.Ready).Reason), Is.EqualTo(("eu-west-1:9 eu-west-2:0", "Observing")));
        Assert.That(world.Events.All.Last(e => e.Reason == "ChangedByOthers").Message, Does.Contain("were eu-west-1:255 eu-west-2:0 and are eu-west-1:9 eu-west-2:0"));
        Assert.That(world.Record().Status!.Summary, Is.EqualTo(new DnsSummary { Served = "eu-west-1:9 eu-west-2:0", Wanted = "eu-west-1:255 eu-west-2:0" }));
    }

    [Test]
    public async Task Drift_is_put_back_in_steps_behind_the_gates()
    {
        await using var world = await DnsWorld.StartAsync();
        var check = world.Route53.HealthChecks.Create();
        WeightedDnsRecordSpec With(WeightedDnsRecordSpec spec) => spec with { Endpoints = [spec.Endpoints[0] with { HealthCheckId = check }, spec.Endpoints[1]] };
        world.Shop(shift: new ShiftSpec { MaxStepPercent = 25, Interval = Duration.FromSeconds(60) }, with: With);
        await world.RunUntilReadyAsync();
        world.Route53.Zones.Apply(world.Zone.Id, "in the console", [.. world.Route53.Zones.Sets(world.Zone.Id).Values.Where(s => s.Type == "A").Select(s => new AppliedChange("UPSERT", s with { Weight = s.SetIdentifier == "eu-west-1" ? 0 : 255 }))]);
        world.Route53.HealthChecks.Set(check, healthy: false);

        await world.RunUntilAsync(_ => world.Condition(ConditionTypes.Ready).Reason == "EndpointUnhealthy");
        Assert.That(world.Weights(), Is.EqualTo("eu-west-1:0 eu-west-2:255"));

        world.Route53.HealthChecks.Set(check, healthy: true);
        await world.RunUntilReadyAsync();
        Assert.That(world.Route53.Zones.Log.Skip(2).Select(b => b.Changes.Single(c => c is { Action: "CREATE", Set.SetIdentifier: "eu-west-1" }).Set.Weight), Is.EqualTo(new int?[] { 64, 128, 192, 255 }).Or.EqualTo(new int?[] { 64, 127, 191, 255 }));
    }

    private static void Simple(DnsWorld world, string value) =>
        world.Route53.Zones.Apply(world.Zone.Id, "by hand", [new AppliedChange("CREATE", new RecordSet { Name = "shop.modestano.com.", Type = "A", Ttl = 60, Values = [value] })]);

    private static void Adopt(DnsWorld world, string? fingerprint) =>
        world.Put("shop", world.Record().Spec with { Adoption = new DnsAdoptionSpec { Mode = "Adopt", ExpectedFingerprint = fingerprint } });
}
