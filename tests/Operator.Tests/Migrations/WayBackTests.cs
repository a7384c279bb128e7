using Modestano.Crds.V1Alpha1;
using Modestano.Operator.Migrations.Planning;

namespace Modestano.Operator.Tests.Migrations;

/// <summary>What the way back waits for: the region that it goes to, and nothing that brought it about.</summary>
[TestFixture]
public sealed class WayBackTests
{
    private static readonly string[] Asked = ["GateFailure", "Annotation", "Intent", "Deletion"];
    private static readonly string[] Outside = [GateVerdict.Failing, GateVerdict.Unknown];

    [Test]
    public void A_roll_back_ends_while_the_gate_goes_on_failing_whoever_asked_for_it([ValueSource(nameof(Asked))] string source, [ValueSource(nameof(Outside))] string afterwards)
    {
        var stage = new MigrationStage(s => s with { OnGateFailure = source == "GateFailure" ? "RollBack" : "Hold", OnDelete = "RollBack" })
            .Until(s => s.Status.Step is { Percent: 50, InSyncTime: not null });
        Answer(stage, GateVerdict.Failing);
        switch (source)
        {
            case "Annotation":
                stage.Annotate(Annotations.RollBack, "customers see errors");
                break;
            case "Intent":
                stage.Migration.Spec = stage.Migration.Spec with { Intent = "RollBack" };
                break;
            case "Deletion":
                stage.Migration.Metadata.DeletionTimestamp = stage.Now.UtcDateTime;
                break;
        }

        stage.Pass();
        Assert.That((stage.Phase, stage.Status.RollBack!.Source), Is.EqualTo((MigrationPhases.RollingBack, source)));

        Answer(stage, afterwards);
        var asked = stage.TimesAsked;
        stage.UntilPhase(MigrationPhases.RolledBack);

        Assert.That((stage.WeightInNewRegion(), stage.ReplicaSet!.Status!.PrimaryRegion), Is.EqualTo((0, "eu-west-1")));
        Assert.That(stage.TimesAsked, Is.EqualTo(asked), "no probe and no query is asked on the way back");
    }

    [Test]
    public void What_a_person_asks_for_is_decided_before_any_gate_is_asked()
    {
        foreach (var wish in new[] { Annotations.Hold, Annotations.RollBack })
        {
            var stage = new MigrationStage().Until(s => s.Status.Step is { Percent: 50, InSyncTime: not null });
            var asked = stage.TimesAsked;
            stage.Annotate(wish, "now");
            stage.Pass();
            Assert.That(stage.TimesAsked, Is.EqualTo(asked), wish);
        }
    }

    [Test]
    public void A_roll_back_whose_status_lost_what_was_asked_for_begins_once_every_target_is_seen()
    {
        var stage = new MigrationStage().Until(s => s.Status.Step is { Percent: 50, InSyncTime: not null });
        var seen = stage.ReplicaSet!.Status!;
        stage.Migration.Status = stage.Status with { Override = null };
        stage.ReplicaSet.Status = seen with { PrimaryRegion = null };
        stage.Annotate(Annotations.RollBack, "customers see errors");
        stage.Pass();
        Assert.That(stage.Status.WaitingFor, Does.StartWith("every target to be seen"));

        stage.ReplicaSet.Status = seen;
        stage.UntilPhase(MigrationPhases.RolledBack);

        Assert.That((stage.WeightInNewRegion(), stage.ReplicaSet!.Status!.PrimaryRegion), Is.EqualTo((0, "eu-west-1")));
    }

    [Test]
    public void A_gate_that_fails_while_a_person_holds_rolls_nothing_back()
    {
        var stage = new MigrationStage(s => s with { OnGateFailure = "RollBack" }).Until(s => s.Status.Step is { Percent: 50, InSyncTime: not null });
        stage.Annotate(Annotations.Hold, "we are looking");
        Answer(stage, GateVerdict.Failing);
        stage.Idle(20);

        Assert.That((stage.Phase, stage.Status.RollBack), Is.EqualTo((MigrationPhases.Shifting, (RollBackRequest?)null)));
    }

