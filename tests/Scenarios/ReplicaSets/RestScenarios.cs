using Modestano.Crds.V1Alpha1;

namespace Modestano.Scenarios.ReplicaSets;

/// <summary>A set to which nothing happens, in virtual time.</summary>
public class RestScenarios
{
    [Test]
    public void An_hour_at_rest_under_writes_changes_no_status_whatever_the_figures_do()
    {
        using var world = new ReplicaSetWorld();
        world.InitiateIreland();
        world.Apply(ReplicaSetWorld.Ireland);
        world.RunUntilSettled();
        world.RunFor(60);
        var writer = new VirtualWriter(world.Network, TimeSpan.FromMilliseconds(700));
        var (writes, begun) = (world.Sets.Writes, world.Network.Loop.Elapsed);

        while (world.Network.Loop.Elapsed - begun < TimeSpan.FromHours(1))
        {
            world.Step(TimeSpan.FromSeconds(10));
        }

        writer.Stopped = true;
        Assert.That(world.Sets.Writes - writes, Is.Zero, world.Story());
        Assert.That(writer.Acknowledged, Has.Count.GreaterThan(3000));
        Assert.That(world.Status.Phase, Is.EqualTo(ReplicaSetPhases.Settled));
    }
}
