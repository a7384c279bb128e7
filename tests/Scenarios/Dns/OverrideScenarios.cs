using k8s.Models;
using Modestano.Crds.V1Alpha1;
using Modestano.Operator.Runtime;
using Modestano.Testbed.Route53.Zones;

namespace Modestano.Scenarios.Dns;

/// <summary>A record follows a migration, and never snaps back.</summary>
public sealed class OverrideScenarios
{
    [Test]
    public async Task A_migration_shifts_within_its_permission_and_is_told_when_it_is_reached()
    {
        await using var world = await ReadyAsync();
        Ask(world, revision: 1, ireland: 191, london: 64, permitted: TimeSpan.FromMinutes(1));

        await world.PassAsync();
        var latch = world.Record().Status!.Override!;
        Assert.That((latch.ObservedRevision, latch.Settled, latch.SpecWeights!["eu-west-1"]), Is.EqualTo((1L, false, 255)));
        Assert.That(world.Route53.Zones.Log, Has.Count.EqualTo(1), "it is latched before anything is done");

        await world.RunUntilAsync(record => record.Status!.Override!.Settled);
        Assert.That(world.Weights(), Is.EqualTo("eu-west-1:191 eu-west-2:64"));
        var change = world.Record().Status!.Change!;
        Assert.That(world.Time.GetUtcNow().UtcDateTime - change.InSyncAt!.Value, Is.GreaterThanOrEqualTo(TimeSpan.FromSeconds(60)), "settled means that the TTL has passed too");
        Assert.That(world.Condition(ConditionTypes.OverrideActive).Status, Is.EqualTo("True"));
    }

    [Test]
    public async Task Without_a_permission_that_holds_nothing_rises()
    {
        await using var world = await ReadyAsync();
        Ask(world, revision: 1, ireland: 0, london: 255, permitted: TimeSpan.FromSeconds(-1));

        await world.PassAsync();
        await world.PassAsync();

        Assert.That((world.Weights(), world.Condition(ConditionTypes.Ready).Reason), Is.EqualTo(("eu-west-1:255 eu-west-2:0", "NotPermitted")));
        Ask(world, revision: 1, ireland: 0, london: 255, permitted: TimeSpan.FromMinutes(1));
        await world.RunUntilAsync(record => record.Status!.Override!.Settled);
        Assert.That(world.Weights(), Is.EqualTo("eu-west-1:0 eu-west-2:255"));
    }

    [Test]
    public async Task A_hold_is_acknowledged_once_nothing_is_in_flight()
    {
        await using var world = await ReadyAsync();
        Ask(world, revision: 1, ireland: 0, london: 255, permitted: TimeSpan.FromMinutes(1));
        await world.RunUntilAsync(_ => world.Route53.Zones.Log.Count == 2);
        Ask(world, revision: 2, ireland: 0, london: 255, permitted: null, hold: true);
        await world.PassAsync();
        await world.PassAsync();
        Assert.That(world.Record().Status!.Override, Has.Property("ObservedRevision").EqualTo(2).And.Property("Settled").EqualTo(false));

        await world.RunUntilAsync(record => record.Status!.Override!.Settled, TimeSpan.FromMinutes(2));

        Assert.That(world.Condition(ConditionTypes.Held).Message, Does.Contain("The migration to-london holds"));
    }

    [Test]
    public async Task A_lost_answer_does_not_keep_a_hold_from_being_acknowledged()
    {
        await using var world = await ReadyAsync();
        Ask(world, revision: 1, ireland: 128, london: 127, permitted: TimeSpan.FromMinutes(1));
        world.Route53.Faults.LoseAnswers("ChangeResourceRecordSets");
        await world.RunUntilAsync(record => record.Status!.LastAction!.Outcome == "Unknown");
        Ask(world, revision: 2, ireland: 128, london: 127, permitted: null, hold: true);

        await world.RunUntilAsync(record => record.Status!.Override is { Settled: true, ObservedRevision: 2 }, TimeSpan.FromMinutes(5));

        Assert.That(world.Weights(), Is.EqualTo("eu-west-1:128 eu-west-2:127"));
    }

