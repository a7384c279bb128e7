using Modestano.Crds.V1Alpha1;
using Modestano.Operator.Configuration;
using Modestano.Operator.Schedules;

namespace Modestano.Operator.Tests.Migrations;

/// <summary>What windows and freezes hold, and what they do not. The stage begins on Monday, 23 November 2026, at 03:00 UTC.</summary>
[TestFixture]
public sealed class WindowTests
{
    [Test]
    public void A_step_waits_for_its_window_says_when_it_opens_and_goes_on_then()
    {
        var stage = Within(Allow("0 22 * * *", "2h"));
        stage.Idle(40);
        using (Assert.EnterMultipleScope())
        {
            Assert.That((stage.Phase, stage.Status.Step!.Index), Is.EqualTo((MigrationPhases.Shifting, -1)));
            Assert.That(stage.Status.WaitingFor, Is.EqualTo("the window that opens at 2026-11-23 22:00 UTC, to begin the step to 10%"));
            Assert.That(stage.Status.NextWindow, Is.EqualTo(new DateTime(2026, 11, 23, 22, 0, 0, DateTimeKind.Utc)));
            Assert.That(stage.Last.Recheck, Is.EqualTo(new DateTimeOffset(2026, 11, 23, 22, 0, 0, TimeSpan.Zero)));
        }

        stage.Now = new DateTimeOffset(2026, 11, 23, 22, 0, 0, TimeSpan.Zero);
        stage.UntilPhase(MigrationPhases.Completed);
        Assert.That(stage.Status.NextWindow, Is.Null);
    }

    [Test]
    public void Nothing_begins_that_would_not_end_before_the_window_does()
    {
        // A step takes a minute for Route 53 and the TTL of 60 s.
        var stage = Within(Allow("0 3 * * *", "4m"));
        stage.Until(s => s.Status.Step is { Index: 0 });
        stage.Now = new DateTimeOffset(2026, 11, 23, 3, 2, 30, TimeSpan.Zero);
        stage.Idle(40);
        Assert.That((stage.Status.Step!.Percent, stage.Status.WaitingFor), Is.EqualTo((10, "the window that opens at 2026-11-24 03:00 UTC, to begin the step to 50%")));
    }

    [Test]
    public void Deny_beats_allow()
    {
        var stage = Within(Allow("0 0 * * *", "24h"), new MigrationWindow { Kind = "Deny", Schedule = "0 0 * * 1", Duration = Duration.Parse("24h") });
        stage.Idle(40);
        Assert.That(stage.Status.WaitingFor, Does.StartWith("the window that opens at 2026-11-24 00:00 UTC"));
    }

    [Test]
    public void A_freeze_of_the_configuration_is_named()
    {
        var stage = new MigrationStage { Freezes = [new Freeze("black-friday", RecurringWindow.Read("0 0 23 11 *", TimeSpan.FromDays(7), null, out _)!)] };
        stage.Idle(40);
        Assert.That(stage.Status.WaitingFor, Is.EqualTo("the window that opens at 2026-11-30 00:00 UTC, to begin the step to 10%; black-friday is a freeze of the operator's configuration"));
    }

    [Test]
    public void A_hand_off_that_has_begun_goes_on_and_the_next_step_waits()
    {
        var stage = new MigrationStage(s => s with { Windows = [Allow("0 3 * * *", "1h")] }).UntilPhase(MigrationPhases.MovingPrimary);
        stage.Now = new DateTimeOffset(2026, 11, 23, 5, 0, 0, TimeSpan.Zero);
        stage.Idle(40);
        Assert.That((stage.Phase, stage.Status.PrimaryRegion, stage.Status.Step!.Percent), Is.EqualTo((MigrationPhases.Shifting, "eu-west-2", 50)));
        Assert.That(stage.Status.WaitingFor, Does.StartWith("the window that opens at 2026-11-24 03:00 UTC, to begin the step to 100%"));
    }

    [Test]
    public void The_primary_waits_for_a_window_too()
    {
        var stage = new MigrationStage(s => s with { Windows = [Allow("0 3 * * *", "1h")] }).Until(s => s.Status.Step is { Percent: 50, InSyncTime: not null });
        stage.Now = new DateTimeOffset(2026, 11, 23, 5, 0, 0, TimeSpan.Zero);
        stage.Idle(40);
        Assert.That(stage.Status.WaitingFor, Is.EqualTo("the window that opens at 2026-11-24 03:00 UTC, to begin the primary's move"));
    }

