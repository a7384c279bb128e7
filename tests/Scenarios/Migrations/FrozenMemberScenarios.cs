using Modestano.Crds.V1Alpha1;
using Modestano.Scenarios.ReplicaSets;

namespace Modestano.Scenarios.Migrations;

/// <summary>One member takes connections and answers nothing (SIGSTOP, a hung disk): what a person asks for at night must not wait for it.</summary>
internal sealed class FrozenMemberScenarios
{
    private const string OldSecondary = "a secondary of the old region";
    private const string NewSecondary = "a secondary of the new region";
    private const string Primary = "the primary";

    [Test]
    public void A_hold_is_acknowledged_within_a_look_and_a_step([Values(OldSecondary, NewSecondary, Primary)] string which)
    {
        using var world = new MigrationWorld();
        world.RunUntil(w => w.Status.Step is { Percent: 50, InSyncTime: not null });
        Freeze(world, which);
        var began = world.Network.Loop.Elapsed;
        world.Annotate(Annotations.Hold, "we look");
        world.RunUntil(w => w.Status.Override is { Hold: true } asked && HasAcknowledged(w.Record.Status!.Override, asked), 120);
        var record = world.Network.Loop.Elapsed - began;
        world.RunUntil(w => HasAcknowledged(w.Set.Status!.Override, w.Status.Override!), 120);
        var set = world.Network.Loop.Elapsed - began;
        TestContext.Out.WriteLine($"held: record after {record.TotalSeconds:0.0} s, set after {set.TotalSeconds:0.0} s");

        Assert.That(record, Is.LessThan(TimeSpan.FromSeconds(6)), "the record has nothing to do with the member");
        Assert.That(set, Is.LessThan(TimeSpan.FromSeconds(38)), "a step that was under way, and a look");
    }

    [Test]
    public void The_traffic_and_the_primary_are_back_soon_and_the_roll_back_ends_or_names_the_member(
        [Values(OldSecondary, NewSecondary, Primary)] string which, [Values(MigrationPhases.Shifting, MigrationPhases.MovingPrimary, MigrationPhases.Soaking)] string phase)
    {
        using var world = new MigrationWorld();
        world.RunUntil(w => phase == MigrationPhases.Shifting ? w.Status.Step is { Percent: 50 } : w.Phase == phase);
        var frozen = Freeze(world, which);
        var began = world.Network.Loop.Elapsed;
        world.Annotate(Annotations.RollBack, "customers see errors");
        world.RunUntil(w => w.Weights == "255/0", 300);
        var traffic = world.Network.Loop.Elapsed - began;
        world.RunUntil(w => w.Primary?.Contains(MigrationWorld.Ireland, StringComparison.Ordinal) == true, 300);
        var primary = world.Network.Loop.Elapsed - began;
        var ended = world.Run(w => w.Phase == MigrationPhases.RolledBack, 180);
        TestContext.Out.WriteLine($"from {phase} with {which} frozen: traffic after {traffic.TotalSeconds:0.0} s, primary {primary.TotalSeconds:0.0} s, all {(world.Network.Loop.Elapsed - began).TotalSeconds:0.0} s");

        // A frozen primary is voted out after ten seconds, and until then nobody knows how far the others are.
        Assert.That(traffic, Is.LessThan(TimeSpan.FromSeconds(which == Primary ? 40 : 10)), world.Story());
        Assert.That(primary, Is.LessThan(TimeSpan.FromSeconds(90)), world.Story());
        if (!ended)
        {
            Assert.That(world.Status.WaitingFor, Does.Contain(frozen).And.Contain("does not reach it"), "the vote that it yielded is not given to a member that does not answer");
            world.Network.Find(frozen)!.Resume();
            world.RunUntilPhase(MigrationPhases.RolledBack);
        }

        Assert.That(world.Network.Violations, Is.Empty);
    }

    [Test]
    public void The_primary_is_handed_over_past_a_frozen_secondary_with_the_gap_of_any_other_day([Values(OldSecondary, NewSecondary)] string which)
    {
        using var world = new MigrationWorld();
        var writer = new VirtualWriter(world.Network);
        world.RunUntilPhase(MigrationPhases.MovingPrimary);
        Freeze(world, which);
        var began = world.Network.Loop.Elapsed;
        world.RunUntil(w => w.Primary?.Contains(MigrationWorld.London, StringComparison.Ordinal) == true, 300);
        var moved = world.Network.Loop.Elapsed - began;
        world.RunFor(20);
        writer.Stopped = true;
        TestContext.Out.WriteLine($"moved with {which} frozen after {moved.TotalSeconds:0.0} s, longest gap {writer.LongestGap.TotalSeconds:0.0} s");

        Assert.That(moved, Is.LessThan(TimeSpan.FromSeconds(60)), world.Story());
        Assert.That(writer.LongestGap, Is.LessThan(TimeSpan.FromSeconds(4)));
        Assert.That(writer.Lost(world.Primary!), Is.Empty);
        Assert.That(world.Cluster.Accepted.StepDowns, Is.EqualTo(1), "one step-down, which succeeds");
    }

    private static bool HasAcknowledged(LatchedOverride? latched, MigrationOverride asked) => latched is { Settled: true } && latched.ObservedRevision == asked.Revision;

    private static string Freeze(MigrationWorld world, string which)
    {
        var host = which switch
        {
            Primary => world.Primary!,
            OldSecondary => ReplicaSetWorld.Hosts(MigrationWorld.Ireland).First(h => h != world.Primary),
            _ => ReplicaSetWorld.Hosts(MigrationWorld.London).First(h => h != world.Primary),
        };
        world.Network.Find(host)!.Pause();
        return host;
    }
}
