using Modestano.Testbed.Mongo.Model;

namespace Modestano.Scenarios.ReplicaSets;

/// <summary>The releases at the lower end, in virtual time.</summary>
public class OldReleaseScenarios
{
    // 4.4.0 and 4.4.1 answer hello with 59 (manual: hello).
    [Test]
    public void Members_that_do_not_know_hello_are_seen_and_the_primary_moves_between_them()
    {
        var network = new SimulatedReplicaSetNetwork(EventLoop.Virtual(1));
        foreach (var region in (string[])[ReplicaSetWorld.Ireland, ReplicaSetWorld.London])
        {
            foreach (var host in ReplicaSetWorld.Hosts(region))
            {
                network.AddMember(new MemberOptions { Host = host, Region = region, Version = ServerVersion.Mongo440 });
            }
        }

        using var world = new ReplicaSetWorld(network);
        world.InitiateIreland();
        world.Apply(ReplicaSetWorld.Ireland);
        world.RunUntilSettled();

        world.Apply(ReplicaSetWorld.London);
        world.RunUntilSettled();

        Assert.That(world.Status.PrimaryRegion, Is.EqualTo(ReplicaSetWorld.London));
        Assert.That(world.Status.LastHandOff!.WriteGapMillis, Is.Not.Null, "the new primary was recognised");
    }
}
