using Modestano.Crds.V1Alpha1;
using Modestano.Operator.Migrations.Planning;

namespace Modestano.Operator.Tests.Migrations;

[TestFixture]
public sealed class MigrationStoryTests
{
    [Test]
    public void A_migration_goes_through_its_phases_in_order_and_moves_the_primary_between_two_steps()
    {
        var stage = new MigrationStage();
        var phases = new List<string>();
        stage.Until(s =>
        {
            if (s.Phase is { } phase && phases.LastOrDefault() != phase)
            {
                phases.Add(phase);
            }

            return s.Phase == MigrationPhases.Completed;
        });

        Assert.That(phases, Is.EqualTo(new[]
        {
            MigrationPhases.Preflight, MigrationPhases.Syncing, MigrationPhases.Promoting, MigrationPhases.Shifting,
            MigrationPhases.MovingPrimary, MigrationPhases.Shifting, MigrationPhases.Soaking, MigrationPhases.Completed,
        }));
        Assert.That(stage.WeightInNewRegion(), Is.EqualTo(255));
        Assert.That(stage.ReplicaSet!.Status!.PrimaryRegion, Is.EqualTo("eu-west-2"));
    }

    [TestCase(0, new[] { "primary", "10", "50", "100" })]
    [TestCase(30, new[] { "10", "50", "primary", "100" })]
    [TestCase(50, new[] { "10", "50", "primary", "100" })]
    [TestCase(100, new[] { "10", "50", "100", "primary" })]
    public void The_primary_moves_at_the_first_step_that_reaches_moveAtPercent(int moveAtPercent, string[] expected)
    {
        var stage = new MigrationStage(s => s with { Primary = new PrimaryMoveSpec { MoveAtPercent = moveAtPercent } });
        var order = new List<string>();
        stage.Until(s =>
        {
            var now = s.Phase == MigrationPhases.MovingPrimary ? "primary" : s.Status.Step is { Index: >= 0 } step ? $"{step.Percent}" : null;
            if (now is not null && !order.Contains(now))
            {
                order.Add(now);
            }

            return s.Phase == MigrationPhases.Completed;
        });

        Assert.That(order, Is.EqualTo(expected));
    }

    [Test]
    public void The_revision_rises_with_every_change_of_what_is_asked_and_with_nothing_else()
    {
        var stage = new MigrationStage();
        var asked = new List<(long Revision, string Values)>();
        stage.Until(s =>
        {
            if (s.Status.Override is { } o)
            {
                var values = $"{o.PrimaryRegion} {string.Join(",", o.Records!.Single().Weights.OrderBy(w => w.Key).Select(w => w.Value))}";
                if (asked.Count == 0 || asked[^1].Values != values)
                {
                    asked.Add((o.Revision, values));
                }
                else
                {
                    Assert.That(o.Revision, Is.EqualTo(asked[^1].Revision), "the same values have the same revision");
                }
            }

            return s.Phase == MigrationPhases.Completed;
        });

        Assert.That(asked.Select(a => a.Revision), Is.Ordered.And.Unique);
        Assert.That(asked.Select(a => a.Values), Is.EqualTo(new[]
        {
            "eu-west-1 255,0", "eu-west-1 230,25", "eu-west-1 128,127", "eu-west-2 128,127", "eu-west-2 0,255",
        }));
    }

    [Test]
    public void No_phase_changes_while_a_target_has_not_taken_up_the_revision()
    {
        var stage = new MigrationStage { TargetsAreFrozen = true };
        stage.Pass();
        stage.Pass();
        stage.Pass();

        Assert.That(stage.Phase, Is.EqualTo(MigrationPhases.Preflight));
        Assert.That(stage.Status.WaitingFor, Does.Contain("MongoReplicaSet marketplace has not taken up"));
    }

    [Test]
    public void A_member_that_copies_data_is_named_while_it_is_waited_for()
    {
        var stage = new MigrationStage();
        stage.ReplicaSet!.Status = stage.ReplicaSet.Status! with
        {
            Members = [.. stage.ReplicaSet.Status.Members!.Select(m => m.Host == "b.eu-west-2:27017" ? m with { State = "STARTUP2", InitialSyncPercent = 40 } : m)],
        };
        stage.UntilPhase(MigrationPhases.Syncing);
        stage.Pass();

        Assert.That(stage.Status.WaitingFor, Is.EqualTo("b.eu-west-2:27017 to become SECONDARY (now STARTUP2, 40% copied)"));
    }

