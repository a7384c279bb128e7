using Modestano.Operator.ReplicaSets.Planning;

namespace Modestano.Operator.Tests.ReplicaSets.Planning;

/// <summary>How many steps a move takes, and which.</summary>
[TestFixture]
public class MoveTests
{
    private static string[] Votes(PlanPreview plan) => [.. plan.Steps.Where(s => s.Kind == "Reconfig").Select(s => s.Votes!)];

    [TestCase(1)]
    [TestCase(2)]
    [TestCase(10)]
    public void Three_members_move_in_seven_reconfigs_and_one_step_down(int maxConcurrentInitialSyncs)
    {
        var policy = Sets.Policy with { MaxConcurrentInitialSyncs = maxConcurrentInitialSyncs };
        string[] a = Sets.Names('a', 3), b = Sets.Names('b', 3);
        var move = PlanPreview.Of(Sets.Observed(Sets.Config(a), "a1", b), Sets.Topology("b", b), policy, PlanningHistory.Empty, Sets.Identity);

        Assert.That(Votes(move), Is.EqualTo((string[])["a:3 /2", "b:1 a:3 /3", "b:2 a:3 /3", "b:3 a:3 /4", "b:3 a:2 /3", "b:3 a:1 /3", "b:3 /2"]));
        Assert.That(move.Steps.Count(s => s.Kind == "StepDown"), Is.EqualTo(1));
        Assert.That(move.Settles);
    }

    [TestCase(1)]
    [TestCase(10)]
    public void Five_members_move_in_eleven_reconfigs_and_one_step_down(int maxConcurrentInitialSyncs)
    {
        var policy = Sets.Policy with { MaxConcurrentInitialSyncs = maxConcurrentInitialSyncs };
        string[] a = Sets.Names('a', 5), b = Sets.Names('b', 5);
        var move = PlanPreview.Of(Sets.Observed(Sets.Config(a), "a1", b), Sets.Topology("b", b), policy, PlanningHistory.Empty, Sets.Identity);

        Assert.That(
            Votes(move),
            Is.EqualTo((string[])["a:5 /3", "b:1 a:5 /4", "b:2 a:5 /4", "b:2 a:4 /4", "b:3 a:4 /4", "b:3 a:3 /4", "b:4 a:3 /4", "b:4 a:2 /4", "b:5 a:2 /4", "b:5 a:1 /4", "b:5 /3"]),
            string.Join('\n', move.Steps.Select(s => $"{s.Kind} {s.Summary} {s.Votes}")));
        Assert.That(move.Steps.Count(s => s.Kind == "StepDown"), Is.EqualTo(1));
    }
}
