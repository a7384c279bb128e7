using Modestano.Crds.V1Alpha1;
using Modestano.Operator.Migrations.Planning;

namespace Modestano.Operator.Tests.Migrations;

/// <summary>A step without a hold waits for a person; what a person's word ends, and what it does not.</summary>
[TestFixture]
public sealed class PauseTests
{
    private static readonly GateStatus Failing = new() { Name = "error-rate", Result = GateVerdict.Failing, Message = "above 0.01" };

    [Test]
    public void A_migration_of_pauses_goes_from_step_to_step_as_a_person_promotes_each()
    {
        var stage = Pausing();
        var tokens = new List<string>();
        foreach (var percent in new[] { 10, 50, 100 })
        {
            stage.Until(s => s.Status.Pause?.Percent == percent);
            stage.Now += TimeSpan.FromDays(3);
            stage.Idle(20);
            using (Assert.EnterMultipleScope())
            {
                Assert.That(stage.Status.WaitingFor, Is.EqualTo($"a person to promote {percent}%: kubectl modestano promote rmig to-london -n shop"));
                Assert.That(Condition(stage, ConditionTypes.AwaitingApproval), Is.EqualTo("True AwaitingPromotion"));
                Assert.That(stage.Status.Pause!.Until, Is.Null);
                Assert.That(stage.Status.IgnoredPromotion, Is.Null, "the last word counted once, and is no mistake now");
            }

            tokens.Add(stage.Status.Pause!.Token);
            Promote(stage);
            stage.Pass();
            Assert.That(Condition(stage, ConditionTypes.AwaitingApproval), Is.EqualTo("False NotAsked"));
        }

        stage.UntilPhase(MigrationPhases.Completed);
        Assert.That(tokens, Is.Unique);
        Assert.That(stage.Status.Pause, Is.Null);
    }

    [TestCase(0, false, TestName = "An_annotation_of_the_pause_before_approves_nothing")]
    [TestCase(1, false, TestName = "A_token_without_its_share_approves_nothing")]
    [TestCase(2, false, TestName = "The_token_of_another_migration_approves_nothing")]
    [TestCase(3, false, TestName = "A_yes_approves_nothing")]
    [TestCase(4, true, TestName = "The_token_of_this_pause_approves_it_blanks_or_not")]
    public void Only_the_token_of_this_pause_counts(int kind, bool counts)
    {
        var stage = Pausing().Until(s => s.Status.Pause?.Percent == 10);
        var before = $"10/{stage.Status.Pause!.Token}";
        Promote(stage);
        stage.Until(s => s.Status.Pause?.Percent == 50);
        var other = Pausing("uid-2").Until(s => s.Status.Pause?.Percent == 10);
        Promote(other);
        other.Until(s => s.Status.Pause?.Percent == 50);
        var token = stage.Status.Pause!.Token;
        stage.Annotate(Annotations.Promote, kind switch { 0 => before, 1 => token, 2 => $"50/{other.Status.Pause!.Token}", 3 => "yes", _ => $" 50/{token} " });
        stage.Idle(10);

        Assert.That(stage.Status.Promoted?.Percent, Is.EqualTo(counts ? 50 : 10));
        Assert.That(stage.Status.IgnoredPromotion, kind is 0 or 4 ? Is.Null : Is.Not.Null, "what counted once is no mistake afterwards");
    }

    [Test]
    public void What_is_ignored_is_told_with_what_would_count_and_forgotten_with_the_annotation()
    {
        var stage = Pausing().Until(s => s.Status.Pause?.Percent == 10);
        stage.Annotate(Annotations.Promote, "10/" + new string('f', 500));
        stage.Pass();
        Assert.That(stage.Status.IgnoredPromotion, Has.Length.EqualTo(128));
        Assert.That(Promotions.WhyIgnored(stage.Last.Status), Does.EndWith($"the step stands at 10/{stage.Status.Pause!.Token} (status.pause)"));
        stage.Migration.Metadata.Annotations!.Clear();
        stage.Pass();
        Assert.That(stage.Status.IgnoredPromotion, Is.Null);
    }

    [Test]
    public void A_promotion_ends_the_rest_of_a_hold()
    {
        var stage = new MigrationStage(s => s with { TrafficSteps = [.. s.TrafficSteps.Select(t => t with { Hold = Duration.FromSeconds(100_000) })] }).Until(s => s.Status.Pause?.Percent == 10);
        Assert.That(stage.Status.Pause!.Until, Is.Not.Null);
        Promote(stage);
        stage.Until(s => s.Status.Step!.Percent == 50);
    }

    [Test]
    public void A_promotion_skips_no_gate_and_counts_once_the_gate_passes()
    {
        var stage = Pausing().Until(s => s.Status.Pause?.Percent == 10);
        stage.Gates = [Failing];
        Promote(stage);
        stage.Idle(20);
        Assert.That((stage.Status.Step!.Percent, stage.Status.WaitingFor), Is.EqualTo((10, "gate error-rate: above 0.01")));
        stage.Migration.Metadata.Annotations!.Clear();
        stage.Gates = [];
        stage.Until(s => s.Status.Step!.Percent == 50);
    }

