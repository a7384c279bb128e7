using Modestano.Crds.V1Alpha1;
using Modestano.Scenarios.ReplicaSets;
using Modestano.Scenarios.Virtual;

namespace Modestano.Scenarios.Migrations;

/// <summary>The old region's members leave (M5): late, all conditions met, by few steps; and until then there is a way back.</summary>
internal sealed class DecommissionScenarios
{
    private static readonly IReadOnlyList<string> OldHosts = ReplicaSetWorld.Hosts(MigrationWorld.Ireland);

    [Test]
    public void Members_leave_when_the_last_application_has_let_go_of_them()
    {
        using var world = Start();
        var shop = new VirtualApplication(world.Network, "shop", OldHosts[0]);
        var report = new VirtualApplication(world.Network, "monthly-report", OldHosts[1], isPinned: true);
        world.RunUntilPhase(MigrationPhases.Soaking);
        var before = world.Cluster.Accepted.Configurations.Count;
        world.RunUntil(w => w.Status.Override?.HiddenMembers is not null);
        world.RunFor(300);

        Assert.That(world.Phase, Is.EqualTo(MigrationPhases.Decommissioning));
        Assert.That(world.Status.WaitingFor, Is.EqualTo($"gate application-connections: {OldHosts[1]} is used by 1 application: monthly-report from 10.0.0.7; stop them or give them the new hosts"), world.Story());
        Assert.That(Check(world, OldHosts[0]), Is.EqualTo(("Passed", "0", (string?)null)), "a driver lets go of hidden members");
        Assert.That(Check(world, OldHosts[1]).Result, Is.EqualTo("Failed"));
        Assert.That(Check(world, OldHosts[1]).Value, Is.EqualTo("3"));
        Assert.That(world.Set.Status!.Members!.Count(m => m.Region == MigrationWorld.Ireland), Is.EqualTo(3));

        report.End();
        world.RunUntil(w => w.Status is { Phase: MigrationPhases.Completed, SpecEdits.Count: > 0 });
        shop.End();
        Assert.Multiple(() =>
        {
            Assert.That(world.Set.Status!.Members!.Where(m => m.Votes is not null).Select(m => m.Region).Distinct(), Is.EqualTo(new[] { MigrationWorld.London }));
            Assert.That(world.Cluster.Accepted.Configurations.Count - before, Is.EqualTo(3), "one hides, and each of the two voters leaves in its own");
            Assert.That(world.Network.Violations, Is.Empty);
            Assert.That(world.Weights, Is.EqualTo("0/255"));
            Assert.That(world.Status.SpecEdits!.Where(e => e.To == "(removed)").Select(e => e.Field), Is.EqualTo(new[] { "spec.regions[name=eu-west-1]" }), "a region without members is no valid spec");
        });
    }

    [Test]
    public void Nobody_is_hidden_before_a_person_confirms_the_clients()
    {
        using var world = Start(confirmed: false);
        world.RunUntilPhase(MigrationPhases.Decommissioning);
        world.RunFor(300);
        Assert.That(world.Status.Override!.HiddenMembers, Is.Null);
        Assert.That(world.Status.WaitingFor, Does.StartWith("spec.decommission.clientsConfirmed: set it to true"));
        world.Edit(spec => spec with { Decommission = spec.Decommission with { ClientsConfirmed = true } });
        world.RunUntilPhase(MigrationPhases.Completed);
    }

    [Test]
    public void Nobody_leaves_while_a_member_that_has_to_carry_the_set_is_down()
    {
        using var world = Start();
        world.RunUntilPhase(MigrationPhases.Decommissioning);
        var weak = world.Network.Find(ReplicaSetWorld.Hosts(MigrationWorld.London).First(h => h != world.Primary))!;
        weak.Crash();
        world.RunFor(300);
        Assert.That(world.Status.Override!.RetiredMembers, Is.Null, world.Story());
        Assert.That(world.Status.Gates!.Single(g => g.Name == "redundancy").Message, Does.StartWith($"{weak.Host} would have to carry the set"));
        weak.Restart();
        world.RunUntilPhase(MigrationPhases.Completed);
        Assert.That(world.Network.Violations, Is.Empty);
    }

