using Modestano.Crds.V1Alpha1;
using Modestano.Operator.ReplicaSets.Planning;
using Modestano.Testbed.Mongo.Model;
using MongoDB.Bson;

namespace Modestano.Scenarios.ReplicaSets;

/// <summary>The set is well, and the operator is kept out; or the operator is well, and the set has just one candidate left.</summary>
public sealed class AccessScenarios
{
    private const string Ireland = ReplicaSetWorld.Ireland;

    [Test]
    public void A_known_set_that_no_longer_accepts_the_login_says_so_and_asks_nobody_to_bring_members_back([Values] bool newProcess, [Values] bool oneAlone)
    {
        using var world = Settled();
        world.Calls.DroppedUser.UnionWith(ReplicaSetWorld.Hosts(Ireland));
        if (oneAlone)
        {
            world.Calls.CutOff.UnionWith(ReplicaSetWorld.Hosts(Ireland).Skip(1));
        }

        if (newProcess)
        {
            world.RestartOperator();
        }

        world.RunFor(60);
        var ready = world.Condition(ConditionTypes.Ready);
        Assert.That((ready.Status == "True", ready.Reason), Is.EqualTo((false, PlanReasons.LoginRefused)), world.Story());
        Assert.That(ready.Message, Does.Contain("does not accept the operator's login").And.Contain("correct the Secret").And.Not.Contain("ring "));
        Assert.That(world.Status.Members!.Where(m => !oneAlone || m.Host == ReplicaSetWorld.Hosts(Ireland)[0]).Select(m => m.State), Has.None.EqualTo("Absent"));
        Assert.That(world.Status.ReplicaSetId, Is.Not.Null, "it is still known");

        world.Calls.DroppedUser.Clear();
        world.Calls.CutOff.Clear();
        world.RunUntilSettled();
        Assert.That(world.Calls.Sent.Select(c => c.GetElement(0).Name), Has.None.EqualTo("replSetInitiate"));
    }

    [Test]
    public void A_primary_that_only_its_members_reach_is_named_as_such_and_not_as_an_election_to_come()
    {
        using var world = Settled();
        var (primary, sent) = (world.Primary!, world.Calls.Sent.Count);
        world.Calls.CutOff.Add(primary);
        world.RunFor(60);
        var ready = world.Condition(ConditionTypes.Ready);
        Assert.That(ready.Reason, Is.EqualTo(PlanReasons.PrimaryNotReachable), world.Story());
        Assert.That(ready.Message, Does.Contain($"does not reach the primary {primary}").And.Contain("check network, firewall and TLS").And.Not.Contain("should follow"));
        Assert.That((world.Primary, world.Calls.Sent.Count), Is.EqualTo((primary, sent)));
    }

    [Test]
    public void With_two_data_members_and_two_arbiters_the_other_one_takes_over_when_the_primary_dies()
    {
        string[] arbiters = ["arbiter-a.eu-west-1:27017", "arbiter-b.eu-west-1:27017"];
        var network = new SimulatedReplicaSetNetwork(EventLoop.Virtual(1));
        foreach (var host in (string[])[.. ReplicaSetWorld.Hosts(Ireland), .. arbiters])
        {
            network.AddMember(new MemberOptions { Host = host, Region = Ireland, Version = ServerVersion.Mongo50 });
        }

        using var world = new ReplicaSetWorld(network);
        world.InitiateIreland();
        network.Execute(ReplicaSetWorld.Hosts(Ireland)[0], BsonDocument.Parse("{ setDefaultRWConcern: 1, defaultWriteConcern: { w: 1 }, $db: 'admin' }"));
        var data = ReplicaSetWorld.Region(Ireland, 2);
        world.Apply(Ireland, [data with { Members = [.. data.Members, .. arbiters.Select(host => new MemberSpec { Host = host, ArbiterOnly = true })] }]);
        world.RunUntilSettled();
        Assert.That(world.Status.Members!.Select(m => m.Votes), Is.EqualTo(new int?[] { 1, 1, 1, 1 }), world.Story());

        var primary = world.Primary!;
        network.Find(primary)!.Crash();
        world.RunUntil(w => w.Primary is { } next && next != primary, 60);
        Assert.That(world.Primary, Is.EqualTo(ReplicaSetWorld.Hosts(Ireland).Take(2).Single(h => h != primary)));
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
