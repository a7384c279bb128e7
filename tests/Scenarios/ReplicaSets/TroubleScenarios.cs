using Modestano.Crds.V1Alpha1;
using MongoDB.Bson;

namespace Modestano.Scenarios.ReplicaSets;

/// <summary>What the controller says and does when members, networks or itself fail; in virtual time.</summary>
public class TroubleScenarios
{
    private const string Ireland = ReplicaSetWorld.Ireland;
    private const string London = ReplicaSetWorld.London;

    [Test]
    public void A_wanted_member_that_is_down_is_named_and_joins_when_it_is_back()
    {
        using var world = Started();
        world.Member(London, 'b').Crash();
        world.Apply(Ireland);

        world.RunUntil(w => w.Status.Conditions?.Any(c => c.Type == ConditionTypes.Ready && c.Message.Contains("mongo-b.eu-west-2", StringComparison.Ordinal)) == true, 120);
        Assert.That(world.Status.Members!.Single(m => m.Host.StartsWith("mongo-b.eu-west-2", StringComparison.Ordinal)).State, Is.EqualTo("Unreachable"));
        world.Member(London, 'b').Restart();
        world.RunUntilSettled();

        Assert.That(world.Status.Summary!.Members, Is.EqualTo("6/6"));
    }

    [Test]
    public void A_member_of_another_set_is_never_added()
    {
        using var world = Started();
        var config = BsonDocument.Parse("{ replSetInitiate: { _id: 'rs0', members: [ { _id: 0, host: 'mongo-a.eu-west-2:27017' } ] }, $db: 'admin' }");
        world.Network.Execute("mongo-a.eu-west-2:27017", config);
        world.Network.RunFor(TimeSpan.FromSeconds(15));
        world.Apply(Ireland, [ReplicaSetWorld.Region(Ireland, 3), ReplicaSetWorld.Region(London, 1)]);

        world.RunFor(60);

        Assert.That(world.Condition(ConditionTypes.Stalled).Reason, Is.EqualTo("MemberOfAnotherSet"), world.Story());
        Assert.That(world.Condition(ConditionTypes.Stalled).Message, Does.Contain("mongo-a.eu-west-2:27017"));
        Assert.That(world.Status.Primary, Does.Contain(Ireland));
        Assert.That(world.Calls.Sent.Count(c => c.Contains("replSetReconfig") && c["replSetReconfig"]["members"].AsBsonArray.Count > 3), Is.Zero);
    }

    [Test]
    public void Of_two_sets_neither_is_taken_however_long_it_lasts()
    {
        using var world = new ReplicaSetWorld();
        InitiateAlone(world, "mongo-a.eu-west-1:27017", "mongo-a.eu-west-2:27017");
        world.Apply(Ireland);

        world.RunFor(120);
        world.RestartOperator();
        world.RunFor(60);

        Assert.That(world.Condition(ConditionTypes.Stalled).Reason, Is.EqualTo("MemberOfAnotherSet"), world.Story());
        Assert.That(world.Status.ReplicaSetId, Is.Null);
        Assert.That(world.Calls.Sent, Is.Empty);
    }

    [Test]
    public void Of_two_sets_neither_is_remembered_when_the_spec_names_them_no_more([Values] bool restarted)
    {
        using var world = new ReplicaSetWorld();
        InitiateAlone(world, "mongo-a.eu-west-1:27017", "mongo-a.eu-west-2:27017");
        world.Apply(Ireland);
        world.RunFor(60);
        if (restarted)
        {
            world.RestartOperator();
        }

        world.Apply(London, [new RegionSpec { Name = London, Members = [new MemberSpec { Host = "mongo-b.eu-west-2:27017" }] }]);
        world.RunFor(60);

        Assert.That(world.Condition(ConditionTypes.Stalled).Reason, Is.EqualTo("NotInitialized"), world.Story());
        Assert.That(world.Status.ReplicaSetId, Is.Null);
        Assert.That(world.Calls.Sent, Is.Empty);
    }

