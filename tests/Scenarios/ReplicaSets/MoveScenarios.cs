using Modestano.Crds.V1Alpha1;
using Modestano.Operator.Configuration;
using Modestano.Operator.ReplicaSets.Mongo;
using Modestano.Operator.ReplicaSets.Planning;
using Modestano.Operator.Runtime;

namespace Modestano.Scenarios.ReplicaSets;

/// <summary>The controller's work on simulated members, in virtual time.</summary>
public class MoveScenarios
{
    [Test]
    public void One_secondary_is_added_in_the_second_region_and_settles()
    {
        using var world = new ReplicaSetWorld();
        world.InitiateIreland();
        world.Apply(ReplicaSetWorld.Ireland, [ReplicaSetWorld.Region(ReplicaSetWorld.Ireland, 3), ReplicaSetWorld.Region(ReplicaSetWorld.London, 1)]);
        var writer = new VirtualWriter(world.Network);

        var took = world.RunUntilSettled(120);

        TestContext.Out.WriteLine($"settled after {took.TotalSeconds:0.0} s, {writer.Acknowledged.Count} writes, longest gap {writer.LongestGap.TotalMilliseconds:0} ms");
        Assert.That(world.Status.Summary!.Members, Is.EqualTo("4/4"));
        Assert.That(writer.Lost(world.Primary!), Is.Empty);
        Assert.That(writer.LongestGap, Is.LessThan(TimeSpan.FromMilliseconds(300)));
    }

    [Test]
    public void Three_members_join_and_the_primary_moves_when_the_spec_says_so()
    {
        using var world = new ReplicaSetWorld();
        world.InitiateIreland();
        world.Apply(ReplicaSetWorld.Ireland);
        var writer = new VirtualWriter(world.Network);

        var joined = world.RunUntilSettled();
        world.Apply(ReplicaSetWorld.London);
        var moved = world.RunUntilSettled();

        TestContext.Out.WriteLine($"joined after {joined.TotalSeconds:0.0} s, moved after {moved.TotalSeconds:0.0} s, {world.Calls.Sent.Count} steps, {writer.Acknowledged.Count} writes, longest gap {writer.LongestGap.TotalMilliseconds:0} ms, reported gap {world.Status.LastHandOff?.WriteGapMillis} ms");
        Assert.That(world.Status.PrimaryRegion, Is.EqualTo(ReplicaSetWorld.London));
        Assert.That(world.Primary, Does.Contain(ReplicaSetWorld.London));
        Assert.That(world.Calls.Sent.Count(c => c.Contains("replSetStepDown")), Is.EqualTo(1));
        Assert.That(writer.Lost(world.Primary!), Is.Empty);
        Assert.That(writer.LongestGap, Is.LessThan(TimeSpan.FromSeconds(2.5)));
    }

    [Test]
    public void A_whole_region_is_moved_in_seven_reconfigs_and_one_step_down()
    {
        using var world = new ReplicaSetWorld();
        world.InitiateIreland();
        world.Apply(ReplicaSetWorld.Ireland, how: how => how with { Mode = "Observe" });
        world.RunFor(5);
        world.Apply(ReplicaSetWorld.London, [ReplicaSetWorld.Region(ReplicaSetWorld.London, 3)]);
        var writer = new VirtualWriter(world.Network);

        var took = world.RunUntilSettled();

        TestContext.Out.WriteLine($"moved after {took.TotalSeconds:0.0} s, {world.Calls.Sent.Count} steps, {writer.Acknowledged.Count} writes, longest gap {writer.LongestGap.TotalMilliseconds:0} ms");
        Assert.That(world.Status.Members!.Where(m => m.Votes is not null).Select(m => m.Host), Is.EquivalentTo(ReplicaSetWorld.Hosts(ReplicaSetWorld.London)));
        Assert.That(world.Calls.Sent.Count(c => c.Contains("replSetReconfig")), Is.LessThanOrEqualTo(7));
        Assert.That(world.Calls.Sent.Count(c => c.Contains("replSetStepDown")), Is.EqualTo(1));
        Assert.That(writer.Lost(world.Primary!), Is.Empty);
    }

