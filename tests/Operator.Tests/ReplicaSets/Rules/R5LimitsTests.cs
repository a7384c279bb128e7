using Modestano.Operator.ReplicaSets.Observation;
using Modestano.Operator.ReplicaSets.Rules;
using Modestano.Operator.ReplicaSets.Topology;
using Modestano.Operator.Tests.ReplicaSets.Planning;

namespace Modestano.Operator.Tests.ReplicaSets.Rules;

/// <summary>R5: MongoDB's limits, and who yields at seven votes.</summary>
public class R5LimitsTests
{
    private static readonly ReplicaSetConfig Three = Sets.Rested('a', "a1", "a2", "a3");
    private static readonly ReplicaSetConfig Eight = Sets.Rested('a', [.. Sets.Names('a', 4), .. Sets.Names('b', 4)]).With("b4", Sets.Joined);

    /// <summary>b4 is to vote, and of region a only three.</summary>
    private static readonly DesiredTopology FourInB = Sets.Topology("b", [.. Sets.Names('a', 4).Select(n => Sets.Wanted(n) with { Votes = n == "a4" ? 0 : 1 }), .. Sets.Names('b', 4).Select(Sets.Wanted)]);

    private static IEnumerable<TestCaseData> Cases()
    {
        yield return Row.Kept("Fifty_members_are_allowed", new() { From = Many(49), To = Many(50) });
        yield return Row.Broken("Fifty_one_are_not", new() { From = Many(50), To = Many(51) }, "51 members");
        yield return Row.Kept("Seven_votes_are_allowed", new() { From = Eight.With("b3", Sets.Joined), To = Eight });
        yield return Row.Broken("Eight_are_not", new() { From = Eight, To = Eight.With("b4", m => m with { Votes = 1, Hidden = false }) }, "8 votes");
        yield return Row.Kept("An_eighth_that_somebody_gave_is_not_ours_to_blame", new() { From = Eight.With("b4", m => m with { Votes = 1 }), To = Eight.With("b4", m => m with { Votes = 1, Tags = new Dictionary<string, string>() }) });
        yield return Row.Broken("Nobody_could_be_primary", new() { From = Three, To = Three with { Members = [.. Three.Members.Select(m => m with { Priority = 0 })] } }, "no member could be primary");
        yield return Row.Broken("An_arbiter_with_a_priority", new() { From = Three.With("a3", m => m with { ArbiterOnly = true, Priority = 0 }), To = Three.With("a3", m => m with { ArbiterOnly = true }) }, "a3:27017 has priority 2 and cannot be primary");
        yield return Row.Broken("A_hidden_member_with_a_priority", new() { From = Three, To = Three.With("a3", m => m with { Hidden = true }) }, "cannot be primary");
        yield return Row.Broken("A_delayed_member_with_a_priority", new() { From = Three, To = Three.With("a3", m => m with { SecondaryDelaySecs = 1 }) }, "cannot be primary");
        yield return Row.Broken("A_voteless_member_with_a_priority", new() { From = Three, To = Three.With("a3", m => m with { Votes = 0 }) }, "cannot be primary");
        yield return Row.Broken("A_member_without_indexes_with_a_priority", new() { From = Three.With("a3", m => m with { BuildIndexes = false, Priority = 0 }), To = Three.With("a3", m => m with { BuildIndexes = false, Priority = 1 }) }, "cannot be primary");
        yield return Row.Kept("At_seven_votes_one_yields_for_a_newcomer_that_has_proved_itself", new() { From = Eight, To = Eight.With("a4", Sets.Joined), Wanted = FourInB });
        yield return Row.Broken("At_seven_votes_nobody_yields_for_one_that_still_copies", new() { From = Eight, To = Eight.With("a4", Sets.Joined), Wanted = FourInB, Seen = o => o.With("b4", m => m with { State = MemberState.Startup2 }) }, "while b4:27017 is not ready");
        yield return Row.Broken("Below_seven_nobody_yields_for_a_newcomer", new()
        {
            From = Sets.Rested('a', "a1", "a2", "a3", "b1").With("b1", Sets.Joined),
            To = Sets.Rested('a', "a1", "a2", "a3", "b1").With("b1", Sets.Joined).With("a3", Sets.Joined),
        }, "while b1:27017 is not ready");
        yield return Row.Kept("A_voter_that_is_down_need_not_wait", new()
        {
            From = Sets.Rested('a', "a1", "a2", "a3", "b1").With("b1", Sets.Joined),
            To = Sets.Rested('a', "a1", "a2", "a3", "b1").With("b1", Sets.Joined).With("a3", Sets.Joined),
            Seen = o => o.With("a3", m => m with { Healthy = false, State = MemberState.Down }),
        });
    }

    [TestCaseSource(nameof(Cases))]
    public void R5(OnTrial trial, string? words) => Row.Assert(new R5Limits(), trial, words);

    private static ReplicaSetConfig Many(int members)
    {
        var config = Sets.Rested('a', Sets.Names('a', members));
        return config with { Members = [.. config.Members.Select((m, i) => i < 3 ? m : Sets.Joined(m))] };
    }
}
