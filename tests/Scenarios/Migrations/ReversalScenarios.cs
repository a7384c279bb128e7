using Modestano.Crds.V1Alpha1;
using Modestano.Operator.Migrations.Planning;

namespace Modestano.Scenarios.Migrations;

/// <summary>There, and back by the migration that is made of the one that has ended.</summary>
internal sealed class ReversalScenarios
{
    [Test]
    public void The_way_back_of_a_completed_migration_completes_where_the_first_one_began()
    {
        using var world = new MigrationWorld();
        world.RunUntilPhase(MigrationPhases.Completed);
        world.CommitWeights();
        world.CommitPrimaryRegion();
        world.RunUntil(w => w.Status.Released?.Count == 2);
        var back = Reversal.Of(world.Migration!);
        world.Vanish();
        world.MakeAnew("uid-back", with: _ => back);
        world.RunUntilPhase(MigrationPhases.Completed);
        Assert.That(world.Weights, Is.EqualTo("255/0"));
        Assert.That(world.Primary, Does.Contain(MigrationWorld.Ireland));
        Assert.That(world.Network.Violations, Is.Empty);
    }

    [Test]
    public void While_Git_lacks_the_edits_the_way_back_waits_and_says_for_whom()
    {
        using var world = new MigrationWorld();
        world.RunUntilPhase(MigrationPhases.Completed);
        var back = Reversal.Of(world.Migration!);
        world.MakeAnew("uid-back", "to-ireland", _ => back);
        world.RunFor(30);
        Assert.That(world.Cluster.Migrations.Find(new("shop", "to-ireland"))!.Status!.WaitingFor, Is.EqualTo("MongoReplicaSet/marketplace is in migration to-london; this one starts when that one has released it"));
        Assert.That(world.Weights, Is.EqualTo("0/255"));
    }
}
