using Modestano.Crds.V1Alpha1;
using Modestano.Scenarios.ReplicaSets;
using Modestano.Testbed.Mongo.Model;

namespace Modestano.Scenarios.Migrations;

/// <summary>The way back, from every phase (M1): weights, then primary, then the new members' votes.</summary>
internal sealed class RollBackScenarios
{
    [TestCase(MigrationPhases.Preflight)]
    [TestCase(MigrationPhases.Syncing)]
    [TestCase(MigrationPhases.Promoting)]
    [TestCase(MigrationPhases.Shifting)]
    [TestCase(MigrationPhases.MovingPrimary)]
    [TestCase(MigrationPhases.Soaking)]
    public void A_roll_back_ends_where_it_began_with_the_new_members_as_voteless_secondaries(string phase)
    {
        using var world = new MigrationWorld();
        world.RunUntilPhase(phase);
        world.Annotate(Annotations.RollBack, "orders fail");
        world.RunUntilPhase(MigrationPhases.RolledBack);
        Assert.Multiple(() =>
        {
            Assert.That(world.Primary, Does.Contain(MigrationWorld.Ireland));
            Assert.That(world.Weights, Is.EqualTo("255/0"));
            Assert.That(VotesIn(world, MigrationWorld.London), Is.EqualTo(0), world.Story());
            Assert.That(VotesIn(world, MigrationWorld.Ireland), Is.EqualTo(3));
            Assert.That(world.Network.Violations, Is.Empty);
        });
    }

    [TestCase(MigrationPhases.Syncing)]
    [TestCase(MigrationPhases.Promoting)]
    [TestCase(MigrationPhases.Shifting)]
    [TestCase(MigrationPhases.MovingPrimary)]
    [TestCase(MigrationPhases.Soaking)]
    public void A_hold_keeps_the_place_and_the_migration_goes_on_after_it(string phase)
    {
        using var world = new MigrationWorld();
        world.RunUntilPhase(phase);
        world.Annotate(Annotations.Hold, "a release is under way");
        world.RunUntil(w => w.Status.Override?.Hold == true);
        world.RunFor(20);
        var (batches, stepDowns) = (world.Cluster.Route53.Zones.Log.Count, world.Cluster.Accepted.StepDowns);
        world.RunFor(60);
        Assert.That(world.Phase, Is.EqualTo(phase));
        Assert.That((world.Cluster.Route53.Zones.Log.Count, world.Cluster.Accepted.StepDowns), Is.EqualTo((batches, stepDowns)), "nothing moves while it is held");
        world.Annotate(Annotations.Hold, null);
        world.RunUntilPhase(MigrationPhases.Completed);
        Assert.That(world.Weights, Is.EqualTo("0/255"));
    }

    [Test]
    public void A_migration_that_vanishes_leaves_traffic_and_primary_where_they_are()
    {
        using var world = new MigrationWorld();
        world.RunUntil(w => w.Status.Step is { Percent: 50, InSyncTime: not null });
        var weights = world.Weights;
        world.Cluster.Migrations.Remove(new("shop", "to-london"));
        world.RunFor(120);
        Assert.Multiple(() =>
        {
            Assert.That(world.Weights, Is.EqualTo(weights));
            Assert.That(world.Record.Status!.Override!.Orphaned, Is.True);
            Assert.That(world.Primary, Does.Contain(world.Set.Status!.PrimaryRegion!));
        });
    }

    [Test]
    public void A_roll_back_towards_a_dead_region_holds_until_it_is_back()
    {
        using var world = new MigrationWorld();
        world.RunUntilPhase(MigrationPhases.Soaking);
        var old = ReplicaSetWorld.Hosts(MigrationWorld.Ireland).Select(h => world.Network.Find(h)!).ToList();
        old.ForEach(member => member.Crash());
        world.Annotate(Annotations.RollBack, "orders fail");
        world.RunFor(120);
        Assert.That((world.Phase, world.Weights), Is.EqualTo((MigrationPhases.RollingBack, "0/255")), world.Story());
        old.ForEach(member => member.Restart());
        world.RunUntilPhase(MigrationPhases.RolledBack);
        Assert.That(world.Weights, Is.EqualTo("255/0"));
    }

    [Test]
    public void A_roll_back_towards_a_lagging_region_holds_until_it_has_caught_up()
    {
        using var world = new MigrationWorld();
        var writer = new VirtualWriter(world.Network);
        world.RunUntilPhase(MigrationPhases.Soaking);
        var old = ReplicaSetWorld.Hosts(MigrationWorld.Ireland).Select(h => world.Network.Find(h)!).ToList();
        old.ForEach(member => member.SetSpeed(new DiskOptions { ApplyStopped = true }));
        world.RunFor(30);
        world.Annotate(Annotations.RollBack, "orders fail");
        world.RunFor(120);
        Assert.That((world.Phase, world.Weights), Is.EqualTo((MigrationPhases.RollingBack, "0/255")), world.Story());
        Assert.That(world.Status.WaitingFor, Does.StartWith("gate replication-lag: ").And.EndsWith("is further behind than 5s"));
        old.ForEach(member => member.SetSpeed(new DiskOptions()));
        world.RunUntilPhase(MigrationPhases.RolledBack);
        writer.Stopped = true;
        Assert.That((world.Weights, writer.Lost(world.Primary!)), Is.EqualTo(("255/0", Array.Empty<int>())));
    }

    [Test]
    public void A_roll_back_can_be_asked_for_in_Git_too()
    {
        using var world = new MigrationWorld();
        world.RunUntilPhase(MigrationPhases.Soaking);
        world.Edit(spec => spec with { Intent = "RollBack" });
        world.RunUntilPhase(MigrationPhases.RolledBack);
        Assert.That((world.Weights, world.Status.RollBack!.Source), Is.EqualTo(("255/0", "Intent")));
    }

    [Test]
    public void A_hold_in_Git_stops_and_a_commit_that_proceeds_goes_on()
    {
        using var world = new MigrationWorld();
        world.RunUntil(w => w.Status.Step is { Percent: 10, InSyncTime: not null });
        world.Edit(spec => spec with { Intent = "Hold" });
        world.RunFor(120);
        Assert.That((world.Phase, world.Status.Step!.Percent), Is.EqualTo((MigrationPhases.Shifting, 10)));
        Assert.That(world.Status.WaitingFor, Is.EqualTo("spec.intent is Hold; set Proceed or RollBack to go on"));
        world.Edit(spec => spec with { Intent = "Proceed" });
        world.RunUntilPhase(MigrationPhases.Completed);
    }

    [Test]
    public void A_roll_back_once_asked_for_survives_Git_being_applied_again()
    {
        using var world = new MigrationWorld();
        world.RunUntilPhase(MigrationPhases.Soaking);
        world.Annotate(Annotations.RollBack, "orders fail");
        world.RunUntil(w => w.Status.RollBack is not null);
        world.Annotate(Annotations.RollBack, null);
        world.Edit(spec => spec with { Intent = "Proceed" });
        world.RunUntilPhase(MigrationPhases.RolledBack);
        world.RunFor(120);
        Assert.That((world.Phase, world.Weights, world.Status.RollBack!.Reason), Is.EqualTo((MigrationPhases.RolledBack, "255/0", "orders fail")));
    }

    private static int VotesIn(MigrationWorld world, string region) =>
        world.Set.Status!.Members!.Where(m => m.Region == region).Sum(m => m.Votes ?? 0);
}
