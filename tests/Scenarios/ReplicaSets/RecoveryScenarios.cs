using Modestano.Crds.V1Alpha1;
using MongoDB.Bson;

namespace Modestano.Scenarios.ReplicaSets;

/// <summary>A set that lost its majority for good, in virtual time (R6).</summary>
public class RecoveryScenarios
{
    private const string Ireland = ReplicaSetWorld.Ireland;

    private static readonly IReadOnlyList<RegionSpec> Three = [ReplicaSetWorld.Region(Ireland, 3)];

    [Test]
    public void The_attested_voters_lose_their_votes_once_and_come_back_like_newcomers()
    {
        using var world = WithoutMajority();
        world.Apply(Ireland, Three, recovery: Permit(world));
        world.RunUntil(w => w.Status.Primary is not null, 120);
        Assert.That(Forced(world), Is.EqualTo(1), world.Story());
        Assert.That(world.Status.Recovery!.Outcome, Is.EqualTo("Succeeded"));
        world.RunFor(60);
        Assert.That(Forced(world), Is.EqualTo(1));
        world.Member(Ireland, 'b').Restart();
        world.Member(Ireland, 'c').Restart();
        world.RunUntil(w => ReplicaSetWorld.IsSettled(w) && w.Status.Summary is { Members: "3/3", Votes: "eu-west-1:3" }, 300);
        Assert.That(Forced(world), Is.EqualTo(1));
    }

    [Test]
    public void A_permit_whose_outcome_nobody_knows_is_not_used_again_by_a_new_process()
    {
        using var world = WithoutMajority();
        world.Calls.LoseOnTheWay.Add("replSetReconfig");
        world.Apply(Ireland, Three, recovery: Permit(world));
        world.RunUntil(w => Forced(w) == 1, 60);
        world.RestartOperator();
        world.RunFor(120);
        Assert.That((Forced(world), world.Status.Recovery!.Outcome, world.Status.Primary), Is.EqualTo((1, "Unknown", (string?)null)), world.Story());
        Assert.That(world.Condition(ConditionTypes.Ready).Message, Does.Contain("take spec.recovery out and put it in again"));
    }

    [Test]
    public void Taken_out_and_put_in_again_it_is_a_new_word_of_a_person()
    {
        using var world = WithoutMajority();
        world.Calls.LoseOnTheWay.Add("replSetReconfig");
        var permit = Permit(world);
        world.Apply(Ireland, Three, recovery: permit);
        world.RunUntil(w => Forced(w) == 1, 60);
        world.RunFor(5);
        world.Apply(Ireland, Three);
        world.RunUntil(w => w.Status.Recovery is null && w.Status.ObservedGeneration == w.Entity.Metadata.Generation, 60);
        world.Apply(Ireland, Three, recovery: permit);
        world.RunUntil(w => w.Status.Primary is not null, 120);
        Assert.That(Forced(world), Is.EqualTo(2));
    }

    [Test]
    public void A_process_that_dies_after_the_forced_reconfig_does_not_take_its_own_for_a_strangers()
    {
        using var world = WithoutMajority();
        world.Apply(Ireland, Three, recovery: Permit(world));
        world.RunUntil(w => Forced(w) == 1, 60);
        world.RestartOperator();
        world.Member(Ireland, 'b').Restart();
        world.Member(Ireland, 'c').Restart();
        world.RunUntil(w => ReplicaSetWorld.IsSettled(w) && w.Status.Summary is { Members: "3/3", Votes: "eu-west-1:3" }, 300);
        Assert.That(world.Events.Reasons, Has.None.EqualTo("ForeignReconfig"), world.Story());
    }

    [Test]
    public void A_fenced_voter_that_answers_stops_it()
    {
        using var world = WithoutMajority();
        world.Member(Ireland, 'c').Restart();
        world.Network.Loop.Post(() => world.Network.Faults.Partition([ReplicaSetWorld.Hosts(Ireland)[0]], [ReplicaSetWorld.Hosts(Ireland)[2]]));
        world.Apply(Ireland, Three, recovery: Permit(world));
        world.RunFor(30);
        Assert.That(Forced(world), Is.Zero);
        Assert.That(world.Condition(ConditionTypes.Ready).Message, Does.Contain("mongo-c.eu-west-1:27017").And.Contain("answers").Or.Contain("a majority of the voters answers"), world.Story());
    }

    private static int Forced(ReplicaSetWorld world) => world.Calls.Sent.Count(c => c.GetValue("force", false) == true);

    private static RecoverySpec Permit(ReplicaSetWorld world)
    {
        var config = world.Network.Execute(ReplicaSetWorld.Hosts(Ireland)[0], BsonDocument.Parse("{ replSetGetConfig: 1, $db: 'admin' }"))["config"];
        return new RecoverySpec { ConfigVersion = config["version"].ToInt64(), ConfigTerm = config["term"].ToInt64(), FencedHosts = [.. ReplicaSetWorld.Hosts(Ireland).Skip(1)] };
    }

    /// <summary>Three voters, settled; then two are lost.</summary>
    private static ReplicaSetWorld WithoutMajority()
    {
        var world = new ReplicaSetWorld();
        world.InitiateIreland();
        world.Apply(Ireland, Three);
        world.RunUntilSettled();
        world.Member(Ireland, 'b').Crash();
        world.Member(Ireland, 'c').Crash();
        world.RunUntil(w => w.Status.Primary is null, 60);
        return world;
    }
}
