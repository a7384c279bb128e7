using Modestano.Crds.V1Alpha1;

namespace Modestano.Scenarios.Migrations;

/// <summary>
/// What the targets do when something happens to the migration object itself. Nothing ever goes back to an old spec: the weight of London
/// never falls and its primary never leaves, unless somebody asks for that.
/// </summary>
internal sealed class OverrideScenarios
{
    private static readonly TestCaseData[] Places =
    [
        new TestCaseData((Func<MigrationWorld, bool>)(w => w.Phase == MigrationPhases.Promoting)).SetArgDisplayNames("while promoting"),
        new TestCaseData((Func<MigrationWorld, bool>)(w => w.Status.Step is { Percent: 10, InSyncTime: not null })).SetArgDisplayNames("at 10 per cent"),
        new TestCaseData((Func<MigrationWorld, bool>)(w => w.Phase == MigrationPhases.MovingPrimary)).SetArgDisplayNames("while the primary moves"),
        new TestCaseData((Func<MigrationWorld, bool>)(w => w.Phase == MigrationPhases.Soaking)).SetArgDisplayNames("while soaking"),
        new TestCaseData((Func<MigrationWorld, bool>)(w => w.Phase == MigrationPhases.Completed)).SetArgDisplayNames("when completed"),
    ];

    [TestCaseSource(nameof(Places))]
    public void A_migration_that_vanishes_leaves_everything_where_it_is(Func<MigrationWorld, bool> place)
    {
        using var world = new MigrationWorld();
        world.RunUntil(place);
        var ratchet = new Ratchet(world);
        world.Vanish();
        world.RunFor(240);
        Assert.Multiple(() =>
        {
            Assert.That(world.Record.Status!.Override is null or { Orphaned: true }, Is.True);
            Assert.That(world.Set.Status!.Override is null or { Orphaned: true }, Is.True);
            Assert.That(ratchet.Broken, Is.Empty);
            Assert.That(world.Network.Violations, Is.Empty);
        });
    }

    [TestCaseSource(nameof(Places))]
    public void A_migration_that_is_pruned_and_made_again_goes_on_from_where_it_was(Func<MigrationWorld, bool> place)
    {
        using var world = new MigrationWorld();
        world.RunUntil(place);
        var ratchet = new Ratchet(world);
        world.Vanish();
        world.RunFor(30);
        world.MakeAnew();
        world.RunUntilPhase(MigrationPhases.Completed);
        Assert.Multiple(() =>
        {
            Assert.That((world.Weights, world.Set.Status!.PrimaryRegion), Is.EqualTo(("0/255", MigrationWorld.London)));
            Assert.That(ratchet.Broken, Is.Empty);
            Assert.That(world.Cluster.Accepted.StepDowns, Is.EqualTo(1));
        });
    }

    [TestCaseSource(nameof(Places))]
    public void A_migration_whose_status_is_lost_goes_on_from_where_it_was(Func<MigrationWorld, bool> place)
    {
        using var world = new MigrationWorld();
        world.RunUntil(place);
        var ratchet = new Ratchet(world);
        world.RestoreStatus(null);
        world.RunUntilPhase(MigrationPhases.Completed);
        Assert.Multiple(() =>
        {
            Assert.That((world.Weights, world.Set.Status!.PrimaryRegion), Is.EqualTo(("0/255", MigrationWorld.London)));
            Assert.That(ratchet.Broken, Is.Empty);
            Assert.That(world.Set.Status.Override!.ObservedRevision, Is.EqualTo(world.Status.Override!.Revision));
        });
    }

    [TestCaseSource(nameof(Places))]
    public void A_namespace_that_is_restored_without_any_status_moves_nothing_back(Func<MigrationWorld, bool> place)
    {
        using var world = new MigrationWorld();
        world.RunUntil(place);
        var ratchet = new Ratchet(world);
        world.RestoreNamespace();
        world.RunUntilPhase(MigrationPhases.Completed);
        Assert.Multiple(() =>
        {
            Assert.That((world.Weights, world.Set.Status!.PrimaryRegion), Is.EqualTo(("0/255", MigrationWorld.London)));
            Assert.That(ratchet.Broken, Is.Empty);
            Assert.That(world.Network.Violations, Is.Empty);
        });
    }

