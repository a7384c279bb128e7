using Modestano.Crds.V1Alpha1;
using Modestano.Operator.ReplicaSets.Status;

namespace Modestano.Scenarios.ReplicaSets;

/// <summary>Two replicas of one operator that lead in turn, in virtual time: what one remembers is no past of what the other has done.</summary>
public class TwoLeadersScenarios
{
    private const string Ireland = ReplicaSetWorld.Ireland;
    private const string London = ReplicaSetWorld.London;

    [Test]
    public void In_its_second_term_a_leader_takes_nothing_that_the_other_leader_did_for_a_foreign_hand()
    {
        using var world = new ReplicaSetWorld();
        world.InitiateIreland();
        world.Apply(Ireland, [ReplicaSetWorld.Region(Ireland, 3)]);
        world.RunUntilSettled();

        world.OtherLeads();
        world.Apply(Ireland);
        world.RunUntil(w => w.Network.Describe().Count(m => m.State == "SECONDARY") >= 4);
        world.OtherLeads();
        world.RunUntilSettled();
        world.OtherLeads();
        world.Apply(London);
        world.RunUntil(w => w.Primary?.Contains(London, StringComparison.Ordinal) == true);
        world.OtherLeads();
        world.RunUntilSettled();

        Assert.That(world.Status.PrimaryRegion, Is.EqualTo(London));
        Assert.That(world.Condition(ConditionTypes.Stalled).Status, Is.EqualTo("False"));
        Assert.That(world.Events.Reasons, Has.None.EqualTo(Reasons.ForeignReconfig));
    }
}
