using Modestano.Crds.V1Alpha1;
using Modestano.Scenarios.ReplicaSets;

namespace Modestano.Scenarios.Migrations;

/// <summary>A migration from its first pass to its end.</summary>
internal sealed class WholeMigrationScenarios
{
    [TestCase(0, "primary 10 50 100")]
    [TestCase(30, "10 50 primary 100")]
    [TestCase(50, "10 50 primary 100")]
    [TestCase(100, "10 50 100 primary")]
    public void A_migration_takes_traffic_and_primary_to_the_new_region_without_losing_a_write(int moveAtPercent, string order)
    {
        using var world = new MigrationWorld(spec => spec with { Primary = new PrimaryMoveSpec { MoveAtPercent = moveAtPercent } });
        var writer = new VirtualWriter(world.Network);
        world.RunUntilPhase(MigrationPhases.Completed);
        writer.Stopped = true;
        TestContext.Out.WriteLine(world.Story());
        TestContext.Out.WriteLine($"{world.Operator.Life.Effects.Count} effects in {world.Network.Loop.Elapsed.TotalSeconds:0} virtual seconds; longest write gap {writer.LongestGap.TotalMilliseconds:0} ms");
        Assert.Multiple(() =>
        {
            Assert.That(world.Primary, Does.Contain(MigrationWorld.London));
            Assert.That(world.Weights, Is.EqualTo("0/255"));
            Assert.That(Order(world), Is.EqualTo(order));
            Assert.That(writer.Lost(world.Primary!), Is.Empty);
            Assert.That(writer.LongestGap, Is.LessThan(TimeSpan.FromSeconds(4)));
            Assert.That(world.Status.WriteGapMillis, Is.GreaterThan(0));
            Assert.That(world.Network.Violations, Is.Empty);
        });
    }

    private static string Order(MigrationWorld world) => string.Join(' ', world.Status.Timeline!
        .Select(t => t.Message == $"The primary moves to {MigrationWorld.London}" ? "primary" : t.Message.EndsWith($"% of the traffic is in {MigrationWorld.London}", StringComparison.Ordinal) ? t.Message.Split('%')[0] : null)
        .OfType<string>());
}
