using Modestano.Crds.V1Alpha1;
using MongoDB.Bson;

namespace Modestano.Scenarios.ReplicaSets;

/// <summary>Other people's reconfigs, in virtual time (R7, R11).</summary>
public class DriftScenarios
{
    private const string Ireland = ReplicaSetWorld.Ireland;
    private const string London = ReplicaSetWorld.London;

    [Test]
    public void A_reconfig_that_somebody_else_makes_between_our_read_and_our_write_is_not_overwritten_blindly()
    {
        using var world = Settled();
        var change = 0;
        world.Calls.Before["replSetReconfig"] = () =>
        {
            change++;
            Foreign(world, config => config["members"].AsBsonArray[1]["tags"]["rack"] = "r7");
        };
        world.Apply(Ireland, [ReplicaSetWorld.Region(Ireland, 3), ReplicaSetWorld.Region(London, 1)]);
        world.RunUntilSettled();
        Assert.That(change, Is.EqualTo(1));
        Assert.That(world.Events.Reasons, Has.Some.EqualTo("ReconfigRefused").And.Some.EqualTo("ForeignReconfig"));
        Assert.That(world.Status.Summary!.Members, Is.EqualTo("4/4"));
        Assert.That(Config(world)["members"][1]["tags"]["rack"].AsString, Is.EqualTo("r7"), "what we do not manage stays");
    }

    [Test]
    public void A_forced_reconfig_is_left_until_its_plan_is_approved()
    {
        using var world = Settled();
        world.ReconfigByHand(config => config["members"].AsBsonArray[2]["priority"] = 0, force: true);
        world.RunUntil(w => w.Condition(ConditionTypes.AwaitingApproval).Reason == "ForcedConfig", 60);
        var sent = world.Calls.Sent.Count;
        world.RunFor(120);
        Assert.That(world.Calls.Sent, Has.Count.EqualTo(sent), world.Story());
        var hash = world.Status.PlanHash;
        world.Apply(Ireland, [ReplicaSetWorld.Region(Ireland, 3)], how => how with { ApprovedPlanHash = hash });
        world.RunUntilSettled();
        Assert.That(Config(world)["members"][2]["priority"].ToDouble(), Is.EqualTo(2));
    }

    [Test]
    public void A_forced_reconfig_is_held_by_a_new_process_too()
    {
        using var world = Settled();
        world.ReconfigByHand(config => config["members"].AsBsonArray[2]["priority"] = 0, force: true);
        world.RestartOperator();
        world.RunUntil(w => w.Condition(ConditionTypes.AwaitingApproval).Reason == "ForcedConfig", 60);
        world.RestartOperator();
        world.RunFor(60);
        Assert.That(Config(world)["members"][2]["priority"].ToDouble(), Is.Zero, world.Story());
    }

    [Test]
    public void A_forced_reconfig_is_held_across_an_election_and_a_restart_and_ends_with_an_edit_of_the_spec()
    {
        using var world = Settled();
        world.ReconfigByHand(config => config["members"].AsBsonArray[2]["priority"] = 0, force: true);
        world.RunUntil(w => w.Condition(ConditionTypes.AwaitingApproval).Reason == "ForcedConfig", 60);
        var before = world.Primary;
        world.Network.Execute(before!, BsonDocument.Parse("{ replSetStepDown: 60, secondaryCatchUpPeriodSecs: 2, $db: 'admin' }"));
        world.RunUntil(w => w.Primary is { } now && now != before && w.Status.Primary == now, 60);
        world.RestartOperator();
        world.RunFor(60);
        Assert.That(world.Condition(ConditionTypes.AwaitingApproval).Reason, Is.EqualTo("ForcedConfig"), world.Story());
        Assert.That(Config(world)["members"][2]["priority"].ToDouble(), Is.Zero);
        Assert.That(world.Events.Reasons.Count(r => r == "ForeignReconfig"), Is.EqualTo(1), "told once, not by every process");
        world.Apply(Ireland, [ReplicaSetWorld.Region(Ireland, 3)]);
        world.RunUntilSettled();
        Assert.That((Config(world)["members"][2]["priority"].ToDouble(), world.Status.HeldChange), Is.EqualTo((2, (HeldChange?)null)));
    }

