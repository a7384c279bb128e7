using Modestano.Crds.V1Alpha1;
using Modestano.Operator.Runtime;
using Modestano.Testbed.Route53.Zones;

namespace Modestano.Scenarios.Dns;

/// <summary>What must not go wrong when Route 53, the network or people do.</summary>
public sealed class TroubleScenarios
{
    private static readonly ShiftSpec Half = new() { MaxStepPercent = 50, Interval = Duration.FromSeconds(60) };

    [Test]
    public async Task A_lost_answer_to_an_applied_batch_makes_no_double_step()
    {
        await using var world = await DnsWorld.StartAsync();
        world.Shop(shift: Half);
        await world.RunUntilReadyAsync();
        world.Shop(ireland: 0, london: 255, shift: Half);
        world.Route53.Faults.LoseAnswers("ChangeResourceRecordSets");

        await world.RunUntilAsync(record => record.Status!.LastAction!.Outcome == "Unknown");

        Assert.That(world.Weights(), Is.EqualTo("eu-west-1:128 eu-west-2:127"), "the batch was applied");
        Assert.That((world.Record().Status!.Change!.State, world.Record().Status!.LastAction!.Outcome), Is.EqualTo(("UNCONFIRMED", "Unknown")));
        Assert.That(world.Condition(ConditionTypes.InSync).Status, Is.EqualTo("Unknown"));

        await world.PassAsync();
        Assert.That(world.Weights(), Is.EqualTo("eu-west-1:128 eu-west-2:127"), "written once more as it is, to learn of its state");
        await world.RunUntilReadyAsync();

        Assert.That(world.Weights(), Is.EqualTo("eu-west-1:0 eu-west-2:255"));
        Assert.That(Summaries(world), Is.EqualTo(new[] { "Created", "Shifted", "Wrote", "Shifted" }));
        var confirmed = world.Route53.Zones.Log[2].Time;
        Assert.That(world.Route53.Zones.Log[3].Time - confirmed, Is.GreaterThanOrEqualTo(TimeSpan.FromSeconds(140)), "INSYNC, TTL and interval count from the confirmation");
    }

    [Test]
    public async Task A_process_that_dies_after_sending_leaves_a_trace_that_its_successor_follows()
    {
        await using var world = await DnsWorld.StartAsync();
        world.Shop();
        world.Route53.Faults.LoseRequests("ChangeResourceRecordSets");
        await world.PassAsync();
        var left = world.Record().Status!.Change!;

        Assert.That((left.Id, left.State), Is.EqualTo(("unknown", "UNCONFIRMED")));
        await world.RunUntilReadyAsync();
        Assert.That(world.Route53.Zones.Log, Has.Count.EqualTo(1));
    }

    [Test]
    public async Task A_change_that_stays_pending_for_an_hour_holds_the_next_step_for_that_hour()
    {
        await using var world = await DnsWorld.StartAsync();
        world.Shop(shift: Half);
        await world.RunUntilReadyAsync();
        world.Route53.Faults.PropagationDelay = TimeSpan.FromHours(1);
        world.Shop(ireland: 0, london: 255, shift: Half);
        await world.RunUntilAsync(_ => world.Route53.Zones.Log.Count == 2);
        world.Route53.Faults.PropagationDelay = null;

        await world.RunUntilReadyAsync();

        var log = world.Route53.Zones.Log;
        Assert.That(log[2].Time - log[1].Time, Is.GreaterThan(TimeSpan.FromHours(1)));
        Assert.That(world.Route53.Requests.Count("GetChange"), Is.LessThan(450), "an hour is asked after with patience");
    }

    [Test]
    public async Task Throttling_is_told_and_ridden_out()
    {
        await using var world = await DnsWorld.StartAsync();
        world.Shop();
        world.Route53.Faults.Refuse("ListResourceRecordSets", 400, "Throttling", "Rate exceeded", times: 3);

        var result = await world.PassAsync();

        Assert.That(result.Error, Is.Not.Null, "the runtime backs off");
        Assert.That(world.Condition(ConditionTypes.Ready).Reason, Is.EqualTo("Throttled"));
        await world.RunUntilReadyAsync();
    }

    [Test]
    public async Task A_busy_zone_refuses_a_batch_and_gets_it_later()
    {
        await using var world = await DnsWorld.StartAsync();
        world.Shop();
        world.Route53.Faults.Refuse("ChangeResourceRecordSets", 400, "PriorRequestNotComplete", "The request was rejected because Route 53 was still processing a prior request.", times: 3);

        await world.PassAsync();

        Assert.That(world.Record().Status!.Change, Is.Null, "nothing was applied");
        await world.RunUntilReadyAsync();
        Assert.That(world.Route53.Zones.Log, Has.Count.EqualTo(1));
    }