    [Test]
    public async Task A_roll_back_takes_one_batch_without_waiting_for_a_pending_change()
    {
        await using var world = await ReadyAsync(shift: new ShiftSpec { MaxStepPercent = 50, Interval = Duration.FromSeconds(600) });
        Ask(world, revision: 1, ireland: 127, london: 128, permitted: TimeSpan.FromHours(1));
        await world.RunUntilAsync(_ => world.Route53.Zones.Log.Count == 2);
        world.Route53.Faults.PropagationDelay = TimeSpan.FromHours(1);
        Ask(world, revision: 2, ireland: 255, london: 0, permitted: TimeSpan.FromMinutes(1), immediate: true);

        await world.PassAsync();
        await world.PassAsync();

        Assert.That(world.Weights(), Is.EqualTo("eu-west-1:255 eu-west-2:0"));
    }

    [Test]
    public async Task A_migration_that_vanishes_leaves_its_weights_until_the_spec_changes()
    {
        await using var world = await ReadyAsync();
        Ask(world, revision: 1, ireland: 0, london: 255, permitted: TimeSpan.FromMinutes(1));
        await world.RunUntilAsync(record => record.Status!.Override!.Settled);
        world.Migrations.Remove(new ObjectKey(DnsWorld.Namespace, "to-london"));

        for (var i = 0; i < 10; i++)
        {
            world.Time.Advance(await world.PassAsync() is { RequeueAfter: { } after } ? after : TimeSpan.FromSeconds(1));
        }

        Assert.That((world.Weights(), world.Condition(ConditionTypes.OverrideOrphaned).Status), Is.EqualTo(("eu-west-1:0 eu-west-2:255", "True")));
        world.Shop(ireland: 0, london: 255);
        await world.RunUntilReadyAsync();
        Assert.That(world.Record().Status!.Override, Is.Null);
        Assert.That(world.Route53.Zones.Log, Has.Count.EqualTo(2), "nothing was moved on the way");
    }

    [Test]
    public async Task An_endpoint_that_left_the_spec_of_a_vanished_migration_is_named_with_the_way_out()
    {
        await using var world = await ReadyAsync();
        Ask(world, revision: 1, ireland: 128, london: 127, permitted: TimeSpan.FromMinutes(1));
        await world.RunUntilAsync(record => record.Status!.Override!.Settled);
        world.Shop(with: spec => spec with { Endpoints = [spec.Endpoints[1]] });
        world.Migrations.Remove(new ObjectKey(DnsWorld.Namespace, "to-london"));
        await world.RunUntilAsync(record => record.Status!.Override is { Orphaned: true } && record.Status.ObservedGeneration == record.Metadata.Generation);

        Assert.That(world.Condition(ConditionTypes.OverrideOrphaned).Message, Does.Contain("set the weights in spec.endpoints to what should be; to keep them as they are list eu-west-1 again, which may leave once the spec counts"));
        world.Shop(ireland: 128, london: 127);
        await world.RunUntilReadyAsync();
        Assert.That((world.Record().Status!.Override, world.Weights()), Is.EqualTo(((LatchedOverride?)null, "eu-west-1:128 eu-west-2:127")));
        Assert.That(world.Route53.Zones.Log, Has.Count.EqualTo(2), "nothing was moved on the way");
    }

    [Test]
    public async Task The_hold_annotation_stops_work_and_names_the_reason()
    {
        await using var world = await ReadyAsync();
        var record = world.Shop(ireland: 0, london: 255);
        record.Metadata.Annotations = new Dictionary<string, string> { [Annotations.Hold] = "incident 4711" };
        world.Records.Put(record, newGeneration: false);

        await world.PassAsync();

        Assert.That((world.Weights(), world.Condition(ConditionTypes.Held).Status), Is.EqualTo(("eu-west-1:255 eu-west-2:0", "True")));
        Assert.That(world.Condition(ConditionTypes.Ready).Message, Does.Contain("incident 4711"));
    }

    [Test]
    public async Task Weights_changed_by_hand_during_a_migration_are_held_until_somebody_decides()
    {
        await using var world = await ReadyAsync();
        Ask(world, revision: 1, ireland: 128, london: 127, permitted: TimeSpan.FromHours(1));
        await world.RunUntilAsync(record => record.Status!.Override!.Settled);
        world.Route53.Zones.Apply(world.Zone.Id, "in the console",
            [new("UPSERT", new() { Name = "shop.modestano.com.", Type = "A", SetIdentifier = "eu-west-2", Weight = 5, Ttl = 60, Values = ["192.0.2.2"] })]);

        await world.PassAsync();

        Assert.That((world.Weights(), world.Condition(ConditionTypes.Ready).Reason), Is.EqualTo(("eu-west-1:128 eu-west-2:5", "Held")));
        Assert.That(world.Record().Status!.Override!.Settled, Is.False);
        Ask(world, revision: 2, ireland: 128, london: 127, permitted: TimeSpan.FromHours(1));
        await world.RunUntilAsync(record => record.Status!.Override!.Settled);
        Assert.That(world.Weights(), Is.EqualTo("eu-west-1:128 eu-west-2:127"));
    }

