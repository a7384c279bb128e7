using Modestano.Cli.Views;
using Modestano.Crds.V1Alpha1;
using Spectre.Console;

namespace Modestano.Cli.Tests;

/// <summary>Every line of a plan that is done has its mark, whatever the migration did.</summary>
public sealed class PlanTextTests
{
    [TestCase("Shifting", 0, "eu-west-1", "eu-west-1", "▶ 10%|  50%|  primary to eu-west-2|  100%|  members of eu-west-1 leave the set", TestName = "At_the_first_step")]
    [TestCase("MovingPrimary", 1, "eu-west-2", "eu-west-1", "✓ 10%|▶ 50%|▶ primary to eu-west-2|  100%|  members of eu-west-1 leave the set", TestName = "While_the_primary_moves")]
    [TestCase("Shifting", 2, "eu-west-2", "eu-west-2", "✓ 10%|✓ 50%|✓ primary to eu-west-2|▶ 100%|  members of eu-west-1 leave the set", TestName = "After_the_primary_has_moved")]
    [TestCase("Decommissioning", 2, "eu-west-2", "eu-west-2", "✓ 10%|✓ 50%|✓ primary to eu-west-2|✓ 100%|▶ members of eu-west-1 leave the set", TestName = "While_the_old_members_leave")]
    [TestCase("Completed", 2, "eu-west-2", "eu-west-2", "✓ 10%|✓ 50%|✓ primary to eu-west-2|✓ 100%|✓ members of eu-west-1 leave the set", TestName = "At_the_end")]
    public void The_way(string phase, int step, string asked, string primary, string lines)
    {
        var status = new RegionMigrationStatus { Phase = phase, PrimaryRegion = primary, Step = new MigrationStep { Index = step, Percent = 0 }, Override = new MigrationOverride { PrimaryRegion = asked } };

        Assert.That(Lines(status).Select(l => l.Split(" of the traffic")[0]), Is.EqualTo(lines.Split('|')));
    }

    [TestCase("RollingBack", 128, "eu-west-2", false, "▶ the traffic|  primary|  members", TestName = "The_traffic_goes_back_first")]
    [TestCase("RollingBack", 0, "eu-west-1", false, "✓ the traffic|✓ primary|  members", TestName = "Then_the_primary")]
    [TestCase("RollingBack", 0, "eu-west-1", true, "✓ the traffic|✓ primary|▶ members", TestName = "Then_the_votes")]
    [TestCase("RolledBack", 0, "eu-west-1", true, "✓ the traffic|✓ primary|✓ members", TestName = "Then_all_is_taken_back")]
    public void The_way_back(string phase, int london, string primary, bool voteless, string lines)
    {
        var status = new RegionMigrationStatus
        {
            Phase = phase,
            PrimaryRegion = primary,
            Origin = new MigrationOrigin { PrimaryRegion = "eu-west-1", Records = [Weights(0)] },
            Override = new MigrationOverride { PrimaryRegion = primary, Records = [Weights(london)], VotelessMembers = voteless ? ["a:27017"] : null },
        };

        Assert.That(Lines(status).Select(l => l[..(l.IndexOf(' ', 2) is var end && l[2..].StartsWith("the", StringComparison.Ordinal) ? l.IndexOf(' ', 6) : end)]), Is.EqualTo(lines.Split('|')));
    }

    [Test]
    public void Where_nothing_had_been_asked_there_is_nothing_to_take_back() =>
        Assert.That(Lines(new RegionMigrationStatus { Phase = MigrationPhases.RolledBack }), Is.EqualTo(["✓ nothing had been asked of anybody: there was nothing to take back"]));

    private static RecordOverride Weights(int london) => new() { Name = "shop", Weights = new Dictionary<string, int> { ["eu-west-1"] = 255 - london, ["eu-west-2"] = london } };

    private static List<string> Lines(RegionMigrationStatus status) => [.. PlanText.Of(new RegionMigration
    {
        Spec = new RegionMigrationSpec
        {
            ReplicaSetRef = new LocalObjectReference { Name = "marketplace" },
            From = "eu-west-1",
            To = "eu-west-2",
            TrafficSteps = [new TrafficStep { Percent = 10 }, new TrafficStep { Percent = 50 }, new TrafficStep { Percent = 100 }],
            Decommission = new DecommissionSpec { Mode = "Remove" },
        },
        Status = status,
    }).Select(l => Markup.Remove(l)[1..])];
}
