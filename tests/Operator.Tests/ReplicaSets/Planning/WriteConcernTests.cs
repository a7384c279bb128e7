using Modestano.Operator.ReplicaSets.Decision;
using Modestano.Operator.ReplicaSets.Observation;
using Modestano.Operator.ReplicaSets.Planning;

namespace Modestano.Operator.Tests.ReplicaSets.Planning;

/// <summary>What a planned configuration does to write concerns is found out before MongoDB refuses it.</summary>
[TestFixture]
public class WriteConcernTests
{
    private static readonly ReplicaSetConfig Two = Sets.Rested('a', "a1", "a2");

    private static IEnumerable<TestCaseData> Arbiters()
    {
        yield return new TestCaseData("7.0.1", false, null, "ImplicitWriteConcernWouldChange: the next reconfig would change the implicit default write concern from w: majority to w: 1").SetName("From_5_on_it_is_explained");
        yield return new TestCaseData("7.0.1", false, "majority", "SetDefaultWriteConcern").SetName("From_5_on_the_specs_one_is_made_explicit_first");
        yield return new TestCaseData("7.0.1", true, null, "Reconfig").SetName("An_explicit_one_does_not_change");
        yield return new TestCaseData("4.4.2", false, null, "Reconfig").SetName("Before_5_there_is_no_implicit_majority");
    }

    [TestCaseSource(nameof(Arbiters))]
    public void An_arbiter_joins_two_members(string version, bool isExplicit, string? wanted, string outcome)
    {
        var observed = Sets.Observed(Two, "a1", "b1").With("a1", m => m with { Version = version, FeatureCompatibilityVersion = version[..3] }) with { DefaultWriteConcern = new ObservedWriteConcern("majority", 0, isExplicit) };
        observed = observed.With("b1", m => m with { Version = version });
        var topology = Sets.Topology("a", [Sets.Wanted("a1"), Sets.Wanted("a2"), Sets.Wanted("b1") with { ArbiterOnly = true, Votes = 1, Tags = new Dictionary<string, string>() }]) with { DefaultWriteConcern = wanted is null ? null : new(wanted, 0) };
        var decision = Planner.Next(new(observed, topology, Sets.Policy, PlanningHistory.Empty));
        Assert.That(decision is PlanDecision.Act(var step) ? step.Kind : Sets.Words(decision), Does.StartWith(outcome));
    }

    private static IEnumerable<TestCaseData> Modes()
    {
        yield return new TestCaseData(2, true).SetName("A_mode_that_two_zones_satisfy");
        yield return new TestCaseData(3, false).SetName("A_mode_that_would_need_three_zones");
    }

    [TestCaseSource(nameof(Modes))]
    public void A_member_leaves_a_set_with_a_custom_mode(int zones, bool isPlanned)
    {
        var three = Sets.Rested('a', "a1", "a2", "a3").With("a3", Sets.Joined);
        three = three with { Settings = new ConfigSettings { GetLastErrorModes = new Dictionary<string, IReadOnlyDictionary<string, int>> { ["spread"] = new Dictionary<string, int> { ["zone"] = zones } } } };
        var decision = Planner.Next(new(Sets.Observed(three, "a1"), Sets.Topology("a", "a1", "a2"), Sets.Policy, PlanningHistory.Empty));
        Assert.That(decision, isPlanned ? Is.TypeOf<PlanDecision.Act>() : Is.TypeOf<PlanDecision.Stalled>());
        if (!isPlanned)
        {
            Assert.That(Sets.Words(decision), Does.StartWith("WriteConcernUnsatisfiable: write-concern mode spread needs 3 distinct values of tag zone, the members have 2"));
        }
    }
}