    [Test]
    public async Task Access_denied_in_the_middle_stalls_with_the_words_of_aws_and_goes_on_where_it_was()
    {
        await using var world = await DnsWorld.StartAsync();
        world.Shop(shift: Half);
        await world.RunUntilReadyAsync();
        world.Shop(ireland: 0, london: 255, shift: Half);
        await world.RunUntilAsync(_ => world.Route53.Zones.Log.Count == 2);
        world.Route53.Faults.Deny("ChangeResourceRecordSets");

        await world.RunUntilAsync(_ => world.Condition(ConditionTypes.Stalled).Status == "True");
        Assert.That(world.Condition(ConditionTypes.Stalled), Has.Property("Reason").EqualTo("AccessDenied"));
        Assert.That(world.Condition(ConditionTypes.Stalled).Message, Does.Contain("not authorized to perform: route53:ChangeResourceRecordSets"));
        Assert.That(world.Weights(), Is.EqualTo("eu-west-1:128 eu-west-2:127"));

        world.Route53.Faults.Clear();
        await world.RunUntilReadyAsync();
        Assert.That(world.Weights(), Is.EqualTo("eu-west-1:0 eu-west-2:255"));
    }

    [Test]
    public async Task A_zone_that_is_deleted_under_it_is_told_and_does_not_keep_the_object_from_going()
    {
        await using var world = await DnsWorld.StartAsync();
        world.Shop(with: spec => spec with { DeletionPolicy = "Delete" });
        await world.RunUntilReadyAsync();
        world.Route53.Zones.DropZone(world.Zone.Id);

        await world.PassAsync();
        Assert.That(world.Condition(ConditionTypes.Stalled), Has.Property("Reason").EqualTo("ZoneNotFound"));

        Assert.That(await world.FinalizeAsync(), Is.EqualTo(ReconciliationResult.Success));
    }

    [Test]
    public async Task A_foreign_record_set_is_left_alone_until_its_fingerprint_is_approved()
    {
        await using var world = await DnsWorld.StartAsync();
        Foreign(world, ("eu-west-1", 100), ("eu-west-2", 0));
        world.Shop();

        await world.PassAsync();
        var stalled = world.Condition(ConditionTypes.Stalled);
        Assert.That((stalled.Reason, world.Route53.Zones.Log.Count), Is.EqualTo(("NotOurs", 1)));
        Assert.That(stalled.Message, Does.Contain(world.Record().Status!.Fingerprint!));

        world.Shop(with: spec => spec with { Adoption = new DnsAdoptionSpec { Mode = "Adopt", ExpectedFingerprint = world.Record().Status!.Fingerprint } });
        await world.RunUntilReadyAsync();
        Assert.That(world.Weights(), Is.EqualTo("eu-west-1:255 eu-west-2:0"));
    }

    [Test]
    public async Task Other_identifiers_of_others_in_the_group_are_never_touched()
    {
        await using var world = await DnsWorld.StartAsync();
        Foreign(world, ("us-east-1", 10));
        world.Shop(ireland: 200, london: 40);

        await world.RunUntilReadyAsync();

        Assert.That(world.Weights(), Is.EqualTo("eu-west-1:200 eu-west-2:40 us-east-1:10"));
        Assert.That(world.Route53.Zones.Log.Skip(1).SelectMany(b => b.Changes).Select(c => c.Set.SetIdentifier), Does.Not.Contain("us-east-1"));
    }

    [Test]
    public async Task Somebody_who_changes_a_set_between_reading_and_writing_wins_and_is_seen()
    {
        await using var world = await DnsWorld.StartAsync();
        world.Shop();
        await world.RunUntilReadyAsync();
        Console(world, ireland: 90, london: 10);

        await world.RunUntilReadyAsync();

        Assert.That(world.Weights(), Is.EqualTo("eu-west-1:255 eu-west-2:0"));
        Assert.That(world.Events.All.Single(e => e.Reason == "ChangedByOthers").Message, Does.Contain("were eu-west-1:255 eu-west-2:0 and are eu-west-1:90 eu-west-2:10"));
    }

    [Test]
    public async Task Being_undone_twice_in_ten_minutes_makes_it_stop()
    {
        await using var world = await DnsWorld.StartAsync();
        world.Shop();
        await world.RunUntilReadyAsync();
        Console(world, ireland: 90, london: 10);
        await world.RunUntilReadyAsync();
        Console(world, ireland: 90, london: 10);
        await world.PassAsync();

        Assert.That(world.Condition(ConditionTypes.Stalled).Reason, Is.EqualTo("Contested"));
        Assert.That(world.Weights(), Is.EqualTo("eu-west-1:90 eu-west-2:10"));
    }

