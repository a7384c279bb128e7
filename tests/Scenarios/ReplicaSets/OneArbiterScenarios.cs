using Modestano.Crds.V1Alpha1;
using Modestano.Operator.ReplicaSets.Planning;
using Modestano.Testbed.Mongo.Model;
using MongoDB.Bson;

namespace Modestano.Scenarios.ReplicaSets;

/// <summary>Arbiters on a release that takes one only, in virtual time, with and without authorization.</summary>
public class OneArbiterScenarios
{
    private const string Old = "arbiter-a.eu-west-2:27017";
    private const string New = "arbiter-b.eu-west-2:27017";

    [Test]
    public void An_arbiter_is_replaced_by_another_one([Values] bool authorization)
    {
        using var world = Started(ServerVersion.Mongo82, authorization);
        world.RunUntilSettled();

        world.Apply(ReplicaSetWorld.Ireland, Regions(New));
        world.RunUntilSettled();

        Assert.That(world.Status.Members!.Select(m => m.Host), Does.Contain(New).And.Not.Contain(Old));
        Assert.That(world.Status.Members!.Single(m => m.Host == New).Votes, Is.EqualTo(1));
    }

    [Test]
    public void A_second_one_is_asked_for_in_vain_and_nothing_is_sent([Values] bool authorization)
    {
        using var world = Started(ServerVersion.Mongo82, authorization);
        world.RunUntilSettled();
        var sent = world.Calls.Sent.Count;

        world.Apply(ReplicaSetWorld.Ireland, Regions(Old, New));
        world.RunFor(60);

        Assert.That(world.Condition(ConditionTypes.Stalled).Reason, Is.EqualTo(PlanReasons.OneArbiter), world.Story());
        Assert.That(world.Status.Checks!.Single(c => c.Name == "OneArbiter").Limit, Is.EqualTo("1"));
        Assert.That(world.Calls.Sent.Count(c => c.Contains("replSetReconfig") && c["replSetReconfig"]["members"].AsBsonArray.Count(m => m.AsBsonDocument.GetValue("arbiterOnly", false).ToBoolean()) > 1), Is.Zero);
        Assert.That(sent, Is.Positive);
    }

    [Test]
    public void A_release_before_5_3_takes_two()
    {
        using var world = Started(ServerVersion.Mongo50, authorization: false);
        world.RunUntilSettled();

        world.Apply(ReplicaSetWorld.Ireland, Regions(Old, New));
        world.RunUntilSettled();

        Assert.That(world.Status.Members!.Count(m => m.State == "ARBITER"), Is.EqualTo(2));
    }

    private static ReplicaSetWorld Started(ServerVersion release, bool authorization)
    {
        var network = new SimulatedReplicaSetNetwork(EventLoop.Virtual(1));
        foreach (var host in (string[])[.. ReplicaSetWorld.Hosts(ReplicaSetWorld.Ireland), Old, New])
        {
            network.AddMember(new MemberOptions { Host = host, Region = ReplicaSetWorld.Ireland, Version = release });
        }

        var world = new ReplicaSetWorld(network);
        world.Calls.Authorization = authorization;
        world.InitiateIreland();
        network.Execute(ReplicaSetWorld.Hosts(ReplicaSetWorld.Ireland)[0], BsonDocument.Parse("{ setDefaultRWConcern: 1, defaultWriteConcern: { w: 'majority' }, $db: 'admin' }"));
        world.Apply(ReplicaSetWorld.Ireland, Regions(Old));
        return world;
    }

    private static IReadOnlyList<RegionSpec> Regions(params string[] arbiters) =>
    [
        ReplicaSetWorld.Region(ReplicaSetWorld.Ireland, 3),
        new RegionSpec { Name = ReplicaSetWorld.London, Members = [.. arbiters.Select(host => new MemberSpec { Host = host, ArbiterOnly = true })] },
    ];
}
