using Modestano.Operator.ReplicaSets.Observation;
using Modestano.Operator.ReplicaSets.Planning;
using Modestano.Operator.ReplicaSets.Rules;
using Modestano.Operator.Tests.ReplicaSets.Planning;

namespace Modestano.Operator.Tests.ReplicaSets.Rules;

/// <summary>R1: an election majority and a write majority stay, in the configuration that the step makes.</summary>
public class R1MajorityTests
{
    private static readonly ReplicaSetConfig Three = Sets.Rested('a', "a1", "a2", "a3");

    private static IEnumerable<TestCaseData> Cases()
    {
        yield return Row.Kept("A_vote_more_with_everybody_well", new() { From = Plus("b1"), To = Voting(Plus("b1"), "b1") });
        yield return Row.Broken("A_fourth_vote_with_one_of_three_down", new() { From = Plus("b1"), To = Voting(Plus("b1"), "b1"), Seen = Down("a2", "b1") }, "2 healthy voters of 4, 3 elect a primary");
        yield return Row.Kept("A_dead_voter_loses_its_vote", new() { From = Three, To = Three.With("a3", Sets.Joined), Seen = Down("a3") });
        yield return Row.Broken("A_healthy_voter_loses_its_vote_while_another_is_down", new() { From = Sets.Rested('a', "a1", "a2"), To = Sets.Rested('a', "a1", "a2").With("a2", m => m with { Priority = 1 }), Seen = Down("a2") }, "1 healthy voters of 2");
        yield return Row.Broken("One_that_lags_does_not_count", new() { From = Plus("b1"), To = Voting(Plus("b1"), "b1"), Seen = o => Lagging(Lagging(o, "a2"), "a3") }, "elect a primary");
        yield return Row.Kept("A_delayed_one_counts_within_its_delay", new()
        {
            From = Three.With("a3", m => m with { SecondaryDelaySecs = 3600, Priority = 0 }),
            To = Three.With("a3", m => m with { SecondaryDelaySecs = 3600, Priority = 0, Tags = new Dictionary<string, string>() }),
            Seen = o => o.With("a3", m => m with { Lag = TimeSpan.FromSeconds(3605) }).With("a2", m => m with { Lag = TimeSpan.FromSeconds(9) }),
        });
        yield return Row.Broken("One_that_the_operator_does_not_reach_does_not_count", new() { From = Three, To = Three.With("a2", m => m with { Priority = 1 }), Seen = o => o.With("a2", Silent).With("a3", Silent) }, "1 healthy voters of 3");
        yield return Row.Broken("One_that_is_too_stale_does_not_count", new() { From = Three, To = Three.With("a2", m => m with { Priority = 1 }), Seen = o => o.With("a2", Stale).With("a3", Stale) }, "1 healthy voters of 3");

        // Two data-bearing voters and an arbiter: two votes elect, and both data-bearing ones are needed for a majority write.
        var arbiter = Sets.Rested('a', "a1", "a2", "a3").With("a3", m => m with { ArbiterOnly = true, Priority = 0 });
        yield return Row.Kept("With_an_arbiter_and_both_others_well", new() { From = arbiter, To = arbiter.With("a2", m => m with { Priority = 1 }) });
        yield return Row.Broken("An_arbiter_elects_and_acknowledges_nothing", new() { From = arbiter, To = arbiter.With("a2", m => m with { Priority = 1 }), Seen = Down("a2") }, "1 caught-up data-bearing voters, 2 acknowledge a majority write");
        yield return Row.Kept("An_arbiter_that_joins_need_only_answer", new() { From = Sets.Rested('a', "a1", "a2"), To = arbiter });
        yield return Row.Broken("An_arbiter_that_joins_and_does_not_answer", new() { From = Sets.Rested('a', "a1", "a2"), To = arbiter, Seen = o => Down("a2")(o).With("a3", Silent) }, "elect a primary");
        yield return Row.Kept("A_forced_reconfig_is_for_R6_to_judge", new() { From = Three, To = Three.With("a2", Sets.Joined), Seen = Down("a2", "a3"), As = r => r with { Force = true } });
        yield return Row.Broken("A_step_down_without_a_majority", new() { From = Three, Step = Steps.Down("a1", "a2"), Seen = Down("a2", "a3") }, "1 healthy voters of 3");
    }

    [TestCaseSource(nameof(Cases))]
    public void R1(OnTrial trial, string? words) => Row.Assert(new R1Majority(), trial, words);

    private static ReplicaSetConfig Plus(string name) => Sets.Rested('a', "a1", "a2", "a3", name).With(name, Sets.Joined);

    private static ReplicaSetConfig Voting(ReplicaSetConfig config, string name) => config.With(name, m => m with { Votes = 1, Priority = 1, Hidden = false });

    private static Func<ObservedReplicaSet, ObservedReplicaSet> Down(params string[] names) =>
        o => names.Aggregate(o, (seen, name) => seen.With(name, m => m with { Healthy = false, Reachable = false, State = MemberState.Down, Lag = null }));

    private static ObservedReplicaSet Lagging(ObservedReplicaSet observed, string name) => observed.With(name, m => m with { Lag = TimeSpan.FromSeconds(11) });

    private static ObservedMember Silent(ObservedMember member) => member with { Reachable = false };

    private static ObservedMember Stale(ObservedMember member) => member with { TooStale = true };
}

/// <summary>Steps that are not reconfigs.</summary>
internal static class Steps
{
    public static StepDown Down(string primary, params string[] successors) => new()
    {
        Summary = "hand over",
        PrimaryHost = Sets.Host(primary),
        Term = 3,
        CatchUpSecs = 2,
        StepDownSecs = 30,
        Successors = [.. successors.Select(Sets.Host)],
    };
}