    [Test]
    public void A_failing_gate_stops_the_traffic_and_takes_the_permission_back()
    {
        var stage = new MigrationStage().Until(s => s.Status.Step?.Percent == 10 && s.Status.Override!.Records!.Single().PermittedUntil is not null);
        stage.TargetsAreFrozen = true;
        stage.Gates = [new GateStatus { Name = "replication-lag", Result = GateVerdict.Failing, Message = "too far behind" }];
        stage.Pass();

        Assert.That(stage.Status.Override!.Records!.Single().PermittedUntil, Is.Null);
        Assert.That(stage.Status.WaitingFor, Is.EqualTo("gate replication-lag: too far behind"));
        Assert.That(stage.Phase, Is.EqualTo(MigrationPhases.Shifting));
    }

    [Test]
    public void A_failing_gate_rolls_back_where_the_spec_says_so_and_the_way_back_does_not_wait_for_it()
    {
        var stage = new MigrationStage(s => s with { OnGateFailure = "RollBack" }).Until(s => s.Status.Step?.Percent == 50);
        stage.Gates = [new GateStatus { Name = "error-rate", Result = GateVerdict.Failing, Message = "above 0.01" }];
        stage.Pass();
        Assert.That(stage.Phase, Is.EqualTo(MigrationPhases.RollingBack));

        var asked = stage.TimesAsked;
        stage.UntilPhase(MigrationPhases.RolledBack);
        Assert.That(stage.WeightInNewRegion(), Is.Zero);
        Assert.That(stage.Status.RollBack!.Source, Is.EqualTo("GateFailure"));
        Assert.That(stage.TimesAsked, Is.EqualTo(asked), "nobody outside is asked on the way back");
    }

    [Test]
    public void Missing_data_holds_and_never_rolls_back()
    {
        var stage = new MigrationStage(s => s with { OnGateFailure = "RollBack" }).Until(s => s.Status.Step?.Percent == 10);
        stage.Gates = [new GateStatus { Name = "error-rate", Result = GateVerdict.Unknown, Message = "no data" }];
        stage.Idle(50);

        Assert.That(stage.Phase, Is.EqualTo(MigrationPhases.Shifting));
        Assert.That(stage.Status.Step!.Percent, Is.EqualTo(10));
    }

    [Test]
    public void A_hold_stops_the_targets_keeps_the_place_and_is_lifted_again()
    {
        var stage = new MigrationStage().Until(s => s.Status.Step?.Percent == 10);
        stage.Annotate(Annotations.Hold, "database on fire");
        stage.Pass();
        Assert.That(stage.Status.Override!.Hold, Is.True);
        Assert.That(stage.Status.Conditions!.Single(c => c.Type == ConditionTypes.Held).Message, Does.Contain("database on fire"));

        var place = stage.Status.Step;
        stage.Idle(30);

        Assert.That((stage.Phase, stage.Status.Step), Is.EqualTo((MigrationPhases.Shifting, place)));
        stage.Migration.Metadata.Annotations!.Clear();
        stage.UntilPhase(MigrationPhases.Completed);
    }

    [TestCase(MigrationPhases.Preflight)]
    [TestCase(MigrationPhases.Syncing)]
    [TestCase(MigrationPhases.Promoting)]
    [TestCase(MigrationPhases.Shifting)]
    [TestCase(MigrationPhases.MovingPrimary)]
    [TestCase(MigrationPhases.Soaking)]
    [TestCase(MigrationPhases.Completed)]
    public void Every_phase_has_a_way_back_that_ends_where_the_migration_began(string phase)
    {
        var stage = new MigrationStage().UntilPhase(phase);
        stage.Annotate(Annotations.RollBack, "customers see errors");
        stage.Pass();
        stage.Migration.Metadata.Annotations!.Clear();
        stage.UntilPhase(MigrationPhases.RolledBack);

        Assert.That(stage.WeightInNewRegion(), Is.Zero);
        Assert.That(stage.ReplicaSet!.Status!.PrimaryRegion, Is.EqualTo("eu-west-1"));
        Assert.That(stage.Status.RollBack!.Reason, Is.EqualTo("customers see errors"), "removing the annotation does not undo the roll-back");
    }

    [Test]
    public void A_roll_back_towards_a_dead_region_waits()
    {
        var stage = new MigrationStage().UntilPhase(MigrationPhases.Completed);
        stage.Annotate(Annotations.RollBack, "by mistake");
        stage.Pass();
        stage.Down.UnionWith(["a.eu-west-1:27017", "b.eu-west-1:27017"]);
        stage.Idle(20);

        Assert.That(stage.Phase, Is.EqualTo(MigrationPhases.RollingBack));
        Assert.That(stage.WeightInNewRegion(), Is.EqualTo(255));
        Assert.That(stage.Status.WaitingFor, Does.Contain("most members in eu-west-1 do not serve: a.eu-west-1:27017"));
    }
}
