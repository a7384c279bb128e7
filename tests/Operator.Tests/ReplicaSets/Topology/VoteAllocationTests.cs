using Modestano.Operator.ReplicaSets.Topology;
using Modestano.Operator.Tests.ReplicaSets.Planning;

namespace Modestano.Operator.Tests.ReplicaSets.Topology;

/// <summary>Who votes at rest: nobody who could take over loses a vote for the sake of an odd number.</summary>
public class VoteAllocationTests
{
    private static IEnumerable<TestCaseData> Topologies()
    {
        yield return Case("Two_data_members_and_two_arbiters_keep_the_candidate_for_fail_over", ["a1", "a2", "a3 arbiter", "a4 arbiter"], ["a1", "a2", "a3", "a4"]);
        yield return Case("A_data_member_and_an_arbiter_in_each_region_keep_the_candidate_for_fail_over", ["a1", "a2 arbiter", "b1", "b2 arbiter"], ["a1", "a2", "b1", "b2"]);
        yield return Case("Three_data_members_and_an_arbiter_all_vote", ["a1", "a2", "a3", "a4 arbiter"], ["a1", "a2", "a3", "a4"]);
        yield return Case("Two_data_members_and_an_arbiter_all_vote", ["a1", "a2", "a3 arbiter"], ["a1", "a2", "a3"]);
        yield return Case("Four_data_members_all_vote", ["a1", "a2", "a3", "a4"], ["a1", "a2", "a3", "a4"]);
        yield return Case("Three_members_and_one_elsewhere_all_vote", ["a1", "a2", "a3", "b1"], ["a1", "a2", "a3", "b1"]);
        yield return Case("Two_regions_of_three_leave_the_majority_at_home", ["a1", "a2", "a3", "b1", "b2", "b3"], ["a1", "a2", "a3", "b1", "b2"]);
        yield return Case("A_hidden_member_pays_for_an_odd_number", ["a1", "a2", "a3", "a4 hidden"], ["a1", "a2", "a3"]);
        yield return Case("A_hidden_member_votes_where_there_are_not_three_others", ["a1", "a2", "a3 hidden", "a4 hidden"], ["a1", "a2", "a3"]);
        yield return Case("Two_data_members_keep_their_votes", ["a1", "a2"], ["a1", "a2"]);
        yield return Case("Eight_data_members_fill_the_seven_votes", ["a1", "a2", "a3", "a4", "b1", "b2", "b3", "b4"], ["a1", "a2", "a3", "a4", "b1", "b2", "b3"]);
    }

    [TestCaseSource(nameof(Topologies))]
    public void At_rest(string[] members, string[] voters)
    {
        var rest = RestPlan.For(Sets.Topology("a", members.Select(Wanted)), null);

        Assert.That(rest.Members.Where(m => m.Votes == 1).Select(m => m.Host), Is.EquivalentTo(voters.Select(Sets.Host)), rest.Problem);
    }

    private static DesiredMember Wanted(string text) => text.Split(' ') switch
    {
        [var name, "arbiter"] => Sets.Wanted(name) with { ArbiterOnly = true, Votes = 1 },
        [var name, "hidden"] => Sets.Wanted(name) with { Hidden = true },
        _ => Sets.Wanted(text),
    };

    private static TestCaseData Case(string name, string[] members, string[] voters) => new TestCaseData(members, voters).SetName(name);
}
