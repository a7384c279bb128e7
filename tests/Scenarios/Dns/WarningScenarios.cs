using Modestano.Crds.V1Alpha1;
using Modestano.Testbed.Route53.Zones;

namespace Modestano.Scenarios.Dns;

/// <summary>What a tired person should not have to find out alone.</summary>
public sealed class WarningScenarios
{
    [Test]
    public async Task The_wait_for_an_alias_is_as_long_as_its_targets_ttl_in_the_same_zone()
    {
        await using var world = await DnsWorld.StartAsync();
        world.Route53.Zones.Apply(world.Zone.Id, "by hand", [new AppliedChange("CREATE", new RecordSet { Name = "ireland.modestano.com.", Type = "A", Ttl = 3600, Values = ["192.0.2.1"] })]);
        WeightedDnsRecordSpec With(WeightedDnsRecordSpec spec) => spec with
        {
            Endpoints =
            [
                spec.Endpoints[0] with { Values = null, Alias = new AliasTargetSpec { DnsName = "Ireland.modestano.com", HostedZoneId = world.Zone.Id } },
                spec.Endpoints[1],
            ],
        };
        world.Shop(with: With);
        await world.RunUntilReadyAsync();

        world.Shop(ireland: 0, london: 255, with: With);
        var took = await world.RunUntilReadyAsync();

        Assert.That(world.Record().Status!.Change!.AnswerTtl, Is.EqualTo(3600));
        Assert.That(took, Is.GreaterThanOrEqualTo(TimeSpan.FromSeconds(3600)));
    }

    [Test]
    public async Task A_deleted_health_check_is_said_to_be_deleted()
    {
        await using var world = await DnsWorld.StartAsync();
        var check = world.Route53.HealthChecks.Create();
        world.Shop(with: spec => spec with { Endpoints = [spec.Endpoints[0], spec.Endpoints[1] with { HealthCheckId = check }] });
        await world.RunUntilReadyAsync();
        world.Route53.HealthChecks.Delete(check);
        world.Time.Advance(TimeSpan.FromMinutes(10));

        await world.PassAsync();
        Assert.That(world.Condition(ConditionTypes.Ready).Message, Does.Contain("The health check of eu-west-2 was deleted"));
        Assert.That(world.Record().Status!.Endpoints![1].Health, Is.EqualTo("Deleted"));

        world.Shop(ireland: 0, london: 255, with: spec => spec with { Endpoints = [spec.Endpoints[0], spec.Endpoints[1] with { HealthCheckId = check }] });
        await world.PassAsync();
        Assert.That(world.Condition(ConditionTypes.Ready), Has.Property("Reason").EqualTo("HealthCheckDeleted"));
        Assert.That(world.Route53.Zones.Log, Has.Count.EqualTo(1), "nothing is sent that is refused");
    }

    [Test]
    public async Task A_record_under_a_delegation_is_warned_of_once()
    {
        await using var world = await DnsWorld.StartAsync();
        world.Route53.Zones.Apply(world.Zone.Id, "by hand", [new AppliedChange("CREATE", new RecordSet { Name = "eu.modestano.com.", Type = "NS", Ttl = 300, Values = ["ns1.example.com."] })]);
        world.Shop(with: spec => spec with { Name = "shop.eu.modestano.com" });
        await world.RunUntilReadyAsync();
        await world.PassAsync();

        Assert.That(world.Condition(ConditionTypes.Ready).Message, Does.Contain("shop.eu.modestano.com is not answered from this zone: the NS record set at eu.modestano.com gives it to other name servers"));
        Assert.That(world.Events.Reasons.Count(r => r == "Delegated"), Is.EqualTo(1));
    }

    [Test]
    public async Task A_set_of_the_same_name_that_nobody_manages_is_told_for_as_long_as_it_serves()
    {
        await using var world = await DnsWorld.StartAsync();
        world.Shop();
        await world.RunUntilReadyAsync();
        var left = new RecordSet { Name = "shop.modestano.com.", Type = "A", SetIdentifier = "eu-west-1-old", Weight = 18, Ttl = 60, Values = ["192.0.2.9"] };
        world.Route53.Zones.Apply(world.Zone.Id, "by hand", [new AppliedChange("CREATE", left)]);
        world.Time.Advance(TimeSpan.FromMinutes(10));
        await world.RunUntilReadyAsync();
        await world.PassAsync();
        Assert.That(world.Condition(ConditionTypes.Ready).Message, Does.Contain("; beside it eu-west-1-old (weight 18) of the same name serves too and bears no mark of an owner"));

        world.Route53.Zones.Apply(world.Zone.Id, "by hand", [new AppliedChange("DELETE", left)]);
        world.Time.Advance(TimeSpan.FromMinutes(10));
        await world.PassAsync();
        Assert.That(world.Condition(ConditionTypes.Ready).Message, Does.Not.Contain("beside it"));
    }

    [TestCase(true, "is a public one, and spec.hostedZone.private says true")]
    [TestCase(false, null)]
    public async Task The_kind_of_a_zone_that_is_named_by_id_is_checked(bool isPrivate, string? told)
    {
        await using var world = await DnsWorld.StartAsync();
        world.Shop(with: spec => spec with { HostedZone = new HostedZoneReference { Id = world.Zone.Id, Private = isPrivate } });

        await world.PassAsync();

        var stalled = world.Condition(ConditionTypes.Stalled);
        Assert.That(stalled.Reason, Is.EqualTo(told is null ? "NotStalled" : "ZoneKindDiffers"));
        Assert.That(stalled.Message, told is null ? Is.Not.Empty : Does.Contain(told));
    }

    [Test]
    public async Task A_lost_mark_with_delete_is_an_event_that_names_the_sets_that_stay()
    {
        await using var world = await DnsWorld.StartAsync();
        world.Shop(with: spec => spec with { DeletionPolicy = "Delete" });
        await world.RunUntilReadyAsync();
        world.Route53.Zones.Apply(world.Zone.Id, "tidied up", [.. world.Route53.Zones.Sets(world.Zone.Id).Values
            .Where(s => s.Type == "TXT" && s.SetIdentifier == "eu-west-1").Select(s => new AppliedChange("DELETE", s))]);

        await world.FinalizeAsync();

        Assert.That(world.Weights(), Is.EqualTo("eu-west-1:255"));
        Assert.That(world.Events.All.Single(e => e.Reason == "MarkLost").Message, Does.Contain("The record sets eu-west-1 of shop.modestano.com A stay in the zone: no ownership mark"));
    }
}