    [Test]
    public void Of_two_sets_the_one_that_still_answers_is_not_taken_when_the_other_falls_silent([Values] bool restarted)
    {
        using var world = new ReplicaSetWorld();
        InitiateAlone(world, "mongo-a.eu-west-1:27017", "mongo-a.eu-west-2:27017");
        world.Apply(Ireland);
        world.RunFor(30);
        world.Member(Ireland, 'a').Crash();
        if (restarted)
        {
            world.RestartOperator();
        }

        world.RunFor(60);

        Assert.That(world.Condition(ConditionTypes.Stalled).Reason, Is.EqualTo("MemberOfAnotherSet"), world.Story());
        Assert.That(world.Condition(ConditionTypes.Stalled).Message, Does.Contain("mongo-a.eu-west-1:27017 cannot be asked now"));
        Assert.That(world.Calls.Sent, Is.Empty);
    }

    [Test]
    public void Of_two_sets_the_one_that_stays_in_the_spec_has_no_past_of_the_other()
    {
        using var world = new ReplicaSetWorld();
        InitiateAlone(world, "mongo-a.eu-west-1:27017", "mongo-a.eu-west-2:27017");
        world.ReconfigByHand(_ => { }, force: true, on: "mongo-a.eu-west-2:27017");
        world.Network.RunFor(TimeSpan.FromSeconds(5));
        world.ReconfigByHand(_ => { }, on: "mongo-a.eu-west-2:27017");
        world.Apply(Ireland);
        world.RunFor(60);

        world.Apply(London, [ReplicaSetWorld.Region(London, 3)]);
        world.RunUntilSettled();

        Assert.That(world.Status.HeldChange, Is.Null);
        Assert.That(world.Status.Primary, Is.EqualTo("mongo-a.eu-west-2:27017"));
    }

    [Test]
    public void Without_a_majority_nothing_is_done_and_the_condition_says_so()
    {
        using var world = Started();
        world.Apply(Ireland, [ReplicaSetWorld.Region(Ireland, 3)]);
        world.RunUntilSettled();
        var sent = world.Calls.Sent.Count;
        world.Member(Ireland, 'b').Crash();
        world.Member(Ireland, 'c').Crash();
        world.Apply(London);

        world.RunFor(60);
        Assert.That(world.Condition(ConditionTypes.Ready).Reason, Is.EqualTo("NoPrimary"), world.Story());
        Assert.That(world.Calls.Sent, Has.Count.EqualTo(sent));
        Assert.That(world.Events.Reasons, Has.Some.EqualTo("NoPrimary"));
        world.Member(Ireland, 'b').Restart();
        world.Member(Ireland, 'c').Restart();
        world.RunUntilSettled();

        Assert.That(world.Status.PrimaryRegion, Is.EqualTo(London));
    }

    [Test]
    public void A_set_that_was_out_of_reach_is_found_again_though_the_spec_names_none_of_its_members_by_then()
    {
        using var world = Started();
        world.Apply(Ireland, [ReplicaSetWorld.Region(Ireland, 3)]);
        world.RunUntilSettled();
        world.Calls.CutOff.UnionWith(ReplicaSetWorld.Hosts(Ireland));
        world.Apply(London, [ReplicaSetWorld.Region(London, 3)]);
        world.RunFor(60);
        world.RestartOperator();
        world.RunFor(60);
        Assert.That(world.Condition(ConditionTypes.Ready).Reason, Is.EqualTo("NoMemberAnswers"), world.Story());
        world.Calls.CutOff.Clear();

        world.RunUntilSettled();

        Assert.That(world.Status.PrimaryRegion, Is.EqualTo(London));
    }

    [Test]
    public void A_frozen_secondary_holds_the_next_step_back_and_not_the_pass()
    {
        using var world = Started();
        world.Apply(Ireland);
        world.RunUntil(w => w.Calls.Sent.Count == 1);
        world.Member(Ireland, 'b').Pause();
        world.RunFor(40);
        Assert.That(world.Status.Members!.Single(m => m.Host == "mongo-b.eu-west-1:27017").Healthy, Is.False, world.Story());
        world.Member(Ireland, 'b').Resume();

        world.RunUntil(w => ReplicaSetWorld.IsSettled(w) && w.Status.Summary?.Members == "6/6");
    }