    [Test]
    public void A_status_restored_from_an_older_copy_moves_nothing_until_a_person_clears_it()
    {
        using var world = new MigrationWorld();
        world.RunUntilPhase(MigrationPhases.Shifting);
        var old = world.Status;
        world.RunUntilPhase(MigrationPhases.Soaking);
        var ratchet = new Ratchet(world);
        world.RestoreStatus(old);
        world.RunFor(240);
        var stalled = world.Status.Conditions!.Single(c => c.Type == ConditionTypes.Stalled);
        Assert.That((stalled.Status, stalled.Reason), Is.EqualTo(("True", "StatusIsOld")), world.Story());
        Assert.That(stalled.Message, Does.Contain("kubectl patch rmig to-london --subresource=status"));
        Assert.That(world.Phase, Is.EqualTo(MigrationPhases.Shifting));
        world.RestoreStatus(null);
        world.RunUntilPhase(MigrationPhases.Completed);
        Assert.That(ratchet.Broken, Is.Empty);
    }

    [Test]
    public void A_status_restored_from_an_older_copy_can_be_rolled_back_from_where_things_are()
    {
        using var world = new MigrationWorld();
        world.RunUntilPhase(MigrationPhases.Shifting);
        var old = world.Status;
        world.RunUntilPhase(MigrationPhases.Soaking);
        world.RestoreStatus(old);
        world.Annotate(Annotations.RollBack, "the backup was a mistake");
        world.RunUntilPhase(MigrationPhases.RolledBack);
        Assert.That((world.Weights, world.Set.Status!.PrimaryRegion), Is.EqualTo(("255/0", MigrationWorld.Ireland)));
    }

    [Test]
    public void A_deleted_migration_holds_and_goes_when_Git_says_what_was_reached()
    {
        using var world = new MigrationWorld();
        world.RunUntil(w => w.Status.Step is { Percent: 50, InSyncTime: not null });
        var ratchet = new Ratchet(world);
        world.Delete();
        world.RunFor(120);
        Assert.That(world.Migration, Is.Not.Null, "its finalizer keeps it");
        Assert.That(world.Status.Conditions!.Single(c => c.Type == ConditionTypes.Held).Status, Is.EqualTo("True"));
        var weights = world.Weights;
        world.CommitWeights();
        world.RunUntil(w => w.Migration is null);
        world.RunFor(120);
        Assert.Multiple(() =>
        {
            Assert.That(world.Weights, Is.EqualTo(weights));
            Assert.That(ratchet.Broken, Is.Empty);
            Assert.That(world.Record.Status!.Override, Is.Null);
            Assert.That(world.Set.Status!.Override, Is.Null);
        });
    }

    [Test]
    public void A_migration_deleted_with_onDelete_RollBack_goes_back_and_goes_away_when_Git_agrees()
    {
        using var world = new MigrationWorld(spec => spec with { OnDelete = "RollBack" });
        world.RunUntilPhase(MigrationPhases.Soaking);
        world.Delete();
        world.RunUntilPhase(MigrationPhases.RolledBack);
        Assert.That((world.Weights, world.Set.Status!.PrimaryRegion), Is.EqualTo(("255/0", MigrationWorld.Ireland)));
        Assert.That(world.Status.RollBack!.Source, Is.EqualTo("Deletion"));
        var set = world.Set;
        set.Spec = set.Spec with { Regions = [.. set.Spec.Regions.Select(r => r.Name == MigrationWorld.London ? r with { Members = [.. r.Members.Select(m => m with { Votes = 0 })] } : r)] };
        world.Cluster.Sets.Put(set, newGeneration: true);
        world.RunUntil(w => w.Migration is null);
        Assert.That(world.Weights, Is.EqualTo("255/0"));
    }

    [Test]
    public void Targets_are_released_one_by_one_as_Git_says_what_they_reached_and_nothing_moves()
    {
        using var world = new MigrationWorld();
        world.RunUntilPhase(MigrationPhases.Completed);
        world.RunFor(60);
        var (batches, configurations) = (world.Cluster.Route53.Zones.Log.Count, world.Cluster.Accepted.Configurations.Count);
        world.CommitWeights();
        world.RunUntil(w => w.Record.Status!.Override is null);
        Assert.That(world.Status.Released, Is.EqualTo(new[] { "WeightedDnsRecord/shop" }));
        Assert.That(world.Set.Status!.Override, Is.Not.Null);
        world.CommitPrimaryRegion();
        world.RunUntil(w => w.Set.Status!.Override is null);
        world.RunFor(120);
        Assert.That((world.Cluster.Route53.Zones.Log.Count, world.Cluster.Accepted.Configurations.Count), Is.EqualTo((batches, configurations)));
    }

