using Modestano.Operator.ReplicaSets.Decision;
using Modestano.Operator.ReplicaSets.Observation;
using Modestano.Operator.ReplicaSets.Planning;
using Modestano.Operator.ReplicaSets.Planning.Changes;
using Modestano.Operator.ReplicaSets.Topology;

namespace Modestano.Operator.Tests.ReplicaSets.Planning;

/// <summary>From 5.3 on a set has one arbiter, unless every member was started with <c>allowMultipleArbiters</c>.</summary>
[TestFixture]
public class OneArbiterTests
{
    private static readonly ReplicaSetConfig Config = WithArbiter(Sets.Rested('a', "a1", "a2", "b1", "c1"), "c1");

    [Test]
    public void A_second_one_is_told_with_field_value_and_what_is_allowed()
    {
        var decision = Next(Wanted("c1", "c2"), allows: false);

        Assert.That(decision, Is.TypeOf<PlanDecision.Stalled>());
        Assert.That(Sets.Words(decision), Does.StartWith($"{PlanReasons.OneArbiter}: c2:27017 has arbiterOnly: true").And.Contain("arbiter number 2, beside c1:27017; allowed is 1").And.Contain("allowMultipleArbiters"));
    }

    [TestCase(null, TestName = "Before_5_3_a_second_one_joins")]
    [TestCase(true, TestName = "With_the_parameter_a_second_one_joins")]
    public void A_second_one_joins(bool? allows)
    {
        var decision = Next(Wanted("c1", "c2"), allows);

        Assert.That(Step(decision).Additions.Select(a => a.Host), Is.EqualTo((string[])["c2:27017"]), Sets.Words(decision));
    }

    [Test]
    public void One_that_replaces_another_joins_when_that_one_has_left()
    {
        var first = Step(Next(Wanted("c2"), allows: false));
        var without = ConfigChanges.Apply(Config, first);
        var second = Step(Next(Wanted("c2"), allows: false, without));

        Assert.That((first.Removals.Select(r => r.Host).ToArray(), first.Additions.Count), Is.EqualTo((new[] { "c1:27017" }, 0)));
        Assert.That(second.Additions.Select(a => (a.Host, a.ArbiterOnly)), Is.EqualTo((ValueTuple<string, bool>[])[("c2:27017", true)]));
    }

    [Test]
    public void One_that_is_not_fit_to_join_makes_no_other_one_leave()
    {
        var observed = Observed(Config, allows: false).With("c2", m => m with { Reachable = false, OwnStatus = OwnStatus.NotAnswered });
        var decision = Planner.Next(new(observed, Wanted("c2"), Sets.Policy, PlanningHistory.Empty));

        Assert.That(decision is PlanDecision.Act { Step: Reconfig { Removals.Count: > 0 } }, Is.False, Sets.Words(decision));
    }

    [Test]
    public void While_a_data_bearing_voter_is_missing_too_the_arbiter_stays()
    {
        var wanted = Sets.Topology("a", [Sets.Wanted("a1"), Sets.Wanted("a2"), Sets.Wanted("b1"), Sets.Wanted("b2"), Sets.Wanted("c2") with { ArbiterOnly = true }]);
        var step = Step(Planner.Next(new(Observed(Config, allows: false).With("b2", m => m with { Reachable = true, OwnStatus = OwnStatus.NotYetInitialized }), wanted, Sets.Policy, PlanningHistory.Empty)));

        Assert.That((step.Additions.Select(a => a.Host).ToArray(), step.Removals.Count), Is.EqualTo((new[] { "b2:27017" }, 0)));
    }

    private static PlanDecision Next(DesiredTopology wanted, bool? allows, ReplicaSetConfig? config = null) =>
        Planner.Next(new(Observed(config ?? Config, allows), wanted, Sets.Policy, PlanningHistory.Empty));

    private static ObservedReplicaSet Observed(ReplicaSetConfig config, bool? allows) => ((string[])["a1", "a2", "b1"])
        .Aggregate(Sets.Observed(config, "a1", "c2"), (o, name) => o.With(name, m => m with { AllowsMultipleArbiters = allows }));

    private static DesiredTopology Wanted(params string[] arbiters) =>
        Sets.Topology("a", [Sets.Wanted("a1"), Sets.Wanted("a2"), Sets.Wanted("b1"), .. arbiters.Select(name => Sets.Wanted(name) with { ArbiterOnly = true })]);

    private static ReplicaSetConfig WithArbiter(ReplicaSetConfig config, string name) => config.With(name, m => m with { ArbiterOnly = true, Priority = 0 });

    private static Reconfig Step(PlanDecision decision) => (decision as PlanDecision.Act)?.Step as Reconfig ?? throw new AssertionException(Sets.Words(decision));
}
