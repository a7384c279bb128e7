using System.Globalization;
using Modestano.Crds.V1Alpha1;

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

    private static (DateTimeOffset Opens, IReadOnlyList<MigrationWindow> Windows) Later(MigrationWorld world, int minutes)
    {
        var now = world.Network.Loop.UtcNow;
        var opens = new DateTimeOffset(now.Year, now.Month, now.Day, now.Hour, now.Minute, 0, TimeSpan.Zero).AddMinutes(minutes);
        return (opens, [new MigrationWindow { Kind = "Allow", Schedule = string.Create(CultureInfo.InvariantCulture, $"{opens.Minute} {opens.Hour} * * *"), Duration = Duration.Parse("2h") }]);
    }
}
