using Modestano.Operator.ReplicaSets.Decision;
using Modestano.Operator.ReplicaSets.Planning;
using Modestano.Operator.ReplicaSets.Topology;

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
        var move = PlanPreview.Of(new(Sets.Observed(Sets.Config(a), "a1", b), Sets.Topology("b", b), policy, PlanningHistory.Empty), Sets.Identity);

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
        var move = PlanPreview.Of(new(Sets.Observed(Sets.Config(a), "a1", b), Sets.Topology("b", b), policy, PlanningHistory.Empty), Sets.Identity);

        Assert.That(
            Votes(move),
            Is.EqualTo((string[])["a:5 /3", "b:1 a:5 /4", "b:2 a:5 /4", "b:2 a:4 /4", "b:3 a:4 /4", "b:3 a:3 /4", "b:4 a:3 /4", "b:4 a:2 /4", "b:5 a:2 /4", "b:5 a:1 /4", "b:5 /3"]),
            string.Join('\n', move.Steps.Select(s => $"{s.Kind} {s.Summary} {s.Votes}")));
        Assert.That(move.Steps.Count(s => s.Kind == "StepDown"), Is.EqualTo(1));
    }

    [Test]
    public void A_prepared_successor_that_fell_behind_is_replaced_by_one_that_did_not_before_the_step_down()
    {
        var config = Sets.Config("a1", "a2", "b1", "b2", "b3");
        config = config with { Members = [.. config.Members.Select(m => m.Host is "a1:27017" or "b1:27017" ? m with { Priority = 2 } : m with { Priority = 0 })] };
        var observed = Sets.Observed(config, "a1").With("b1", m => m with { Lag = TimeSpan.FromMinutes(5) });
        var wanted = Sets.Topology("b", [Sets.Wanted("b1") with { Priority = 5 }, Sets.Wanted("b2"), Sets.Wanted("b3")]);
        var decision = Planner.Next(new(observed, wanted, Sets.Policy, PlanningHistory.Empty));

        Assert.That(decision is PlanDecision.Act { Step: Reconfig { Purpose: ReconfigPurpose.PrepareHandOff } step }
            && step.Edits.Any(e => e is { Host: "b1:27017", Priority: 0 }) && step.Edits.Count(e => e.Priority == 2) == 2, decision.ToString());
    }

    [Test]
    public void An_arbiter_is_hidden_where_the_spec_says_so_from_the_start_and_later()
    {
        var arbiter = Sets.Wanted("c1") with { ArbiterOnly = true, Votes = 1, Tags = new Dictionary<string, string>() };
        var topology = Sets.Topology("a", [Sets.Wanted("a1"), Sets.Wanted("a2"), arbiter with { Hidden = true }]) with { DefaultWriteConcern = new DesiredWriteConcern("majority", 0) };
        var joins = PlanPreview.Of(new(Sets.Observed(Sets.Config("a1", "a2"), "a1", "c1"), topology, Sets.Policy, PlanningHistory.Empty), Sets.Identity);
        Assert.That(joins.Settles && joins.Effects.Any(e => e.Contains("c1:27017", StringComparison.Ordinal)), string.Join('\n', joins.Effects));

        var config = Sets.Config("a1", "a2", "c1");
        config = config with { Members = [.. config.Members.Select(m => m.Host == "c1:27017" ? m with { ArbiterOnly = true, Priority = 0, Tags = new Dictionary<string, string>() } : m)] };
        var decision = Planner.Next(new(Sets.Observed(config, "a1"), topology, Sets.Policy, PlanningHistory.Empty));

        Assert.That(decision is PlanDecision.Act { Step: Reconfig { Edits: var edits } } && edits.Any(e => e is { Host: "c1:27017", Hidden: true }), decision.ToString());
    }
}