    [Test]
    public void A_new_process_goes_on_where_the_old_one_was()
    {
        for (var afterSteps = 1; afterSteps <= 7; afterSteps++)
        {
            using var world = Started();
            world.Apply(Ireland, how: how => how with { Mode = "Observe" });
            world.RunFor(5);
            world.Apply(London, [ReplicaSetWorld.Region(London, 3)]);
            var steps = afterSteps;
            world.RunUntil(w => w.Calls.Sent.Count >= steps);
            world.RestartOperator();

            world.RunUntilSettled();

            Assert.That(world.Calls.Sent, Has.Count.EqualTo(8), $"after {steps} steps");
            Assert.That(world.Status.Members!.Count(m => m.Votes is not null), Is.EqualTo(3));
        }
    }

    [Test]
    public void A_cut_between_the_regions_moves_nothing_and_is_lived_through()
    {
        using var world = Started();
        world.Apply(Ireland);
        world.RunUntilSettled();
        world.Network.Loop.Post(() => world.Network.Faults.Partition(ReplicaSetWorld.Hosts(Ireland), ReplicaSetWorld.Hosts(London)));
        world.Apply(London);
        world.RunFor(90);
        Assert.That(world.Status.Primary, Does.Contain(Ireland), world.Story());
        Assert.That(world.Calls.Sent.Count(c => c.Contains("replSetStepDown")), Is.Zero);
        world.Network.Loop.Post(world.Network.Faults.Heal);

        world.RunUntilSettled();

        Assert.That(world.Status.PrimaryRegion, Is.EqualTo(London));
    }

    [Test]
    public void Members_that_nobody_has_initiated_are_initiated_only_when_the_spec_says_so()
    {
        using var world = new ReplicaSetWorld();
        world.Apply(Ireland);
        world.RunFor(30);
        Assert.That(world.Condition(ConditionTypes.Stalled).Reason, Is.EqualTo("NotInitialized"), world.Story());
        Assert.That(world.Calls.Sent, Is.Empty);
        world.Apply(Ireland, bootstrap: "Initiate");

        world.RunUntilSettled();

        Assert.That(world.Status.Summary!.Members, Is.EqualTo("6/6"));
        Assert.That(world.Primary, Does.Contain(Ireland));
    }

    [Test]
    public void Another_set_name_is_stalled()
    {
        using var world = Started();
        world.Apply(Ireland, name: "rs1");

        world.RunFor(10);

        Assert.That(world.Condition(ConditionTypes.Stalled).Reason, Is.EqualTo("WrongReplicaSet"), world.Story());
    }

    [Test]
    public void A_process_that_loses_the_lease_takes_no_further_step()
    {
        using var world = Started();
        world.Apply(London);
        world.RunUntil(w => w.Calls.Sent.Count >= 2);
        world.Leadership.IsLeader = false;
        var sent = world.Calls.Sent.Count;

        world.RunFor(30);
        Assert.That(world.Calls.Sent, Has.Count.EqualTo(sent));
        world.Leadership.IsLeader = true;
        world.RunUntilSettled();

        Assert.That(world.Status.PrimaryRegion, Is.EqualTo(London));
    }

    /// <summary>Each host a replica set of its own, all of the same name.</summary>
    private static void InitiateAlone(ReplicaSetWorld world, params string[] hosts)
    {
        foreach (var host in hosts)
        {
            var config = new BsonDocument { { "_id", "rs0" }, { "members", new BsonArray { new BsonDocument { { "_id", 0 }, { "host", host } } } } };
            world.Network.Execute(host, new BsonDocument { { "replSetInitiate", config }, { "$db", "admin" } });
        }

        world.Network.RunFor(TimeSpan.FromSeconds(15));
    }

    private static ReplicaSetWorld Started()
    {
        var world = new ReplicaSetWorld();
        world.InitiateIreland();
        return world;
    }
}
