using Modestano.Operator.ReplicaSets.Decision;
using Modestano.Operator.ReplicaSets.Observation;
using Modestano.Operator.ReplicaSets.Planning;
using Modestano.Operator.ReplicaSets.Topology;

namespace Modestano.Operator.Tests.ReplicaSets.Planning;

/// <summary>R8 in the planner: who may join, and what is said of everybody else.</summary>
[TestFixture]
public class FreshMemberTests
{
    private const string OtherId = "7c154673122f5f68412e1743";

    private static readonly ObservedMember Locked = new() { Host = "b1:27017", Reachable = true, OwnStatus = OwnStatus.LoginRequired, NamesNoSet = true, ConnectionError = "AuthenticationFailed (18)" };

    private static IEnumerable<TestCaseData> Answers()
    {
        yield return Case("One_that_was_never_initialised_is_added", m => m with { OwnStatus = OwnStatus.NotYetInitialized }, false, null, "");
        yield return Case("One_that_was_removed_from_this_set_is_added", m => m with { OwnStatus = OwnStatus.Removed, OwnReplicaSetId = Sets.Id }, false, null, "");
        yield return Case("One_that_was_removed_from_another_set_is_refused", m => m with { OwnStatus = OwnStatus.Removed, OwnReplicaSetId = OtherId }, false, PlanReasons.MemberOfAnotherSet, OtherId);
        yield return Case("One_that_does_not_know_which_set_removed_it_is_refused", m => m with { OwnStatus = OwnStatus.Removed }, false, PlanReasons.MemberOfAnotherSet, "unknown");
        yield return Case("One_without_users_is_not_added_on_a_guess", _ => Locked, false, PlanReasons.MemberNotVerified, "uninitialised: true");
        yield return Case("One_without_users_is_told_the_other_way_out_too", _ => Locked, false, PlanReasons.MemberNotVerified, "localhost exception");
        yield return Case("One_without_users_is_added_on_a_persons_word", _ => Locked, true, null, "");
        yield return Case("A_persons_word_does_not_count_where_hello_names_a_set", _ => Locked with { NamesNoSet = false, OwnSetName = "rs0" }, true, PlanReasons.MemberOfAnotherSet, "its hello names replica set rs0");
        yield return Case("A_persons_word_does_not_count_where_the_member_says_that_it_is_in_another_set", m => m with { OwnStatus = OwnStatus.Member, OwnReplicaSetId = OtherId }, true, PlanReasons.MemberOfAnotherSet, OtherId);
        yield return Case("A_persons_word_does_not_count_where_the_member_says_that_another_set_removed_it", m => m with { OwnStatus = OwnStatus.Removed, OwnReplicaSetId = OtherId }, true, PlanReasons.MemberOfAnotherSet, OtherId);
        yield return Case("A_persons_word_does_not_count_where_the_operators_user_lacks_its_roles", m => m with { OwnStatus = OwnStatus.Unauthorized, NamesNoSet = true }, true, PlanReasons.MemberNotVerified, "clusterMonitor");
        yield return Case("A_persons_word_does_not_make_a_silent_member_answer", m => m with { Reachable = false, OwnStatus = OwnStatus.NotAnswered }, true, PlanReasons.MemberUnreachable, "does not reach it");
        yield return Case("A_standalone_is_refused", m => m with { OwnStatus = OwnStatus.NoReplicationEnabled }, true, PlanReasons.NotAReplicaSetMember, "--replSet rs0");
    }

    [TestCaseSource(nameof(Answers))]
    public void A_member_that_is_to_be_added(Func<ObservedMember, ObservedMember> answer, bool attested, string? refusal, string words)
    {
        var decision = Planner.Next(new(Sets.Observed(Sets.Rested('a', "a1", "a2", "a3"), "a1", "b1").With("b1", answer), Wanted(attested), Sets.Policy, PlanningHistory.Empty with { KnownReplicaSetId = Sets.Id }));
        if (refusal is null)
        {
            Assert.That(((decision as PlanDecision.Act)?.Step as Reconfig)?.Additions.Select(a => (a.Host, a.Votes, a.Priority, a.Hidden)), Is.EqualTo((ValueTuple<string, int, double, bool>[])[("b1:27017", 0, 0, true)]), $"{decision}");
        }
        else
        {
            Assert.That(Sets.Words(decision), Does.StartWith(refusal).And.Contain(words).And.Contain("b1:27017"));
        }
    }

    [Test]
    public void An_attested_member_that_holds_another_sets_data_is_told_and_neither_voted_nor_removed()
    {
        var config = Sets.Rested('a', "a1", "a2", "a3", "b1").With("b1", Sets.Joined);
        var observed = Sets.Observed(config, "a1").With("b1", m => m with
        {
            State = MemberState.Down,
            Healthy = false,
            OwnStatus = OwnStatus.LoginRequired,
            SteadySince = null,
            Lag = null,
            Message = $"replica set IDs do not match, ours: {Sets.Id}; remote node's: {OtherId}",
        });
        var decision = Planner.Next(new(observed, Wanted(attested: true), Sets.Policy, PlanningHistory.Empty));
        Assert.That(Sets.Words(decision), Does.StartWith(PlanReasons.MemberOfAnotherSet).And.Contain("Take it out of the spec").And.Contain("IDs do not match"));
    }

    [Test]
    public void Taken_out_of_the_spec_it_leaves()
    {
        var config = Sets.Rested('a', "a1", "a2", "a3", "b1").With("b1", Sets.Joined);
        var observed = Sets.Observed(config, "a1").With("b1", m => m with { Healthy = false, State = MemberState.Down, Message = "replica set IDs do not match" });
        var decision = Planner.Next(new(observed, Sets.Topology("a", "a1", "a2", "a3"), Sets.Policy, PlanningHistory.Empty));
        Assert.That(((decision as PlanDecision.Act)?.Step as Reconfig)?.Removals.Select(r => r.Host), Is.EqualTo((string[])["b1:27017"]), $"{decision}");
    }

    private static DesiredTopology Wanted(bool attested) => Sets.Topology("a", [.. ((string[])["a1", "a2", "a3"]).Select(Sets.Wanted), Sets.Wanted("b1") with { AttestedUninitialised = attested }]);

    private static TestCaseData Case(string name, Func<ObservedMember, ObservedMember> answer, bool attested, string? refusal, string words) => new TestCaseData(answer, attested, refusal, words).SetName(name);
}
