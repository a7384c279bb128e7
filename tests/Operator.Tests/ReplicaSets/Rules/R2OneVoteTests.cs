using Modestano.Operator.ReplicaSets.Observation;
using Modestano.Operator.ReplicaSets.Rules;
using Modestano.Operator.Tests.ReplicaSets.Planning;

namespace Modestano.Operator.Tests.ReplicaSets.Rules;

/// <summary>R2: one vote a reconfig, and the next one when a majority has the last.</summary>
public class R2OneVoteTests
{
    private static readonly ReplicaSetConfig Five = Sets.Rested('a', "a1", "a2", "a3", "b1", "b2").With("b1", Sets.Joined).With("b2", Sets.Joined);

    private static IEnumerable<TestCaseData> Cases()
    {
        yield return Row.Kept("One_vote_is_gained", new() { From = Five, To = Five.With("b1", Voting) });
        yield return Row.Kept("One_vote_is_taken", new() { From = Five, To = Five.With("a3", Sets.Joined) });
        yield return Row.Kept("No_vote_and_much_else_changes", new() { From = Five, To = Without(Five, "b1").With("a2", m => m with { Priority = 1 }) });
        yield return Row.Broken("Two_votes_are_gained", new() { From = Five, To = Five.With("b1", Voting).With("b2", Voting) }, "2 votes change at once");
        yield return Row.Broken("One_is_gained_and_one_taken", new() { From = Five, To = Five.With("b1", Voting).With("a3", Sets.Joined) }, "2 votes change at once");
        yield return Row.Broken("A_voter_leaves_and_another_gains", new() { From = Five, To = Without(Five, "a3").With("b1", Voting) }, "2 votes change at once");
        yield return Row.Kept("A_voter_leaves_and_voteless_ones_with_it", new() { From = Five, To = Without(Without(Five, "a3"), "b2") });
        yield return Row.Broken("The_last_configuration_is_not_committed", new() { From = Five with { IsCommitted = false }, To = Five.With("b1", Voting) }, "not committed");
        yield return Row.Broken("Without_a_vote_the_last_one_must_be_committed_too", new() { From = Five with { IsCommitted = false }, To = Five.With("a2", m => m with { Priority = 1 }) }, "not committed");
        yield return Row.Broken("A_vote_that_the_server_holds_back_counts_as_one", new() { From = Five.With("b1", m => Voting(m) with { NewlyAdded = true }), To = Five.With("b2", Voting) }, "2 votes change at once");
        yield return Row.Kept("A_forced_reconfig_is_for_R6_to_judge", new() { From = Five, To = Five.With("a2", Sets.Joined).With("a3", Sets.Joined), As = r => r with { Force = true } });
    }

    [TestCaseSource(nameof(Cases))]
    public void R2(OnTrial trial, string? words) => Row.Assert(new R2OneVote(), trial, words);

    private static ConfigMember Voting(ConfigMember member) => member with { Votes = 1, Priority = 1, Hidden = false };

    private static ReplicaSetConfig Without(ReplicaSetConfig config, string name) => config with { Members = [.. config.Members.Where(m => m.Host != Sets.Host(name))] };
}