    [Test]
    public async Task A_restart_is_no_way_around_being_contested()
    {
        await using var world = await DnsWorld.StartAsync();
        world.Shop();
        await world.RunUntilReadyAsync();
        Console(world, ireland: 90, london: 10);
        await world.RunUntilReadyAsync();
        world.TakeOver();
        Console(world, ireland: 90, london: 10);
        world.TakeOver();
        await world.PassAsync();
        Assert.That(world.Condition(ConditionTypes.Stalled).Reason, Is.EqualTo("Contested"), "undone before the first restart, and while nobody looked before the second");

        world.TakeOver();
        await world.PassAsync();
        Assert.That(world.Condition(ConditionTypes.Stalled).Reason, Is.EqualTo("Contested"));

        world.Shop(ireland: 254);
        await world.RunUntilReadyAsync();
        Assert.That((world.Weights(), world.Record().Status!.Drift), Is.EqualTo(("eu-west-1:254 eu-west-2:0", (DnsDriftStatus?)null)), "a new wish ends it");
    }

    [Test]
    public async Task What_another_leader_did_meanwhile_is_no_drift()
    {
        await using var world = await DnsWorld.StartAsync();
        world.Shop();
        await world.RunUntilReadyAsync();
        var former = world.Controller;
        ((ILeadershipListener)former).StoppedLeading();
        world.TakeOver();
        world.Shop(ireland: 0, london: 255);
        await world.RunUntilReadyAsync();

        await former.ReconcileAsync(world.Record(), CancellationToken.None);

        Assert.That(world.Events.All.Select(e => e.Reason), Has.None.EqualTo("ChangedByOthers"));
        Assert.That(world.Record().Status!.Drift, Is.Null);
    }

    [Test]
    public async Task The_later_of_two_objects_on_one_name_stalls()
    {
        await using var world = await DnsWorld.StartAsync();
        world.Shop();
        await world.RunUntilReadyAsync();
        world.Shop(ireland: 1, london: 1, name: "rival");

        await world.PassAsync("rival");

        Assert.That(world.Condition(ConditionTypes.Stalled, "rival").Message, Does.Contain("WeightedDnsRecord shop is older"));
        Assert.That(world.Weights(), Is.EqualTo("eu-west-1:255 eu-west-2:0"));
    }

    [TestCase("Retain", "eu-west-1:255 eu-west-2:0")]
    [TestCase("Delete", "")]
    public async Task Deleting_the_object_removes_marks_and_with_delete_the_sets(string policy, string left)
    {
        await using var world = await DnsWorld.StartAsync();
        world.Shop(with: spec => spec with { DeletionPolicy = policy });
        await world.RunUntilReadyAsync();

        Assert.That(await world.FinalizeAsync(), Is.EqualTo(ReconciliationResult.Success));

        Assert.That(world.Weights(), Is.EqualTo(left));
        Assert.That(world.Route53.Zones.Sets(world.Zone.Id).Keys.Where(k => k.Type == "TXT"), Is.Empty);
    }

    [Test]
    public async Task A_namespace_without_a_grant_gets_nothing_and_asks_nothing()
    {
        await using var world = await DnsWorld.StartAsync();
        world.Shop(with: spec => spec with { Name = "shop.example.org" });

        await world.PassAsync();

        Assert.That(world.Condition(ConditionTypes.Stalled).Reason, Is.EqualTo("NotGranted"));
        Assert.That(world.Route53.Requests.All, Is.Empty);
    }

    [Test]
    public async Task A_mode_from_a_newer_version_stalls_and_asks_nothing()
    {
        await using var world = await DnsWorld.StartAsync();
        world.Shop(with: spec => spec with { Mode = "DryRun" });

        await world.PassAsync();

        Assert.That(world.Condition(ConditionTypes.Stalled), Has.Property("Reason").EqualTo("UnknownValue"));
        Assert.That(world.Route53.Requests.All, Is.Empty);
    }

    [Test]
    public async Task A_process_that_no_longer_leads_sends_nothing()
    {
        await using var world = await DnsWorld.StartAsync();
        world.Shop();
        world.Leadership.IsLeader = false;

        Assert.That(() => world.PassAsync(), Throws.InstanceOf<LeadershipLostException>());
        Assert.That(world.Route53.Zones.Log, Is.Empty);
    }

    private static string[] Summaries(DnsWorld world) => [.. world.Route53.Zones.Log.Select(b => b.Comment!.Split(": ")[1].Split(' ')[0])];

    private static void Foreign(DnsWorld world, params (string Id, int Weight)[] sets) => world.Route53.Zones.Apply(world.Zone.Id, "by hand",
        [.. sets.Select((s, i) => new AppliedChange("CREATE", Set(s.Id, s.Weight, $"192.0.2.{i + 1}")))]);

    private static void Console(DnsWorld world, int ireland, int london) => world.Route53.Zones.Apply(world.Zone.Id, "in the console",
        [new AppliedChange("UPSERT", Set("eu-west-1", ireland, "192.0.2.1")), new AppliedChange("UPSERT", Set("eu-west-2", london, "192.0.2.2"))]);

    private static RecordSet Set(string id, int weight, string value) =>
        new() { Name = "shop.modestano.com.", Type = "A", SetIdentifier = id, Weight = weight, Ttl = 60, Values = [value] };
}
