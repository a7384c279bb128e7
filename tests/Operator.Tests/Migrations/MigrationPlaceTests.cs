using Modestano.Crds.V1Alpha1;

namespace Modestano.Operator.Tests.Migrations;

[TestFixture]
public sealed class MigrationPlaceTests
{
    [Test]
    public void A_migration_restored_without_status_takes_up_the_place_that_it_finds()
    {
        var first = new MigrationStage().Until(s => s.Phase == MigrationPhases.Shifting && s.Status.Step?.Percent == 50 && s.ReplicaSet!.Status!.PrimaryRegion == "eu-west-2");
        var weight = first.WeightInNewRegion();
        first.Migration.Status = null;
        first.Migration.Metadata.Uid = "uid-2";
        first.Pass();

        Assert.That(first.Status.Override!.PrimaryRegion, Is.EqualTo("eu-west-2"), "the primary stays");
        Assert.That(first.Status.Override.Records!.Single().Weights["eu-west-2"], Is.EqualTo(weight), "the weights stay");
        Assert.That(first.Status.Step!.Percent, Is.EqualTo(50));
        first.UntilPhase(MigrationPhases.Completed);
        Assert.That(first.WeightInNewRegion(), Is.EqualTo(255));
    }

    [Test]
    public void A_restored_migration_can_still_be_rolled_back_to_the_old_region()
    {
        var stage = new MigrationStage().UntilPhase(MigrationPhases.Completed);
        stage.Migration.Status = null;
        stage.UntilPhase(MigrationPhases.Completed);
        stage.Annotate(Annotations.RollBack, "too early");
        stage.UntilPhase(MigrationPhases.RolledBack);

        Assert.That((stage.WeightInNewRegion(), stage.ReplicaSet!.Status!.PrimaryRegion), Is.EqualTo((0, "eu-west-1")));
    }

    [Test]
    public void The_override_ends_target_by_target_when_Git_says_what_is_reached()
    {
        var stage = new MigrationStage().UntilPhase(MigrationPhases.Completed);
        stage.Pass();
        Assert.That(stage.Status.SpecEdits!.Select(e => $"{e.Target} {e.Field} {e.From}->{e.To}"), Is.EqualTo(new[]
        {
            "MongoReplicaSet/marketplace spec.primaryRegion eu-west-1->eu-west-2",
            "WeightedDnsRecord/shop spec.endpoints[setIdentifier=eu-west-1].weight 255->0",
            "WeightedDnsRecord/shop spec.endpoints[setIdentifier=eu-west-2].weight 0->255",
        }));

        stage.ReplicaSet!.Spec = stage.ReplicaSet.Spec with { PrimaryRegion = "eu-west-2" };
        stage.Pass();
        Assert.That(stage.Status.Released, Is.EqualTo(new[] { "MongoReplicaSet/marketplace" }));

        stage.Record!.Spec = stage.Record.Spec with { Endpoints = [.. stage.Record.Spec.Endpoints.Select(e => e with { Weight = 255 - e.Weight })] };
        stage.Pass();
        Assert.That(stage.Status.Released, Has.Count.EqualTo(2));
        Assert.That(stage.Status.SpecEdits, Is.Empty);
    }

    [Test]
    public void A_second_migration_on_a_claimed_target_gets_none_of_its_targets()
    {
        var first = new MigrationStage().UntilPhase(MigrationPhases.Syncing);
        var second = new MigrationStage();
        second.Migration.Metadata.Name = "to-paris";
        second.Migration.Metadata.Uid = "uid-9";
        second.Migration.Metadata.CreationTimestamp = first.Migration.Metadata.CreationTimestamp!.Value.AddHours(-1);
        second.Rivals.Add(first.Migration);
        second.Pass();

        Assert.That(second.Status.Override, Is.Null, "older, but the other one holds the targets already");
        Assert.That(second.Last.StalledReason, Is.EqualTo("TargetClaimed"));
        Assert.That(second.Status.WaitingFor, Does.Contain("to-london"));
    }

    public static IEnumerable<TestCaseData> References()
    {
        yield return Case("A_missing_replica_set_is_named", s => s.ReplicaSet = null, "ReplicaSetNotFound", "spec.replicaSetRef.name: there is no MongoReplicaSet marketplace");
        yield return Case("A_missing_record_is_named", s => s.Record = null, "RecordNotFound", "there is no WeightedDnsRecord shop");
        yield return Case(
            "A_region_without_members_is_named", s => s.ReplicaSet!.Spec = s.ReplicaSet.Spec with { Regions = [.. s.ReplicaSet.Spec.Regions.Take(1)] },
            "RegionNotInReplicaSet", "spec.to: MongoReplicaSet marketplace has no data-bearing member in eu-west-2; its regions are eu-west-1");
        yield return Case(
            "A_record_without_an_endpoint_in_the_region_is_named", s => s.Record!.Spec = s.Record.Spec with { Endpoints = [.. s.Record.Spec.Endpoints.Take(1)] },
            "RegionNotInRecord", "has no endpoint with region: eu-west-2");
        yield return Case(
            "A_primary_in_a_third_region_is_named", s => s.ReplicaSet!.Status = s.ReplicaSet.Status! with { PrimaryRegion = "eu-central-1" },
            "PrimaryElsewhere", "the primary is in eu-central-1");
    }

    [TestCaseSource(nameof(References))]
    public void References_that_cannot_work_stall_with_what_to_do(Action<object> spoil, string reason, string message)
    {
        var stage = new MigrationStage();
        spoil(stage);
        stage.Pass();

        Assert.That(stage.Phase, Is.EqualTo(MigrationPhases.Pending));
        Assert.That(stage.Last.StalledReason, Is.EqualTo(reason));
        Assert.That(stage.Status.Conditions!.Single(c => c.Type == ConditionTypes.Stalled).Message, Does.Contain(message));
    }

    [Test]
    public void A_deleted_migration_holds_until_Git_says_what_is_reached()
    {
        var stage = new MigrationStage().Until(s => s.Phase == MigrationPhases.Shifting && s.Status.Step?.Percent == 10 && s.WeightInNewRegion() > 0);
        stage.Migration.Metadata.DeletionTimestamp = stage.Now.UtcDateTime;
        stage.Idle(4);

        Assert.That(stage.Status.Override!.Hold, Is.True);
        Assert.That(stage.Status.Released, Is.EqualTo(new[] { "MongoReplicaSet/marketplace" }), "its spec says eu-west-1, and there the primary is");
        Assert.That(stage.Status.SpecEdits, Has.Count.EqualTo(2));
    }

    private static TestCaseData Case(string name, Action<MigrationStage> spoil, string reason, string message) =>
        new TestCaseData((Action<object>)(s => spoil((MigrationStage)s)), reason, message).SetName(name);
}
