using System.Globalization;
using Modestano.Crds.V1Alpha1;
using Modestano.Operator.Configuration;
using Modestano.Operator.Schedules;

namespace Modestano.Scenarios.Migrations;

/// <summary>Windows with the operator's own controllers: what waits for them, through a restart, and what does not.</summary>
internal sealed class WindowScenarios
{
    [Test]
    public void Steps_and_primary_wait_for_the_window_and_a_restart_forgets_nothing()
    {
        using var world = new MigrationWorld();
        var (opens, windows) = Later(world, minutes: 10);
        world.Edit(spec: s => s with { Windows = windows });
        world.RunUntil(w => w.Status.NextWindow is not null);
        Assert.That(world.Status.NextWindow, Is.EqualTo(opens.UtcDateTime));
        world.RunFor(120);
        world.Start(null);
        world.RunFor(120);
        Assert.That((world.Weights, world.Status.NextWindow), Is.EqualTo(("255/0", (DateTime?)opens.UtcDateTime)), world.Story());
        world.RunUntilPhase(MigrationPhases.Completed);
        var first = world.Status.Timeline!.First(t => t.Message.StartsWith("Step 1", StringComparison.Ordinal)).Time;
        Assert.That(first, Is.InRange(opens.UtcDateTime, opens.UtcDateTime.AddSeconds(15)));
        Assert.That(world.Weights, Is.EqualTo("0/255"));
    }

    [Test]
    public void A_hand_off_that_has_begun_ends_and_a_roll_back_asks_no_window()
    {
        using var world = new MigrationWorld();
        world.RunUntilPhase(MigrationPhases.MovingPrimary);
        world.Edit(spec: s => s with { Windows = [new MigrationWindow { Kind = "Deny", Schedule = "0 0 * * *", Duration = Duration.Parse("23h") }, new MigrationWindow { Kind = "Deny", Schedule = "0 12 * * *", Duration = Duration.Parse("23h") }] });
        world.RunUntil(w => w.Phase == MigrationPhases.Shifting && w.Primary?.Contains(MigrationWorld.London, StringComparison.Ordinal) == true);
        world.RunFor(60);
        Assert.That(world.Weights, Is.EqualTo("128/127"), "nothing new begins");
        world.Annotate(Annotations.RollBack, "orders fail");
        world.RunUntilPhase(MigrationPhases.RolledBack);
        Assert.That(world.Weights, Is.EqualTo("255/0"));
        Assert.That(world.Primary, Does.Contain(MigrationWorld.Ireland));
        Assert.That(world.Network.Violations, Is.Empty);
    }

    [Test]
    public void A_freeze_of_the_operators_configuration_holds_every_step_until_it_ends()
    {
        using var world = new MigrationWorld();
        var now = world.Network.Loop.UtcNow;
        var began = new DateTimeOffset(now.Year, now.Month, now.Day, now.Hour, now.Minute, 0, TimeSpan.Zero).AddMinutes(-5);
        var schedule = string.Create(CultureInfo.InvariantCulture, $"{began.Minute} {began.Hour} * * *");
        world.Cluster.Grants = world.Cluster.Grants with { Freezes = [new Freeze("year-end", RecurringWindow.Read(schedule, TimeSpan.FromMinutes(20), null, out _)!)] };
        world.Start(null);
        world.RunUntil(w => w.Status.NextWindow is not null);
        Assert.That(world.Status.WaitingFor, Does.EndWith("; year-end is a freeze of the operator's configuration"));
        Assert.That(world.Status.NextWindow, Is.EqualTo(began.AddMinutes(20).UtcDateTime));
        world.RunFor(120);
        Assert.That(world.Weights, Is.EqualTo("255/0"));
        world.RunUntilPhase(MigrationPhases.Completed);
    }

    private static (DateTimeOffset Opens, IReadOnlyList<MigrationWindow> Windows) Later(MigrationWorld world, int minutes)
    {
        var now = world.Network.Loop.UtcNow;
        var opens = new DateTimeOffset(now.Year, now.Month, now.Day, now.Hour, now.Minute, 0, TimeSpan.Zero).AddMinutes(minutes);
        return (opens, [new MigrationWindow { Kind = "Allow", Schedule = string.Create(CultureInfo.InvariantCulture, $"{opens.Minute} {opens.Hour} * * *"), Duration = Duration.Parse("2h") }]);
    }
}