    [Test]
    public async Task An_unhealthy_endpoint_gets_no_traffic_even_with_permission()
    {
        await using var world = await DnsWorld.StartAsync();
        var check = world.Route53.HealthChecks.Create();
        world.Shop(with: spec => spec with { Endpoints = [spec.Endpoints[0], spec.Endpoints[1] with { HealthCheckId = check }] });
        await world.RunUntilReadyAsync();
        world.Route53.HealthChecks.Set(check, healthy: false);
        world.Time.Advance(TimeSpan.FromMinutes(1));
        Ask(world, revision: 1, ireland: 128, london: 127, permitted: TimeSpan.FromHours(1));

        await world.PassAsync();
        await world.PassAsync();
        Assert.That((world.Weights(), world.Condition(ConditionTypes.Ready).Reason), Is.EqualTo(("eu-west-1:255 eu-west-2:0", "EndpointUnhealthy")));
        Assert.That(world.Record().Status!.Endpoints!.Single(e => e.SetIdentifier == "eu-west-2").Health, Is.EqualTo("Unhealthy"));

        world.Route53.HealthChecks.Set(check, healthy: true);
        await world.RunUntilAsync(record => record.Status!.Override!.Settled);
        Assert.That(world.Condition(ConditionTypes.Ready).Status, Is.EqualTo("True"));
    }

    [Test]
    public async Task That_a_revision_is_reached_is_claimed_only_after_a_fresh_look()
    {
        await using var world = await ReadyAsync();
        var names = Enumerable.Range(0, 20).Select(i => $"r{i}").ToList();
        names.ForEach(name => world.Shop(name: name, with: spec => spec with { Name = $"{name}.modestano.com" }));
        await world.PassAllAsync([.. names, "shop"]);
        world.Time.Advance(TimeSpan.FromSeconds(90));
        await world.PassAllAsync([.. names, "shop"]);
        world.Time.Advance(TimeSpan.FromSeconds(30));
        Assert.That(DnsWorld.IsReady(world.Record()), "as the zone was read half a minute ago");
        world.Route53.Zones.Apply(world.Zone.Id, "in the console", [.. world.Route53.Zones.Sets(world.Zone.Id).Values
            .Where(s => s is { Name: "shop.modestano.com.", SetIdentifier: "eu-west-1" }).Select(s => new AppliedChange("UPSERT", s with { Weight = 3 }))]);
        Ask(world, revision: 1, ireland: 255, london: 0, permitted: TimeSpan.FromHours(1));

        await world.PassAsync();
        await world.PassAsync();

        Assert.That((world.Record().Status!.Override!.Settled, world.Record().Status!.Summary!.Served), Is.EqualTo((false, "eu-west-1:3 eu-west-2:0")));
    }

    private static async Task<DnsWorld> ReadyAsync(ShiftSpec? shift = null)
    {
        var world = await DnsWorld.StartAsync();
        world.Shop(shift: shift);
        await world.RunUntilReadyAsync();
        return world;
    }

    private static void Ask(DnsWorld world, long revision, int ireland, int london, TimeSpan? permitted, bool hold = false, bool immediate = false) => world.Migrations.Put(
        new RegionMigration
        {
            Metadata = new V1ObjectMeta { Name = "to-london", NamespaceProperty = DnsWorld.Namespace, Uid = "b7e4", CreationTimestamp = DateTime.UnixEpoch },
            Spec = new RegionMigrationSpec { From = "eu-west-1", To = "eu-west-2", DnsRecordRefs = [new MigratedDnsRecord { Name = "shop" }] },
            Status = new RegionMigrationStatus
            {
                Override = new MigrationOverride
                {
                    Revision = revision,
                    Hold = hold,
                    Immediate = immediate,
                    Records =
                    [
                        new RecordOverride
                        {
                            Name = "shop",
                            Weights = new Dictionary<string, int> { ["eu-west-1"] = ireland, ["eu-west-2"] = london },
                            PermittedUntil = permitted is { } time ? (world.Time.GetUtcNow() + time).UtcDateTime : null,
                        },
                    ],
                },
            },
        },
        newGeneration: false);
}