    [Test]
    public void Who_undoes_us_twice_is_told_and_nothing_is_written_any_more()
    {
        using var world = Contested();
        var sent = world.Calls.Sent.Count;
        world.RunFor(120);
        Assert.That(world.Calls.Sent, Has.Count.EqualTo(sent));
        Assert.That(world.Condition(ConditionTypes.Stalled).Message, Does.Contain("an edit of the spec goes on"));
    }

    [Test]
    public void A_contest_ends_with_an_edit_of_the_spec_and_not_with_time_or_a_new_process([Values] bool restarted)
    {
        using var world = Contested();
        var sent = world.Calls.Sent.Count;
        if (restarted)
        {
            world.RestartOperator();
        }

        world.RunFor(restarted ? 120 : 2 * 3600);
        Assert.That(world.Condition(ConditionTypes.Stalled).Reason, Is.EqualTo("Contested"), world.Story());
        Assert.That((world.Calls.Sent.Count, world.Status.HeldChange!.Kind), Is.EqualTo((sent, "Contested")));

        world.Apply(Ireland, [ReplicaSetWorld.Region(Ireland, 3)]);
        world.RunUntilSettled();
        Assert.That((Config(world)["members"][2]["priority"].ToDouble(), world.Status.HeldChange), Is.EqualTo((2, (HeldChange?)null)));
    }

    [Test]
    public void A_member_that_was_removed_while_it_was_down_is_taken_in_again_when_it_is_wanted()
    {
        using var world = new ReplicaSetWorld();
        world.InitiateIreland();
        world.Apply(Ireland, [ReplicaSetWorld.Region(Ireland, 3), ReplicaSetWorld.Region(London, 1)]);
        world.RunUntilSettled();
        world.Member(London, 'a').Crash();
        world.Apply(Ireland, [ReplicaSetWorld.Region(Ireland, 3), ReplicaSetWorld.Region(London, 3) with { Members = [ReplicaSetWorld.Region(London, 2).Members[1]] }]);
        world.RunUntil(w => ReplicaSetWorld.IsSettled(w) && w.Status.Summary?.Members == "4/4", 300);
        Assert.That(Config(world)["members"].AsBsonArray.Select(m => m["host"].AsString), Has.None.StartsWith("mongo-a.eu-west-2"), world.Story());
        world.Member(London, 'a').Restart();
        world.RunFor(30);
        Assert.That(world.Status.Summary!.Members, Is.EqualTo("4/4"), "that it is back changes nothing");
        world.Apply(Ireland, [ReplicaSetWorld.Region(Ireland, 3), ReplicaSetWorld.Region(London, 2)]);
        world.RunUntil(w => ReplicaSetWorld.IsSettled(w) && w.Status.Summary?.Members == "5/5", 300);
    }

    [Test]
    public void A_newcomer_in_RECOVERING_gets_no_vote_and_its_state_is_told()
    {
        using var world = Settled();
        world.Apply(Ireland, [ReplicaSetWorld.Region(Ireland, 3), ReplicaSetWorld.Region(London, 1)]);
        world.RunUntil(w => w.Status.Members?.Any(m => m.Region == London && m.State == "SECONDARY") == true, 120);
        world.Network.Execute("mongo-a.eu-west-2:27017", BsonDocument.Parse("{ replSetMaintenance: 1, $db: 'admin' }"));
        world.RunUntil(w => w.Condition(ConditionTypes.Ready).Message.Contains("RECOVERING", StringComparison.Ordinal), 60);
        world.RunFor(60);
        Assert.That(world.Status.Members!.Single(m => m.Region == London).Votes, Is.Zero, world.Story());
        world.Network.Execute("mongo-a.eu-west-2:27017", BsonDocument.Parse("{ replSetMaintenance: 0, $db: 'admin' }"));
        world.RunUntilSettled();
        Assert.That(world.Status.Members!.Single(m => m.Region == London).Votes, Is.EqualTo(1));
    }

