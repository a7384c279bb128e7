using Modestano.Operator.ReplicaSets.Observation;
using Modestano.Operator.ReplicaSets.Rules;
using Modestano.Operator.ReplicaSets.Topology;
using Modestano.Operator.Tests.ReplicaSets.Planning;

namespace Modestano.Operator.Tests.ReplicaSets.Rules;

/// <summary>R9: nobody leaves whose data is still needed.</summary>
public class R9RedundancyTests
{
    private static readonly ReplicaSetConfig Four = Sets.Rested('a', "a1", "a2", "a3", "b1").With("a3", Sets.Joined);
    private static readonly DesiredTopology WithoutA3 = Sets.Topology("a", "a1", "a2", "b1");

    private static IEnumerable<TestCaseData> Cases()
    {
        yield return Row.Kept("As_many_healthy_ones_stay_as_are_wanted", Leaves(o => o));
        yield return Row.Broken("One_of_those_that_stay_is_down", Leaves(o => Down(o, "b1")), "2 healthy data-bearing members would be left of 3 wanted");
        yield return Row.Broken("One_of_those_that_stay_lags", Leaves(o => o.With("b1", m => m with { Lag = TimeSpan.FromMinutes(5) })), "2 healthy data-bearing members would be left of 3 wanted");
        yield return Row.Kept("The_one_that_leaves_is_down_itself", Leaves(o => Down(Down(o, "a3"), "b1")));
        yield return Row.Broken("Of_the_one_that_leaves_the_primary_has_not_heard_yet", Leaves(o => Unheard(Down(o, "b1"), "a3")), "2 healthy data-bearing members would be left of 3 wanted");
        yield return Row.Kept("An_arbiter_holds_no_data", new()
        {
            From = Sets.Rested('a', "a1", "a2", "a3").With("a3", m => m with { ArbiterOnly = true, Priority = 0 }),
            To = Sets.Rested('a', "a1", "a2"),
            Wanted = Sets.Topology("a", "a1", "a2", "b1"),
        });
        yield return Row.Kept("To_take_a_vote_removes_nobody", new() { From = Sets.Rested('a', "a1", "a2", "a3", "b1"), To = Four, Wanted = WithoutA3, Seen = o => Down(o, "b1") });
        yield return Row.Kept("More_than_wanted_may_go_down_to_what_is_wanted", new() { From = Sets.Rested('a', Sets.Names('a', 5)), To = Sets.Rested('a', Sets.Names('a', 4)), Wanted = Sets.Topology("a", Sets.Names('a', 3)), Seen = o => Down(o, "a4") });
    }

    [TestCaseSource(nameof(Cases))]
    public void R9(OnTrial trial, string? words) => Row.Assert(new R9Redundancy(), trial, words);

    private static OnTrial Leaves(Func<ObservedReplicaSet, ObservedReplicaSet> seen) => new() { From = Four, To = Four with { Members = [.. Four.Members.Where(m => m.Host != Sets.Host("a3"))] }, Wanted = WithoutA3, Seen = seen };

    private static ObservedReplicaSet Unheard(ObservedReplicaSet observed, string name) => observed.With(name, m => m with { Healthy = null });

    private static ObservedReplicaSet Down(ObservedReplicaSet observed, string name) => observed.With(name, m => m with { Healthy = false, Reachable = false, State = MemberState.Down, Lag = null });
}
