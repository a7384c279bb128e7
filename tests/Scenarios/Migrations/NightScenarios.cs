using Modestano.Crds.V1Alpha1;
using Modestano.Scenarios.MigrationSimulation;
using Modestano.Scenarios.ReplicaSets;

namespace Modestano.Scenarios.Migrations;

/// <summary>What is broken stays broken, and the way back is gone all the same: nobody mends a gate, a Prometheus or a region before the roll-back has ended.</summary>
internal sealed class NightScenarios
{
    private static readonly TimeSpan Soon = TimeSpan.FromSeconds(30);

    [Test]
    public void A_gate_that_fails_and_goes_on_failing_takes_the_traffic_back_and_the_roll_back_ends()
    {
        using var world = new MigrationWorld(s => s with { OnGateFailure = "RollBack", Gates = Gated() });
        world.RunUntil(w => w.Status.Step is { Percent: 50, InSyncTime: not null });
        world.Prometheus.Set("errors", VirtualPrometheus.Mood.Failing);
        var began = world.Network.Loop.Elapsed;
        world.RunUntil(w => w.Weights == "255/0", 120);
        Assert.That(world.Network.Loop.Elapsed - began, Is.LessThan(Soon), world.Story());
        world.RunUntilPhase(MigrationPhases.RolledBack);
        Assert.That((world.Status.RollBack!.Source, world.Status.RollBack.Reason), Is.EqualTo(("GateFailure", "gate error-rate: 0.05 is above max 0.01")));
    }

    [Test]
    public void An_annotation_takes_the_traffic_back_whatever_prometheus_answers_or_does_not(
        [Values(VirtualPrometheus.Mood.Failing, VirtualPrometheus.Mood.Refused, VirtualPrometheus.Mood.Hanging, VirtualPrometheus.Mood.Broken)] VirtualPrometheus.Mood mood)
    {
        using var world = new MigrationWorld(s => s with { Gates = Gated() });
        world.RunUntil(w => w.Status.Step is { Percent: 50, InSyncTime: not null });
        world.Prometheus.Set("errors", mood, variant: 12);
        world.RunFor(30);
        Assert.That(world.Phase, Is.EqualTo(MigrationPhases.Shifting), "it only holds");
        var began = world.Network.Loop.Elapsed;
        world.Annotate(Annotations.RollBack, "customers see errors");
        world.RunUntil(w => w.Weights == "255/0", 120);
        Assert.That(world.Network.Loop.Elapsed - began, Is.LessThan(Soon), world.Story());
        world.RunUntilPhase(MigrationPhases.RolledBack);
    }

    [Test]
    public void The_region_that_the_traffic_was_to_go_to_is_dead_and_stays_dead([Values("Annotation", "Deletion")] string how)
    {
        using var world = new MigrationWorld(s => s with { OnDelete = "RollBack" });
        world.RunUntil(w => w.Status.Step is { Percent: 50, InSyncTime: not null } && w.Phase == MigrationPhases.Shifting && w.Primary!.Contains(MigrationWorld.Ireland, StringComparison.Ordinal));
        foreach (var host in ReplicaSetWorld.Hosts(MigrationWorld.London))
        {
            world.Network.Find(host)!.Crash();
        }

        var began = world.Network.Loop.Elapsed;
        if (how == "Deletion")
        {
            world.Delete();
        }
        else
        {
            world.Annotate(Annotations.RollBack, "London is gone");
        }

        world.RunUntil(w => w.Weights == "255/0", 120);
        Assert.That(world.Network.Loop.Elapsed - began, Is.LessThan(Soon), world.Story());
        world.RunUntil(w => w.Phase == MigrationPhases.RolledBack || w.Migration is null);
        Assert.That(world.Primary, Does.Contain(MigrationWorld.Ireland));
        Assert.That(world.Network.Violations, Is.Empty);
    }

    [Test]
    public void After_a_roll_back_whose_edits_were_committed_the_next_migration_says_what_to_take_out_and_then_completes()
    {
        using var world = new MigrationWorld();
        world.RunUntilPhase(MigrationPhases.Soaking);
        world.Annotate(Annotations.RollBack, "customers see errors");
        world.RunUntil(w => w.Phase == MigrationPhases.RolledBack && w.Status.SpecEdits is not null);
        var edits = world.Status.SpecEdits!.Where(e => e.Field.EndsWith(".votes", StringComparison.Ordinal)).ToList();
        Assert.That(edits, Has.Count.EqualTo(3), "the members of London");

        Commit(world, votes: 0);
        world.Delete();
        world.RunUntil(w => w.Migration is null);
        world.MakeAnew();
        world.RunFor(60);
        Assert.That(world.Phase, Is.EqualTo(MigrationPhases.Pending));
        Assert.That(world.Status.WaitingFor, Does.Contain("take votes: 0 out again"), world.Story());

        Commit(world, votes: null);
        world.RunUntilPhase(MigrationPhases.Completed);
        Assert.That(world.Weights, Is.EqualTo("0/255"));
    }

    private static void Commit(MigrationWorld world, int? votes)
    {
        var set = world.Set;
        set.Spec = set.Spec with { Regions = [.. set.Spec.Regions.Select(r => r.Name == MigrationWorld.London ? r with { Members = [.. r.Members.Select(m => m with { Votes = votes })] } : r)] };
        world.Cluster.Sets.Put(set, newGeneration: true);
    }

    private static GatesSpec Gated() => new() { Prometheus = [new PrometheusGate { Name = "error-rate", PrometheusRef = "main", Query = "errors", Max = "0.01" }] };
}
