using Modestano.Operator.ReplicaSets.Decision;
using Modestano.Operator.ReplicaSets.Observation;
using Modestano.Operator.ReplicaSets.Planning;

namespace Modestano.Operator.Tests.ReplicaSets.Planning;

/// <summary>R9 as the planner keeps it: who stays for the sake of redundancy, and how that is told.</summary>
[TestFixture]
public class RedundancyTests
{
    private static readonly string[] Wanted = ["a1", "a2", "a3", "b1", "b2"];

    [Test]
    public void What_redundancy_waits_for_is_told_before_that_it_waits()
    {
        // b1 replaces c1, and still copies.
        var config = Sets.Rested('a', [.. Wanted, "c1"]).With("b1", Sets.Joined).With("c1", m => m with { Votes = 0, Priority = 0 });
        var observed = Sets.Observed(config, "a1").With("b1", m => m with { State = MemberState.Startup2, Lag = null, SteadySince = null });

        var decision = Planner.Next(new(observed, Sets.Topology("a", Wanted), Sets.Policy, PlanningHistory.Empty));

        Assert.That(Sets.Words(decision), Does.StartWith($"{PlanReasons.InitialSync}: ").And.Contain("b1:27017"));
    }

    [Test]
    public void With_nothing_else_to_tell_the_member_that_stays_is_told_with_those_it_stays_for()
    {
        var config = Sets.Rested('a', [.. Wanted, "c1"]).With("c1", m => m with { Votes = 0, Priority = 0 });
        var observed = Sets.Observed(config, "a1").With("b1", m => m with { Lag = TimeSpan.FromMinutes(5), SteadySince = null });

        var decision = Planner.Next(new(observed, Sets.Topology("a", Wanted), Sets.Policy, PlanningHistory.Empty));

        Assert.That(Sets.Words(decision), Does.StartWith($"{PlanReasons.RedundancyAtRisk}: c1:27017 stays until 5 other data-bearing members are healthy: b1:27017 not yet"));
    }

    [Test]
    public void A_member_that_stays_does_not_keep_a_dead_one_whose_vote_the_server_holds_back()
    {
        // Both leave: c1 is healthy and needed while b1 copies, c2 is dead. Neither has its vote yet.
        var config = Sets.Rested('a', [.. Wanted, "c1", "c2"]).With("b1", Sets.Joined).With("c1", m => m with { NewlyAdded = true }).With("c2", m => m with { NewlyAdded = true });
        var observed = Sets.Observed(config, "a1")
            .With("b1", m => m with { State = MemberState.Startup2, Lag = null, SteadySince = null })
            .With("c2", m => m with { State = MemberState.Down, Healthy = false, Reachable = false, Lag = null, SteadySince = null });

        var decision = Planner.Next(new(observed, Sets.Topology("a", Wanted), Sets.Policy, PlanningHistory.Empty));

        Assert.That(((decision as PlanDecision.Act)?.Step as Reconfig)?.Removals.Select(r => r.Host), Is.EqualTo((string[])["c2:27017"]), Sets.Words(decision));
    }

    [Test]
    public void Neither_a_vote_nor_a_member_goes_because_a_new_primary_has_not_heard_of_it_yet()
    {
        // c1 leaves once b1 has caught up; the primary has just started, and heard of everybody but c1.
        var config = Sets.Rested('a', [.. Wanted, "c1"]).With("b1", Sets.Joined);
        var observed = Sets.Observed(config, "a1")
            .With("b1", m => m with { State = MemberState.Startup2, Lag = null, SteadySince = null })
            .With("c1", m => m with { Healthy = null, SteadySince = null });

        var decision = Planner.Next(new(observed, Sets.Topology("a", Wanted), Sets.Policy, PlanningHistory.Empty));

        Assert.That(decision, Is.InstanceOf<PlanDecision.Wait>(), Sets.Words(decision));
    }
}
