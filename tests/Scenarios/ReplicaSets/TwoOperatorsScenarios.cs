using Modestano.Crds.V1Alpha1;

namespace Modestano.Scenarios.ReplicaSets;

/// <summary>Two operators, each in a cluster of its own, with an object of the same name for the same replica set (R11); in virtual time.</summary>
public class TwoOperatorsScenarios
{
    private const string Ireland = ReplicaSetWorld.Ireland;
    private static readonly TimeSpan Slice = TimeSpan.FromMilliseconds(500);

    [Test]
    public void The_second_one_stops_names_the_first_and_changes_nothing()
    {
        using var first = Settled();
        using var second = new ReplicaSetWorld(first.Network, cluster: "other");
        var sent = first.Calls.Sent.Count;
        second.Apply(Ireland, [ReplicaSetWorld.Region(Ireland, 2)], how => how with { Adoption = "Manual" });

        Run(first, second, seconds: 300);

        Assert.That((second.Status.Phase, second.Condition(ConditionTypes.AwaitingApproval).Reason), Is.EqualTo((ReplicaSetPhases.Held, "Adoption")));
        Assert.That(second.Condition(ConditionTypes.AwaitingApproval).Message, Does.Contain("belongs to cluster/shop/marketplace: only one object may manage it"));
        Assert.That((second.Calls.Sent.Count, first.Calls.Sent.Count), Is.EqualTo((0, sent)));
        Assert.That(first.Status.Phase, Is.EqualTo(ReplicaSetPhases.Settled));
    }

    [Test]
    public void Automatic_adoption_on_both_sides_takes_nothing_and_nobody_fights()
    {
        using var first = Settled();
        using var second = new ReplicaSetWorld(first.Network, cluster: "other");
        var sent = first.Calls.Sent.Count;
        second.Apply(Ireland, [ReplicaSetWorld.Region(Ireland, 2)]);

        Run(first, second, seconds: 900);

        Assert.That((second.Status.Phase, second.Condition(ConditionTypes.AwaitingApproval).Reason), Is.EqualTo((ReplicaSetPhases.Held, "Adoption")));
        Assert.That((second.Calls.Sent.Count, first.Calls.Sent.Count), Is.EqualTo((0, sent)));
        Assert.That(first.Status.Phase, Is.EqualTo(ReplicaSetPhases.Settled));
    }

    private static ReplicaSetWorld Settled()
    {
        var world = new ReplicaSetWorld();
        world.InitiateIreland();
        world.Apply(Ireland, [ReplicaSetWorld.Region(Ireland, 3)]);
        world.RunUntilSettled();
        return world;
    }

    /// <summary>Time passes for both, as they share the members.</summary>
    private static void Run(ReplicaSetWorld first, ReplicaSetWorld second, double seconds)
    {
        var end = first.Network.Loop.Elapsed + TimeSpan.FromSeconds(seconds);
        while (first.Network.Loop.Elapsed < end)
        {
            first.Step(Slice);
            second.Step(Slice);
        }
    }
}