    [Test]
    public void A_released_target_follows_Git_and_a_roll_back_says_so_instead_of_pretending()
    {
        using var world = new MigrationWorld();
        world.RunUntilPhase(MigrationPhases.Completed);
        world.CommitWeights();
        world.RunUntil(w => w.Record.Status!.Override is null);
        world.Annotate(Annotations.RollBack, "second thoughts");
        world.RunFor(120);
        var stalled = world.Status.Conditions!.Single(c => c.Type == ConditionTypes.Stalled);
        Assert.That((world.Phase, stalled.Reason), Is.EqualTo((MigrationPhases.Completed, "NoWayBack")));
        Assert.That(stalled.Message, Does.StartWith("WeightedDnsRecord/shop follows its spec again"));
        Assert.That(world.Weights, Is.EqualTo("0/255"));
    }

    [Test]
    public void A_second_migration_gets_none_of_its_targets_until_the_first_has_released_them()
    {
        using var world = new MigrationWorld();
        world.RunUntilPhase(MigrationPhases.Shifting);
        world.MakeAnew("uid-second", "second", spec => spec with { From = MigrationWorld.London, To = MigrationWorld.Ireland });
        world.RunUntilPhase(MigrationPhases.Completed);
        var second = Second(world);
        Assert.That(second.Override, Is.Null);
        Assert.That(second.WaitingFor, Does.Contain("is in migration to-london"));
        world.CommitWeights();
        world.CommitPrimaryRegion();
        world.RunUntil(w => Second(w).Phase == MigrationPhases.Completed);
        Assert.That((world.Weights, world.Set.Status!.PrimaryRegion), Is.EqualTo(("255/0", MigrationWorld.Ireland)));
    }

    [Test]
    public void Targets_that_are_pruned_and_made_again_with_the_old_spec_go_back_to_the_migration_and_not_to_that_spec()
    {
        using var world = new MigrationWorld();
        world.RunUntilPhase(MigrationPhases.Soaking);
        var ratchet = new Ratchet(world);
        var (set, record) = (world.Set, world.Record);
        world.Cluster.Sets.Remove(new("shop", "marketplace"));
        world.Cluster.Records.Remove(new("shop", "shop"));
        world.RunFor(60);
        Assert.That(world.Status.Conditions!.Single(c => c.Type == ConditionTypes.Stalled).Reason, Is.EqualTo("ReplicaSetNotFound"));
        (set.Status, set.Metadata.Uid, record.Status, record.Metadata.Uid) = (null, "uid-set-again", null, "uid-record-again");
        world.Cluster.Sets.Put(set, newGeneration: true);
        world.Cluster.Records.Put(record, newGeneration: true);
        world.RunUntilPhase(MigrationPhases.Completed);
        Assert.That((world.Weights, world.Set.Status!.PrimaryRegion), Is.EqualTo(("0/255", MigrationWorld.London)));
        Assert.That(ratchet.Broken, Is.Empty);
    }

    [Test]
    public void Retired_members_do_not_come_back_when_the_migration_is_made_again()
    {
        using var world = new MigrationWorld(spec => spec with { Decommission = new DecommissionSpec { Mode = "Remove", After = Duration.FromSeconds(0), ClientsConfirmed = true } });
        world.RunUntilPhase(MigrationPhases.Completed);
        var configurations = world.Cluster.Accepted.Configurations.Count;
        world.Vanish();
        world.RunFor(120);
        world.MakeAnew();
        world.RunUntilPhase(MigrationPhases.Completed);
        world.RunFor(120);
        Assert.That(world.Cluster.Accepted.Configurations, Has.Count.EqualTo(configurations));
        Assert.That(world.Status.SpecEdits!.Count(e => e.To == "(removed)"), Is.EqualTo(1));
    }

    private static RegionMigrationStatus Second(MigrationWorld world) => world.Cluster.Migrations.Find(new("shop", "second"))!.Status ?? new();

    /// <summary>Watches that nothing goes back.</summary>
    private sealed class Ratchet
    {
        private readonly List<string> _broken = [];
        private int _weight;
        private bool _moved;

        public Ratchet(MigrationWorld world)
        {
            Look(world);
            world.Cluster.Route53.Applied += _ => Look(world);
            world.Cluster.Sets.Changed += _ => Look(world);
        }

        public IReadOnlyList<string> Broken => _broken;

        private void Look(MigrationWorld world)
        {
            var weight = int.Parse(world.Weights.Split('/')[1], System.Globalization.CultureInfo.InvariantCulture);
            if (weight < _weight)
            {
                _broken.Add($"the weight of London fell from {_weight} to {weight}");
            }

            var inLondon = world.Primary?.Contains(MigrationWorld.London, StringComparison.Ordinal);
            if (_moved && inLondon == false)
            {
                _broken.Add("the primary went back");
            }

            (_weight, _moved) = (weight, _moved || inLondon == true);
        }
    }
}
