using Modestano.Crds.V1Alpha1;
using Modestano.Operator.Migrations.Planning;

namespace Modestano.Scenarios.Migrations;

/// <summary>Steps that wait for a person, with the operator's own controllers: through restarts, and on the way back.</summary>
internal sealed class PauseScenarios
{
    [Test]
    public void A_pause_lasts_through_restarts_until_a_person_promotes_it()
    {
        using var world = new MigrationWorld(NoHolds);
        foreach (var (percent, weights) in new[] { (10, "230/25"), (50, "128/127"), (100, "0/255") })
        {
            world.RunUntil(w => w.Status.Pause?.Percent == percent);
            var token = world.Status.Pause!.Token;
            world.RunFor(60);
            world.Start(null);
            world.RunFor(60);
            Assert.That((world.Status.Pause?.Token, world.Weights, world.Status.IgnoredPromotion), Is.EqualTo((token, weights, (string?)null)), world.Story());
            world.Annotate(Annotations.Promote, $"{percent}/{token}");
            world.RunUntil(w => w.Status.Promoted?.Token == token);
        }

        world.RunUntilPhase(MigrationPhases.Completed);
        Assert.That(world.Network.Violations, Is.Empty);
        Assert.That(world.Cluster.Events.All.Count(e => e.Reason == MigrationReasons.PromotionIgnored), Is.Zero, "an annotation that counted is no mistake at the next pause");
    }

    [Test]
    public void An_annotation_that_approves_nothing_is_told_once_and_changes_nothing()
    {
        using var world = new MigrationWorld(NoHolds);
        world.Annotate(Annotations.Promote, "10/00000000");
        world.RunUntil(w => w.Status.Pause?.Percent == 10);
        world.RunFor(60);
        world.Start(null);
        world.RunFor(60);
        Assert.That(world.Weights, Is.EqualTo("230/25"));
        Assert.That(world.Cluster.Events.All.Where(e => e.Reason == MigrationReasons.PromotionIgnored).Select(e => e.Message), Has.Exactly(1).Items.And.All.Contains("\"10/00000000\" approves nothing"));
    }

    [TestCase(10)]
    [TestCase(100)]
    public void A_roll_back_is_the_way_out_of_a_pause_that_nobody_promotes(int percent)
    {
        using var world = new MigrationWorld(NoHolds);
        while (world.Status.Pause?.Percent != percent)
        {
            world.RunUntil(w => w.Status.Pause is { } pause && pause.Token != w.Status.Promoted?.Token);
            if (world.Status.Pause is { } pause && pause.Percent < percent)
            {
                world.Annotate(Annotations.Promote, $"{pause.Percent}/{pause.Token}");
                world.RunUntil(w => w.Status.Pause is null);
            }
        }

        world.Annotate(Annotations.RollBack, "orders fail");
        world.RunUntilPhase(MigrationPhases.RolledBack);
        Assert.That(world.Weights, Is.EqualTo("255/0"));
        Assert.That(world.Primary, Does.Contain(MigrationWorld.Ireland));
    }

    private static RegionMigrationSpec NoHolds(RegionMigrationSpec spec) => spec with { TrafficSteps = [.. spec.TrafficSteps.Select(s => s with { Hold = null })] };
}
