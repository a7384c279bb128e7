using Modestano.Operator.ReplicaSets.Decision;
using Modestano.Operator.ReplicaSets.Observation;
using Modestano.Operator.ReplicaSets.Planning;

namespace Modestano.Operator.Tests.ReplicaSets.Planning;

/// <summary>When the primary does not move, the condition names who is not good enough, and by how much.</summary>
[TestFixture]
public class HandOffTests
{
    private static readonly string[] Names = [.. Sets.Names('a', 3), .. Sets.Names('b', 3)];
    private static readonly ReplicaSetConfig Six = Sets.Rested('a', Names) with { Members = [.. Sets.Rested('a', Names).Members.Select(m => m with { Priority = 2 })] };

    private static IEnumerable<TestCaseData> Reasons()
    {
        yield return Case("Two_that_lag_are_named_with_their_lag", m => m with { Lag = TimeSpan.FromSeconds(100), SteadySince = null }, "b2:27017 is 2m behind the primary, more than 10 s (reconfiguration.maxReplicationLag); b3:27017 is 2m behind");
        yield return Case("Two_whose_lag_is_not_known", m => m with { Lag = null, SteadySince = null }, "b2:27017 is an unknown time behind the primary");
        yield return Case("Two_with_a_short_oplog", m => m with { OplogWindow = TimeSpan.FromHours(5) }, "the oplog of b2:27017 reaches back less than 24 h (reconfiguration.minOplogWindow)");
        yield return Case("Two_that_nobody_reaches", m => m with { Reachable = false, SteadySince = null }, "b2:27017 gets no vote yet: the operator does not reach it");
        yield return Case("Two_that_are_not_steady_yet", m => m with { SteadySince = Sets.Now.AddSeconds(-10) }, "b2:27017 must stay healthy and close for 30 s");
    }

    [TestCaseSource(nameof(Reasons))]
    public void The_primary_stays(Func<ObservedMember, ObservedMember> change, string words)
    {
        var observed = Sets.Observed(Six, "a1").With("b2", change).With("b3", change);
        var decision = Planner.Next(new(observed, Sets.Topology("b", Names), Sets.Policy, PlanningHistory.Empty));
        Assert.That(Sets.Words(decision), Does.StartWith("NoSuccessor: the primary cannot move to b: 2 good successors are needed there; ").And.Contain(words));
    }

    [Test]
    public void With_two_good_ones_it_moves()
    {
        var observed = Sets.Observed(Six, "a1").With("b3", m => m with { Lag = TimeSpan.FromMinutes(2), SteadySince = null });
        Assert.That(Planner.Next(new(observed, Sets.Topology("b", Names), Sets.Policy, PlanningHistory.Empty)) is PlanDecision.Act { Step: Reconfig { Purpose: ReconfigPurpose.PrepareHandOff } });
    }

    [TestCase(1, 60)]
    [TestCase(2, 120)]
    [TestCase(5, 900)]
    public void A_hand_off_that_did_not_happen_is_tried_again_after_a_pause_that_doubles(int failures, int seconds)
    {
        var step = new StepDown { Summary = "x", PrimaryHost = Sets.Host("a1"), Term = 3, CatchUpSecs = 2, StepDownSecs = 30, Successors = [] };
        var history = PlanningHistory.Empty with { Steps = [.. Enumerable.Repeat(new PastStep(Sets.Now, step, StepOutcome.Refused), failures)] };
        Assert.That(Sets.Words(At(seconds - 1)), Does.StartWith(PlanReasons.HandOffBackoff));
        Assert.That(At(seconds), Is.TypeOf<PlanDecision.Act>());

        PlanDecision At(int after) => Planner.Next(new(Sets.Observed(Six, "a1") with { At = Sets.Now.AddSeconds(after) }, Sets.Topology("b", Names), Sets.Policy, history));
    }

    private static TestCaseData Case(string name, Func<ObservedMember, ObservedMember> change, string words) => new TestCaseData(change, words).SetName(name);
}
