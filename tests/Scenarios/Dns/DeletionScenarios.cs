using Modestano.Crds.V1Alpha1;
using Modestano.Operator.Runtime;
using Modestano.Testbed.Route53.Zones;

namespace Modestano.Scenarios.Dns;

/// <summary>What happens to the record sets when the object goes.</summary>
public sealed class DeletionScenarios
{
    [Test]
    public async Task Retain_never_keeps_the_object_for_more_than_five_minutes_whatever_aws_says()
    {
        await using var world = await DnsWorld.StartAsync();
        world.Shop();
        await world.RunUntilReadyAsync();
        world.Route53.Faults.Deny("*");

        var first = await world.FinalizeAsync();
        world.Time.Advance(TimeSpan.FromMinutes(6));
        var last = await world.FinalizeAsync();

        Assert.That((first.RequeueAfter, last), Is.EqualTo(((TimeSpan?)TimeSpan.FromSeconds(15), ReconciliationResult.Success)));
        Assert.That(world.Events.All.Last(e => e.Reason == "MarksLeftBehind").Message, Does.Contain("remove them by hand"));
    }

    [Test]
    public async Task Delete_waits_with_a_reason_for_as_long_as_aws_denies_it()
    {
        await using var world = await DnsWorld.StartAsync();
        world.Shop(with: spec => spec with { DeletionPolicy = "Delete" });
        await world.RunUntilReadyAsync();
        world.Route53.Faults.Deny("ChangeResourceRecordSets");

        await world.FinalizeAsync();
        world.Time.Advance(TimeSpan.FromHours(1));
        Assert.That((await world.FinalizeAsync()).RequeueAfter, Is.EqualTo(TimeSpan.FromSeconds(15)));
        Assert.That(world.Events.All.Last(e => e.Reason == "DeletionBlocked").Message, Does.Contain("not authorized to perform: route53:ChangeResourceRecordSets"));

        world.Route53.Faults.Clear();
        Assert.That(await world.FinalizeAsync(), Is.EqualTo(ReconciliationResult.Success));
        Assert.That(world.Weights(), Is.Empty);
    }

    [Test]
    public async Task Delete_does_not_leave_a_group_in_which_nobody_has_weight()
    {
        await using var world = await DnsWorld.StartAsync();
        world.Route53.Zones.Apply(world.Zone.Id, "by hand", [new AppliedChange("CREATE", new RecordSet { Name = "shop.modestano.com.", Type = "A", SetIdentifier = "us-east-1", Weight = 0, Ttl = 60, Values = ["192.0.2.9"] })]);
        world.Shop(with: spec => spec with { DeletionPolicy = "Delete" });
        await world.RunUntilReadyAsync();

        await world.FinalizeAsync();
        Assert.That(world.Weights(), Is.EqualTo("eu-west-1:255 eu-west-2:0 us-east-1:0"));
        Assert.That(world.Events.All.Last(e => e.Reason == "DeletionBlocked").Message, Does.Contain("every weight would be 0"));

        world.Route53.Zones.Apply(world.Zone.Id, "by hand", [new AppliedChange("UPSERT", new RecordSet { Name = "shop.modestano.com.", Type = "A", SetIdentifier = "us-east-1", Weight = 1, Ttl = 60, Values = ["192.0.2.9"] })]);
        Assert.That(await world.FinalizeAsync(), Is.EqualTo(ReconciliationResult.Success));
        Assert.That(world.Weights(), Is.EqualTo("us-east-1:1"));
    }

    [Test]
    public async Task A_held_object_keeps_its_record_sets_until_the_hold_is_taken_off()
    {
        await using var world = await DnsWorld.StartAsync();
        world.Shop(with: spec => spec with { DeletionPolicy = "Delete" });
        await world.RunUntilReadyAsync();
        Hold(world, "incident 4711");

        Assert.That((await world.FinalizeAsync()).RequeueAfter, Is.EqualTo(TimeSpan.FromSeconds(15)));
        Assert.That(world.Weights(), Is.EqualTo("eu-west-1:255 eu-west-2:0"));
        Assert.That(world.Events.All.Last(e => e.Reason == "DeletionBlocked").Message, Does.Contain("mongo.modestano.io/hold stops work (incident 4711): remove it to go on"));

        Hold(world, null);
        Assert.That(await world.FinalizeAsync(), Is.EqualTo(ReconciliationResult.Success));
        Assert.That(world.Weights(), Is.Empty);
    }

    [Test]
    public async Task A_held_object_with_retain_goes_as_nothing_that_clients_see_changes()
    {
        await using var world = await DnsWorld.StartAsync();
        world.Shop();
        await world.RunUntilReadyAsync();
        Hold(world, "incident 4711");

        Assert.That(await world.FinalizeAsync(), Is.EqualTo(ReconciliationResult.Success));
        Assert.That(world.Weights(), Is.EqualTo("eu-west-1:255 eu-west-2:0"));
    }

    [Test]
    public async Task A_policy_of_a_newer_version_takes_nothing_away_and_says_so()
    {
        await using var world = await DnsWorld.StartAsync();
        world.Shop();
        await world.RunUntilReadyAsync();
        var record = world.Record();
        record.Spec = record.Spec with { DeletionPolicy = "Archive" };
        world.Records.Put(record, newGeneration: true);

        Assert.That(await world.FinalizeAsync(), Is.EqualTo(ReconciliationResult.Success));
        Assert.That(world.Weights(), Is.EqualTo("eu-west-1:255 eu-west-2:0"));
        Assert.That(world.Events.All.Last(e => e.Reason == "UnknownValue").Message, Does.Contain("spec.deletionPolicy 'Archive' is not known to this version (Retain or Delete)"));
    }

    [Test]
    public async Task Sets_that_were_never_ours_are_left_when_the_object_goes()
    {
        await using var world = await DnsWorld.StartAsync();
        world.Route53.Zones.Apply(world.Zone.Id, "by hand", [new AppliedChange("CREATE", new RecordSet { Name = "shop.modestano.com.", Type = "A", SetIdentifier = "eu-west-1", Weight = 7, Ttl = 60, Values = ["192.0.2.9"] })]);
        world.Shop(with: spec => spec with { DeletionPolicy = "Delete" });
        await world.PassAsync();

        Assert.That(await world.FinalizeAsync(), Is.EqualTo(ReconciliationResult.Success));
        Assert.That(world.Weights(), Is.EqualTo("eu-west-1:7"));
    }

    [Test]
    public async Task A_lost_answer_to_the_clean_up_is_seen_to_be_done_by_the_next_pass()
    {
        await using var world = await DnsWorld.StartAsync();
        world.Shop(with: spec => spec with { DeletionPolicy = "Delete" });
        await world.RunUntilReadyAsync();
        world.Route53.Faults.LoseAnswers("ChangeResourceRecordSets");

        Assert.That((await world.FinalizeAsync()).RequeueAfter, Is.EqualTo(TimeSpan.FromSeconds(1)));
        Assert.That(await world.FinalizeAsync(), Is.EqualTo(ReconciliationResult.Success));
        Assert.That(world.Weights(), Is.Empty);
    }

    private static void Hold(DnsWorld world, string? why)
    {
        var record = world.Record();
        record.Metadata.Annotations = why is null ? null : new Dictionary<string, string> { [Annotations.Hold] = why };
        world.Records.Put(record, newGeneration: false);
    }
}
