using Modestano.Crds.V1Alpha1;
using Modestano.Operator.Migrations.Planning;

namespace Modestano.Operator.Tests.Migrations;

/// <summary>Every deletion ends, and none before its targets may be left alone.</summary>
[TestFixture]
public sealed class DeletionTests
{
    [TestCase("Hold")]
    [TestCase("RollBack")]
    public void It_ends_when_all_its_targets_are_gone_too(string onDelete)
    {
        var stage = At50(onDelete);
        Delete(stage);
        stage.Pass();
        (stage.ReplicaSet, stage.Record) = (null, null);
        stage.Pass();
        Assert.That(stage.Status.Released, Is.EquivalentTo(new[] { "MongoReplicaSet/marketplace", "WeightedDnsRecord/shop" }));
    }

    [Test]
    public void With_onDelete_Hold_a_record_that_is_gone_is_not_waited_for()
    {
        var stage = At50("Hold");
        Delete(stage);
        stage.Record = null;
        stage.ReplicaSet!.Spec = stage.ReplicaSet.Spec with { PrimaryRegion = stage.ReplicaSet.Status!.PrimaryRegion! };
        stage.Idle(4);
        Assert.That(stage.Status.Released, Is.EquivalentTo(new[] { "MongoReplicaSet/marketplace", "WeightedDnsRecord/shop" }));
    }

    [Test]
    public void A_roll_back_of_traffic_does_not_begin_without_the_set_that_tells_how_fit_the_old_region_is()
    {
        var stage = At50("RollBack");
        Delete(stage);
        stage.ReplicaSet = null;
        stage.Idle(5);

        Assert.That((stage.Phase, stage.Last.StalledReason), Is.EqualTo((MigrationPhases.RollingBack, "ReplicaSetNotFound")));
        Assert.That(stage.WeightInNewRegion(), Is.EqualTo(127));
    }

    [Test]
    public void Targets_that_are_gone_while_the_migration_lives_are_waited_for()
    {
        var stage = At50("Hold");
        var record = stage.Record;
        stage.Record = null;
        stage.Pass();
        Assert.That((stage.Last.StalledReason, stage.Status.Released ?? []), Is.EqualTo(("RecordNotFound", Array.Empty<string>())));
        stage.Record = record;
        stage.UntilPhase(MigrationPhases.Completed);
    }

    [Test]
    public void A_record_that_is_being_deleted_is_released_where_the_migration_has_ended()
    {
        var stage = new MigrationStage().UntilPhase(MigrationPhases.Completed);
        stage.Record!.Metadata.DeletionTimestamp = stage.Now.UtcDateTime;
        stage.Pass();
        Assert.That(stage.Status.Released, Does.Contain("WeightedDnsRecord/shop"), "no commit will ever say what it reached");
    }

    [Test]
    public void The_finalizer_waits_until_every_released_target_has_let_go_of_the_override()
    {
        var stage = At50("Hold");
        Delete(stage);
        stage.ReplicaSet!.Spec = stage.ReplicaSet.Spec with { PrimaryRegion = stage.ReplicaSet.Status!.PrimaryRegion! };
        stage.Record!.Spec = stage.Record.Spec with { Endpoints = [.. stage.Record.Spec.Endpoints.Select(e => e with { Weight = stage.Status.Override!.Records![0].Weights[e.SetIdentifier] })] };
        stage.Until(s => s.Status.Released?.Count == 2);
        stage.TargetsAreFrozen = true;
        stage.Pass();
        Assert.That((Releases.StillFollowing(stage.Context()), stage.Last.WaitingFor), Is.EqualTo(("MongoReplicaSet marketplace", "MongoReplicaSet marketplace to take note of its release")));

        stage.ReplicaSet.Status = stage.ReplicaSet.Status with { Override = null };
        stage.Pass();
        Assert.That(stage.Last.WaitingFor, Is.EqualTo("WeightedDnsRecord shop to take note of its release"));

        stage.Record.Status = stage.Record.Status! with { Override = null };
        Assert.That(Releases.StillFollowing(stage.Context()), Is.Null);
    }