    [Test]
    public void A_hold_that_is_in_Git_does_not_keep_back_what_is_asked_for_at_night()
    {
        var stage = new MigrationStage().Until(s => s.Status.Step is { Percent: 50, InSyncTime: not null });
        stage.Migration.Spec = stage.Migration.Spec with { Intent = "Hold" };
        stage.Pass();
        stage.Annotate(Annotations.RollBack, "customers see errors");
        stage.UntilPhase(MigrationPhases.RolledBack);
        Assert.That(stage.WeightInNewRegion(), Is.Zero);
    }

    [Test]
    public void A_roll_back_that_was_asked_for_in_Git_is_held_in_Git()
    {
        var stage = new MigrationStage().Until(s => s.Status.Step is { Percent: 50, InSyncTime: not null });
        stage.Migration.Spec = stage.Migration.Spec with { Intent = "RollBack" };
        stage.Pass();
        stage.Migration.Spec = stage.Migration.Spec with { Intent = "Hold" };
        stage.Pass();
        Assert.That((stage.Phase, stage.Status.Override!.Hold), Is.EqualTo((MigrationPhases.RollingBack, (bool?)true)));
    }

    [Test]
    public void The_annotation_hold_stops_a_roll_back_too()
    {
        var stage = new MigrationStage().Until(s => s.Status.Step is { Percent: 50, InSyncTime: not null });
        stage.Annotate(Annotations.RollBack, "customers see errors");
        stage.Pass();
        stage.Annotate(Annotations.Hold, "wait");
        stage.Pass();
        Assert.That((stage.Phase, stage.Status.Override!.Hold), Is.EqualTo((MigrationPhases.RollingBack, (bool?)true)));
    }

    [TestCase("RollBack")]
    [TestCase("Hold")]
    public void The_reason_of_a_roll_back_and_of_a_hold_is_the_gate_that_failed_and_not_one_without_data_before_it(string onGateFailure)
    {
        var stage = new MigrationStage(s => s with { OnGateFailure = onGateFailure }).Until(s => s.Status.Step is { Percent: 50, InSyncTime: not null });
        stage.Gates =
        [
            new GateStatus { Name = "latency", Result = GateVerdict.Unknown, Message = "no data" },
            new GateStatus { Name = "error-rate", Result = GateVerdict.Failing, Message = "0.05 is above max 0.01" },
        ];
        // The rest of the step's own hold is waited for first.
        stage.Until(s => s.Status.RollBack is not null || s.Status.WaitingFor?.StartsWith("gate ", StringComparison.Ordinal) == true);
        Assert.That(stage.Phase == MigrationPhases.RollingBack, Is.EqualTo(onGateFailure == "RollBack"));
        Assert.That(onGateFailure == "RollBack" ? stage.Status.RollBack!.Reason : stage.Status.WaitingFor, Is.EqualTo("gate error-rate: 0.05 is above max 0.01"));
    }

    [Test]
    public void A_long_reason_does_not_make_the_status_one_that_the_API_server_refuses()
    {
        var stage = new MigrationStage().Until(s => s.Status.Step is { Percent: 10 });
        stage.Annotate(Annotations.Hold, new string('x', 5000));
        stage.Pass();
        Assert.That(stage.Status.WaitingFor, Has.Length.LessThanOrEqualTo(1024));
        Assert.That(stage.Status.Timeline!.Select(t => t.Message.Length), Is.All.LessThanOrEqualTo(1024));
        Assert.That(stage.Status.Conditions!.Select(c => c.Message.Length), Is.All.LessThanOrEqualTo(1024));
    }

    private static void Answer(MigrationStage stage, string result) => stage.Gates = [new GateStatus { Name = "error-rate", Result = result, Message = "0.05 is above max 0.01" }];
}