    [Test]
    public void Each_part_of_a_decommissioning_waits_for_a_window()
    {
        var stage = new MigrationStage(s => s with
        {
            Windows = [Allow("0 3 * * *", "1h")],
            Decommission = new DecommissionSpec { Mode = "Remove", After = Duration.FromSeconds(0), ClientsConfirmed = true },
        }).UntilPhase(MigrationPhases.Decommissioning);
        stage.Now = new DateTimeOffset(2026, 11, 23, 5, 0, 0, TimeSpan.Zero);
        stage.Idle(20);
        Assert.That(stage.Status.WaitingFor, Is.EqualTo("the window that opens at 2026-11-24 03:00 UTC, to begin hiding the members in eu-west-1"));
        stage.Now = new DateTimeOffset(2026, 11, 24, 3, 0, 0, TimeSpan.Zero);
        stage.Until(s => s.Status.Override!.HiddenMembers is not null);
        stage.Now = new DateTimeOffset(2026, 11, 24, 5, 0, 0, TimeSpan.Zero);
        stage.Idle(20);
        Assert.That((stage.Status.Override!.RetiredMembers, stage.Status.WaitingFor), Is.EqualTo(((IReadOnlyList<string>?)null, "the window that opens at 2026-11-25 03:00 UTC, to begin the members' leave from eu-west-1")));
    }

    [Test]
    public void A_roll_back_never_waits_for_a_window([Values] bool isFrozen)
    {
        var stage = new MigrationStage(s => s with { Windows = [Allow("0 3 * * *", "1h")] }).UntilPhase(MigrationPhases.Soaking);
        stage.Now = new DateTimeOffset(2026, 11, 23, 5, 0, 0, TimeSpan.Zero);
        stage.Freezes = isFrozen ? [new Freeze("always", RecurringWindow.Read("* * * * *", TimeSpan.FromHours(1), null, out _)!)] : [];
        stage.Annotate(Annotations.RollBack, "orders fail");
        stage.UntilPhase(MigrationPhases.RolledBack);
        Assert.That((stage.WeightInNewRegion(), stage.Status.PrimaryRegion), Is.EqualTo((0, "eu-west-1")));
    }

    [Test]
    public void A_promotion_skips_no_window()
    {
        var stage = new MigrationStage(s => s with { Windows = [Allow("0 3 * * *", "1h")], TrafficSteps = [.. s.TrafficSteps.Select(t => t with { Hold = null })] }).Until(s => s.Status.Pause is not null);
        stage.Now = new DateTimeOffset(2026, 11, 23, 5, 0, 0, TimeSpan.Zero);
        stage.Annotate(Annotations.Promote, $"10/{stage.Status.Pause!.Token}");
        stage.Idle(20);
        Assert.That((stage.Status.Promoted?.Percent, stage.Status.Step!.Percent), Is.EqualTo((10, 10)));
        Assert.That(stage.Status.WaitingFor, Does.StartWith("the window that opens at 2026-11-24 03:00 UTC"));
    }

    [TestCase("0 25 * * *", "1h", "WrongWindow", "spec.windows[0].schedule: '0 25 * * *' is not cron with five fields (minute, hour, day, month, weekday)")]
    [TestCase("0 22 * * *", "1m", "NoWindow", "the step to 10% takes about 2 min, and within a year no window is open for so long (spec.windows, freezes of the operator's configuration)")]
    public void A_window_that_helps_nobody_is_told(string schedule, string duration, string reason, string message)
    {
        var stage = Within(Allow(schedule, duration));
        stage.Idle(40);
        var stalled = stage.Status.Conditions!.Single(c => c.Type == ConditionTypes.Stalled);
        Assert.That((stalled.Status, stalled.Reason, stalled.Message), Is.EqualTo(("True", reason, message)));
    }

    private static MigrationStage Within(params MigrationWindow[] windows) => new(s => s with { Windows = windows });

    private static MigrationWindow Allow(string schedule, string duration) => new() { Kind = "Allow", Schedule = schedule, Duration = Duration.Parse(duration) };
}
