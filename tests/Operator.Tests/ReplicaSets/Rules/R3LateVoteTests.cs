using Modestano.Operator.ReplicaSets.Observation;
using Modestano.Operator.ReplicaSets.Rules;
using Modestano.Operator.Tests.ReplicaSets.Planning;

namespace Modestano.Operator.Tests.ReplicaSets.Rules;

/// <summary>R3: hidden and voteless at first; a vote, or visibility, when it has proved itself.</summary>
public class R3LateVoteTests
{
    private static readonly ReplicaSetConfig Three = Sets.Rested('a', "a1", "a2", "a3");
    private static readonly ReplicaSetConfig Four = Sets.Rested('a', "a1", "a2", "a3", "b1");
    private static readonly ReplicaSetConfig Joined = Four.With("b1", Sets.Joined);

    private static IEnumerable<TestCaseData> Cases()
    {
        yield return Row.Kept("It_joins_hidden_and_voteless", new() { From = Three, To = Joined });
        yield return Row.Broken("It_joins_with_a_vote", new() { From = Three, To = Four.With("b1", m => m with { Hidden = true, Priority = 0 }) }, "would join with votes 1");
        yield return Row.Broken("It_joins_visible", new() { From = Three, To = Joined.With("b1", m => m with { Hidden = false }) }, "hidden False");
        yield return Row.Kept("An_arbiter_joins_with_its_vote", new() { From = Three, To = Four.With("b1", m => m with { ArbiterOnly = true, Priority = 0 }) });
        yield return Row.Kept("It_votes_when_it_has_proved_itself", new() { From = Joined, To = Four });
        yield return Row.Broken("It_votes_while_it_copies", Vote(m => m with { State = MemberState.Startup2 }), "would vote before it has proved itself");
        yield return Row.Broken("It_votes_while_it_recovers", Vote(m => m with { State = MemberState.Recovering }), "would vote");
        yield return Row.Broken("It_votes_while_it_lags", Vote(m => m with { Lag = TimeSpan.FromSeconds(11) }), "would vote");
        yield return Row.Broken("It_votes_with_a_lag_that_nobody_knows", Vote(m => m with { Lag = null }), "would vote");
        yield return Row.Broken("It_votes_before_its_window_is_over", Vote(m => m with { SteadySince = Sets.Now.AddSeconds(-29) }), "would vote");
        yield return Row.Kept("It_votes_when_its_window_is_over", Vote(m => m with { SteadySince = Sets.Now.AddSeconds(-30) }));
        yield return Row.Broken("It_votes_unseen_by_a_voter", Vote(m => m with { SeenHealthyBy = new HashSet<string> { Sets.Host("a1"), Sets.Host("a2") } }), "would vote");
        yield return Row.Broken("It_votes_and_does_not_see_a_voter", new() { From = Joined, To = Four, Seen = o => o.With("a3", m => m with { SeenHealthyBy = new HashSet<string> { Sets.Host("a1"), Sets.Host("a2") } }) }, "would vote");
        yield return Row.Kept("A_voter_that_is_down_need_not_see_it", new()
        {
            From = Joined,
            To = Four,
            Seen = o => o.With("a3", m => m with { Healthy = false, State = MemberState.Down }).With("b1", m => m with { SeenHealthyBy = new HashSet<string> { Sets.Host("a1"), Sets.Host("a2") } }),
        });
        yield return Row.Broken("It_votes_and_the_operator_does_not_reach_it", Vote(m => m with { Reachable = false }), "would vote");
        yield return Row.Broken("It_becomes_visible_while_it_copies", new() { From = Joined, To = Joined.With("b1", m => m with { Hidden = false }), Seen = o => o.With("b1", m => m with { State = MemberState.Startup2 }) }, "would become visible");
    }

    [TestCaseSource(nameof(Cases))]
    public void R3(OnTrial trial, string? words) => Row.Assert(new R3LateVote(), trial, words);

    private static OnTrial Vote(Func<ObservedMember, ObservedMember> newcomer) => new() { From = Joined, To = Four, Seen = o => o.With("b1", newcomer) };
}