    [Test]
    public void A_member_that_fails_while_others_leave_keeps_the_rest_in_place_until_it_is_back()
    {
        using var world = Start();
        world.RunUntil(w => w.Status.Override?.RetiredMembers is not null);
        var weak = world.Network.Find(ReplicaSetWorld.Hosts(MigrationWorld.London).First(h => h != world.Primary))!;
        weak.Crash();
        world.RunFor(300);
        Assert.That(world.Phase, Is.EqualTo(MigrationPhases.Decommissioning), world.Story());
        Assert.That(world.Set.Status!.Members!.Count(m => m.Region == MigrationWorld.Ireland && m.Healthy == true), Is.GreaterThan(0), "R9");
        weak.Restart();
        world.RunUntilPhase(MigrationPhases.Completed);
        Assert.That(world.Network.Violations, Is.Empty);
    }

    [Test]
    public void A_roll_back_before_members_leave_shows_them_again_and_brings_everything_back()
    {
        using var world = Start();
        _ = new VirtualApplication(world.Network, "report", OldHosts[1], isPinned: true);
        world.RunUntil(w => w.Status.Override?.HiddenMembers is not null);
        world.RunFor(60);
        world.Annotate(Annotations.RollBack, "the report cannot be moved");
        world.RunUntilPhase(MigrationPhases.RolledBack);
        Assert.Multiple(() =>
        {
            Assert.That(world.Primary, Does.Contain(MigrationWorld.Ireland));
            Assert.That(world.Weights, Is.EqualTo("255/0"));
            Assert.That(world.Set.Status!.Members!.Count(m => m is { Region: MigrationWorld.Ireland, Votes: 1 }), Is.EqualTo(3));
            Assert.That(world.HiddenHosts(), Is.Empty);
            Assert.That(world.Network.Violations, Is.Empty);
        });
    }

    [Test]
    public void A_roll_back_after_members_were_told_to_leave_is_refused_and_what_is_under_way_ends_when_it_is_taken_back()
    {
        using var world = Start();
        world.RunUntil(w => w.Status.Override?.RetiredMembers is not null);
        world.Annotate(Annotations.RollBack, "too late");
        world.RunUntil(w => w.Status.Conditions?.Any(c => c is { Type: ConditionTypes.Stalled, Status: "True", Reason: "NoWayBack" }) == true);
        world.RunFor(120);
        Assert.That(world.Phase, Is.EqualTo(MigrationPhases.Decommissioning));
        world.Annotate(Annotations.RollBack, null);
        world.RunUntilPhase(MigrationPhases.Completed);
        Assert.That(world.Primary, Does.Contain(MigrationWorld.London));
    }

    [Test]
    public void A_mode_that_is_set_back_before_anybody_left_shows_the_members_again_and_keeps_them()
    {
        using var world = Start();
        _ = new VirtualApplication(world.Network, "report", OldHosts[1], isPinned: true);
        world.RunUntil(w => w.Status.Override?.HiddenMembers is not null);
        world.RunFor(60);
        world.Edit(spec => spec with { Decommission = spec.Decommission with { Mode = "Never" } });
        world.RunUntilPhase(MigrationPhases.Completed);
        Assert.That(world.HiddenHosts(), Is.Empty);
        Assert.That(world.Set.Status!.Members!.Count(m => m.Region == MigrationWorld.Ireland), Is.EqualTo(3));
    }

    [Test]
    public void A_fenced_record_of_the_old_region_is_gone_at_the_end()
    {
        using var world = Start();
        var record = world.Record;
        record.Spec = record.Spec with { Fence = true };
        world.Cluster.Records.Put(record, newGeneration: true);
        world.RunUntilPhase(MigrationPhases.Completed);
        Assert.That(world.Weights, Is.EqualTo("255"), "one set is left, of London");
    }

    private static MigrationWorld Start(bool confirmed = true) => new(spec => spec with
    {
        Decommission = new DecommissionSpec { Mode = "Remove", After = Duration.FromSeconds(60), ClientsConfirmed = confirmed },
    });

    private static (string? Result, string? Value, string? Message) Check(MigrationWorld world, string host) =>
        world.Set.Status!.Checks!.Single(c => c.Name == "ApplicationConnections" && c.Member == host) is var check ? (check.Result, check.Value, check.Message) : default;
}