    [Test]
    public void A_reconfig_whose_answer_is_lost_is_found_to_be_in_force()
    {
        using var world = new ReplicaSetWorld();
        world.InitiateIreland();
        world.Calls.LoseAnswerTo.Add("replSetReconfig");
        world.Apply(ReplicaSetWorld.Ireland, [ReplicaSetWorld.Region(ReplicaSetWorld.Ireland, 3), ReplicaSetWorld.Region(ReplicaSetWorld.London, 1)]);

        world.RunUntilSettled(120);

        Assert.That(world.Events.Reasons, Has.Some.EqualTo("ReconfigUnknown"));
        Assert.That(world.Status.Summary!.Members, Is.EqualTo("4/4"));
    }

    [Test]
    public void A_hand_made_reconfig_is_put_back()
    {
        using var world = new ReplicaSetWorld();
        world.InitiateIreland();
        world.Apply(ReplicaSetWorld.Ireland);
        world.RunUntilSettled();
        var config = world.Network.Execute(world.Primary!, MongoDB.Bson.BsonDocument.Parse("{ replSetGetConfig: 1, $db: 'admin' }"))["config"].AsBsonDocument;
        config["version"] = config["version"].ToInt32() + 1;
        config["members"].AsBsonArray.First(m => m["host"] != world.Primary && m["priority"] > 0)["priority"] = 0;
        world.Network.Execute(world.Primary!, new MongoDB.Bson.BsonDocument { { "replSetReconfig", config }, { "$db", "admin" } });

        world.RunUntil(w => w.Status.ConfigVersion > config["version"].ToInt32() && ReplicaSetWorld.IsSettled(w), 120);

        Assert.That(world.Status.Members!.Select(m => (m.Votes, m.Priority)), Is.EqualTo(world.Status.Members!.Select(m => (m.PlannedVotes, m.PlannedPriority))));
    }

    [Test]
    public void A_crash_of_the_primary_in_the_middle_is_lived_through()
    {
        using var world = new ReplicaSetWorld(seed: 3);
        world.InitiateIreland();
        world.Apply(ReplicaSetWorld.London);
        var writer = new VirtualWriter(world.Network);
        world.RunUntil(w => w.Calls.Sent.Count >= 2);
        var crashed = world.Primary!;
        world.Network.Find(crashed)!.Crash();
        world.RunFor(60);
        world.Network.Find(crashed)!.Restart();

        world.RunUntil(w => ReplicaSetWorld.IsSettled(w) && w.Status.Summary?.Members == "6/6", 900);

        Assert.That(world.Status.PrimaryRegion, Is.EqualTo(ReplicaSetWorld.London));
        Assert.That(writer.Lost(world.Primary!), Is.Empty);
    }

    [TestCase(-1, false)]
    [TestCase(0, true)]
    public void A_step_down_is_sent_only_under_the_configuration_that_its_successors_were_chosen_by(int off, bool isSent)
    {
        using var world = new ReplicaSetWorld();
        world.InitiateIreland();
        var primary = world.Network.Find(world.Primary!)!;
        var gateway = new MongoReplicaSetGateway(world.Calls, new MongoConnectionOptions { Grants = Grants.Namespaced, LeastSecurity = LeastSecurity.Any }, world.Network.Loop.TimeProvider);
        var step = new StepDown
        {
            Summary = "hand over",
            PrimaryHost = primary.Host,
            Term = primary.Describe().Term,
            ConfigVersion = primary.Describe().ConfigVersion + off,
            CatchUpSecs = 2,
            StepDownSecs = 30,
            Successors = ["mongo-b.eu-west-1:27017"],
        };

        var result = world.Network.Loop.Await(
            gateway.ExecuteAsync(new ReplicaSetTarget(new ObjectKey("shop", "marketplace"), new ReplicaSetConnection { UseTls = false }), step, primary.Host, TimeSpan.FromSeconds(10), CancellationToken.None),
            TimeSpan.FromSeconds(20));

        Assert.That(result.Outcome, Is.EqualTo(isSent ? StepOutcome.Succeeded : StepOutcome.Refused), result.Failure?.ToString());
        Assert.That(world.Calls.Sent.Count(c => c.Contains("replSetStepDown")), Is.EqualTo(isSent ? 1 : 0));
    }

    [Test]
    public void A_hold_leaves_everything_as_it_is()
    {
        using var world = new ReplicaSetWorld();
        world.InitiateIreland();
        world.Apply(ReplicaSetWorld.London);
        world.Annotate(Annotations.Hold, "sale");

        world.RunFor(60);

        Assert.That(world.Calls.Sent, Is.Empty);
        Assert.That(world.Status.Phase, Is.EqualTo(ReplicaSetPhases.Held));
    }
}