    [Test]
    public void An_attested_host_that_another_set_removed_joins_without_vote_is_found_out_and_stays_until_a_person_decides()
    {
        using var world = Settled();
        var (stranger, other) = ("mongo-a.eu-west-2:27017", "mongo-b.eu-west-2:27017");
        world.Network.Execute(other, BsonDocument.Parse($"{{ replSetInitiate: {{ _id: 'rs0', members: [ {{ _id: 0, host: '{other}' }}, {{ _id: 1, host: '{stranger}', priority: 0 }} ] }}, $db: 'admin' }}"));
        world.RunFor(30);
        world.ReconfigByHand(config => config["members"].AsBsonArray.RemoveAt(1), on: other);
        world.RunFor(10);
        world.Calls.WithoutUsers.Add(stranger);
        world.Apply(Ireland, London1(attested: false));
        world.RunUntil(w => w.Condition(ConditionTypes.Stalled).Reason == "MemberNotVerified", 60);
        world.Apply(Ireland, London1(attested: true));
        world.RunUntil(w => w.Condition(ConditionTypes.Stalled).Reason == "MemberOfAnotherSet", 120);
        var sent = world.Calls.Sent.Count;
        world.RunFor(120);
        Assert.That(world.Calls.Sent, Has.Count.EqualTo(sent), "nothing is removed on a guess");
        Assert.That(world.Status.Members!.Single(m => m.Host == stranger).Votes, Is.Zero);
        Assert.That(world.Condition(ConditionTypes.Stalled).Message, Does.Contain(stranger).And.Contain("replica set IDs do not match"));
        world.Apply(Ireland, [ReplicaSetWorld.Region(Ireland, 3)]);
        world.RunUntilSettled();
        Assert.That(world.Status.Summary!.Members, Is.EqualTo("3/3"));
    }

    private static IReadOnlyList<RegionSpec> London1(bool attested)
    {
        var london = ReplicaSetWorld.Region(London, 1);
        return [ReplicaSetWorld.Region(Ireland, 3), london with { Members = [london.Members[0] with { Uninitialised = attested }] }];
    }

    private static void Foreign(ReplicaSetWorld world, Action<BsonDocument> change)
    {
        var primary = world.Primary!;
        var config = Config(world);
        config["version"] = config["version"].ToInt32() + 1;
        change(config);

        // Not waited for: the loop that would carry it out is running us.
        _ = world.Network.Find(primary)!.ExecuteAsync(new BsonDocument { { "replSetReconfig", config }, { "$db", "admin" } }, new Testbed.Mongo.Model.ClientConnectionInfo(5, HelloOk: true), CancellationToken.None);
    }

    private static BsonDocument Config(ReplicaSetWorld world) =>
        world.Network.Execute(world.Primary!, BsonDocument.Parse("{ replSetGetConfig: 1, $db: 'admin' }"))["config"].AsBsonDocument;

    /// <summary>A settled set whose third member's priority somebody has put back twice after the operator.</summary>
    private static ReplicaSetWorld Contested()
    {
        var world = Settled();
        for (var round = 1; round <= 2; round++)
        {
            world.ReconfigByHand(config => config["members"].AsBsonArray[2]["priority"] = 0.5);
            var version = Config(world)["version"].ToInt32();
            if (round == 1)
            {
                world.RunUntil(w => w.Status.ConfigVersion > version && ReplicaSetWorld.IsSettled(w), 120);
            }
            else
            {
                world.RunFor(60);
            }
        }

        world.RunUntil(w => w.Status.Phase == ReplicaSetPhases.Settled || w.Condition(ConditionTypes.Stalled).Reason == "Contested", 60);
        world.ReconfigByHand(config => config["members"].AsBsonArray[2]["priority"] = 0.5);
        world.RunUntil(w => w.Condition(ConditionTypes.Stalled).Reason == "Contested", 60);
        return world;
    }

    private static ReplicaSetWorld Settled()
    {
        var world = new ReplicaSetWorld();
        world.InitiateIreland();
        world.Apply(Ireland, [ReplicaSetWorld.Region(Ireland, 3)]);
        world.RunUntilSettled();
        return world;
    }
}