    [Test]
    public void With_onDelete_Hold_the_edits_say_what_is_served_and_not_what_was_on_its_way()
    {
        var stage = At50("Hold").Until(s => s.Status.Step is { Percent: 100 });
        stage.TargetsAreFrozen = true;
        Delete(stage);
        stage.Idle(3);
        Assert.That(stage.Status.SpecEdits ?? [], Is.Empty, "what a target that does not answer has reached is not known");
        Assert.That(stage.Last.WaitingFor, Does.StartWith("MongoReplicaSet marketplace has not taken up revision"));

        stage.TargetsAreFrozen = false;
        stage.Idle(5);

        Assert.That(stage.Status.SpecEdits!.Where(e => e.Target == "WeightedDnsRecord/shop").Select(e => (e.Field, e.To)), Is.EqualTo(new[]
        {
            ("spec.endpoints[setIdentifier=eu-west-1].weight", "128"), ("spec.endpoints[setIdentifier=eu-west-2].weight", "127"),
        }));
        Assert.That((stage.WeightInNewRegion(), stage.Status.Released), Is.EqualTo((127, Array.Empty<string>())));
    }

    [Test]
    public void With_onDelete_Hold_a_primary_that_has_not_moved_yet_is_not_asked_of_Git()
    {
        var stage = At50("Hold").UntilPhase(MigrationPhases.MovingPrimary);
        var before = stage.ReplicaSet!.Status!.PrimaryRegion;
        Delete(stage);
        stage.Idle(6);

        Assert.That((before, stage.ReplicaSet.Status.PrimaryRegion), Is.EqualTo(("eu-west-1", "eu-west-1")));
        Assert.That(stage.Status.Released, Does.Contain("MongoReplicaSet/marketplace"), "its spec says where the primary is");
    }

    [Test]
    public void With_onDelete_RollBack_and_no_way_back_it_holds_and_ends_by_what_Git_says()
    {
        var stage = new MigrationStage(s => s with { OnDelete = "RollBack", Decommission = new DecommissionSpec { Mode = "Remove", After = Duration.FromSeconds(0), ClientsConfirmed = true } })
            .Until(s => s.Status.Override?.RetiredMembers is { Count: > 0 });
        Delete(stage);
        stage.Idle(5);
        Assert.That(stage.Last.StalledReason, Is.Null, "nobody could take the request out: the migration is deleted");
        Assert.That(stage.Status.WaitingFor, Does.StartWith("the migration is being deleted, and spec.onDelete: RollBack cannot be done: decommissioning has begun"));
        Assert.That(stage.Status.SpecEdits!.Select(e => (e.Field, e.To)), Does.Contain(("spec.primaryRegion", "eu-west-2")).And.Contain(("spec.regions[name=eu-west-1]", "(removed)")));

        stage.ReplicaSet!.Spec = stage.ReplicaSet.Spec with { PrimaryRegion = "eu-west-2", Regions = [stage.ReplicaSet.Spec.Regions[1]] };
        stage.Record!.Spec = stage.Record.Spec with { Endpoints = [.. stage.Record.Spec.Endpoints.Select(e => e with { Weight = e.SetIdentifier == "eu-west-2" ? 255 : 0 })] };
        stage.Until(s => s.Status.Released?.Count == 2);
    }

    [Test]
    public void A_released_target_that_is_itself_being_deleted_is_not_waited_for()
    {
        var stage = At50("Hold");
        stage.ReplicaSet!.Metadata.DeletionTimestamp = stage.Record!.Metadata.DeletionTimestamp = stage.Now.UtcDateTime;

        Assert.That(Releases.StillFollowing(stage.Context()), Is.Null);
    }

    private static MigrationStage At50(string onDelete) =>
        new MigrationStage(s => s with { OnDelete = onDelete }).Until(s => s.Status.Step is { Percent: 50, InSyncTime: not null });

    private static void Delete(MigrationStage stage) => stage.Migration.Metadata.DeletionTimestamp = stage.Now.UtcDateTime;
}