    [Test]
    public void A_hold_comes_before_a_promotion_which_counts_when_it_is_lifted()
    {
        var stage = Pausing().Until(s => s.Status.Pause?.Percent == 10);
        stage.Annotate(Annotations.Hold, "wait");
        Promote(stage);
        stage.Idle(20);
        Assert.That((stage.Status.Step!.Percent, stage.Status.Promoted, stage.Status.IgnoredPromotion), Is.EqualTo((10, (MigrationPromotion?)null, (string?)null)));
        Assert.That(Condition(stage, ConditionTypes.AwaitingApproval), Is.EqualTo("False NotAsked"), "it is held, and a promotion would not help");
        stage.Migration.Metadata.Annotations!.Remove(Annotations.Hold);
        stage.Until(s => s.Status.Step!.Percent == 50);
    }

    [Test]
    public void A_roll_back_needs_no_promotion_and_a_promotion_does_not_stop_it([Values(10, 50, 100)] int percent)
    {
        var stage = Pausing();
        while (stage.Until(s => s.Status.Pause is not null).Status.Pause!.Percent < percent)
        {
            Promote(stage);
            stage.Pass();
            stage.Pass();
        }

        stage.Annotate(Annotations.RollBack, "orders fail");
        Promote(stage);
        stage.UntilPhase(MigrationPhases.RolledBack);
        Assert.That(stage.WeightInNewRegion(), Is.Zero);
        Assert.That(stage.Status.Pause, Is.Null);
    }

    [Test]
    public void A_failing_gate_rolls_back_during_a_pause()
    {
        var stage = Pausing(change: s => s with { OnGateFailure = "RollBack" }).Until(s => s.Status.Pause?.Percent == 10);
        stage.Gates = [Failing];
        stage.UntilPhase(MigrationPhases.RolledBack);
    }

    [Test]
    public void A_migration_that_lost_its_status_asks_again()
    {
        var stage = Pausing().Until(s => s.Status.Pause?.Percent == 10);
        Promote(stage);
        stage.Gates = [Failing];
        stage.Idle(5);
        stage.Migration.Status = null;
        stage.Gates = [];
        stage.Until(s => s.Status.Pause?.Percent == 10);
        stage.Idle(20);
        Assert.That(stage.Status.Step!.Percent, Is.EqualTo(10), "the annotation is of the pause before");
        Assert.That(stage.Status.IgnoredPromotion, Is.Not.Null);
    }

    [Test]
    public void A_hold_that_is_edited_in_or_out_counts_from_when_the_step_was_reached()
    {
        var stage = Pausing().Until(s => s.Status.Pause?.Percent == 10);
        var token = stage.Status.Pause!.Token;
        stage.Now += TimeSpan.FromMinutes(10);
        stage.Migration.Spec = stage.Migration.Spec with { TrafficSteps = [.. stage.Migration.Spec.TrafficSteps.Select(s => s with { Hold = Duration.FromSeconds(3600) })] };
        stage.Pass();
        Assert.That((stage.Status.Pause!.Token, stage.Status.Pause.Until), Is.EqualTo((token, stage.Status.Pause.Since.AddHours(1))));
        stage.Now += TimeSpan.FromMinutes(50);
        stage.Until(s => s.Status.Step!.Percent == 50);
    }

    [Test]
    public void The_token_is_the_same_from_a_moment_that_was_stored_and_read_back()
    {
        var stage = Pausing();
        stage.Now += TimeSpan.FromTicks(1234567);
        stage.Until(s => s.Status.Pause?.Percent == 10);
        var token = stage.Status.Pause!.Token;
        var read = stage.Status.Step!.InSyncTime!.Value;
        stage.Migration.Status = stage.Status with { Step = stage.Status.Step with { InSyncTime = read.AddTicks(-(read.Ticks % 10)) } };
        stage.Pass();
        Assert.That(stage.Status.Pause!.Token, Is.EqualTo(token).And.Length.EqualTo(8));
    }

    private static MigrationStage Pausing(string uid = "uid-1", Func<RegionMigrationSpec, RegionMigrationSpec>? change = null)
    {
        var stage = new MigrationStage(s => (change?.Invoke(s) ?? s) with { TrafficSteps = [.. s.TrafficSteps.Select(t => t with { Hold = null })] });
        stage.Migration.Metadata.Uid = uid;
        return stage;
    }

    private static void Promote(MigrationStage stage) => stage.Annotate(Annotations.Promote, $"{stage.Status.Pause!.Percent}/{stage.Status.Pause.Token}");

    private static string Condition(MigrationStage stage, string type)
    {
        var condition = stage.Status.Conditions!.Single(c => c.Type == type);
        return $"{condition.Status} {condition.Reason}";
    }
}
