using Modestano.Operator.ReplicaSets.Decision;
using Modestano.Operator.ReplicaSets.Observation;
using Modestano.Operator.ReplicaSets.Planning;
using Modestano.Operator.ReplicaSets.Planning.Changes;

namespace Modestano.Operator.Tests.ReplicaSets.Planning;

/// <summary>R6: the one forced reconfig, and everything that refuses it.</summary>
[TestFixture]
public class RecoveryTests
{
    private static readonly RecoveryPermit Permit = new(5, 3, ["a2:27017", "a3:27017"]);

    private static IEnumerable<TestCaseData> Refusals()
    {
        yield return Refused("Without_a_permit_nothing_is_forced", Lost(), null, PlanReasons.NoPrimary, "see spec.recovery");
        yield return Refused("A_permit_for_another_version_is_refused", Lost(), Permit with { ConfigVersion = 4 }, PlanReasons.RecoveryRefused, "in force is (version 5, term 3)");
        yield return Refused("A_permit_for_another_term_is_refused", Lost(), Permit with { ConfigTerm = 2 }, PlanReasons.RecoveryRefused, "in force is (version 5, term 3)");
        yield return Refused("A_silent_voter_that_nobody_attests_is_named", Lost(), Permit with { FencedHosts = ["a2:27017"] }, PlanReasons.RecoveryRefused, "a3:27017 does not answer and is not in fencedHosts");
        yield return Refused("A_fenced_host_that_answers_is_named", Lost().With("a2", m => m with { Reachable = true }), Permit, PlanReasons.RecoveryRefused, "a2:27017 is in fencedHosts and answers");
        yield return Refused("A_member_that_sees_a_primary_refuses_it", Lost() with { PrimaryViews = [new PrimaryView("a1:27017", "a3:27017", 3)] }, Permit, PlanReasons.RecoveryRefused, "a1:27017 sees the primary a3:27017");
        yield return Refused("A_member_that_does_not_tell_what_it_sees_refuses_it", Lost().With("a1", m => m with { OwnStatus = OwnStatus.LoginRequired }), Permit, PlanReasons.RecoveryRefused, "does not tell what it sees");
        yield return Refused("A_majority_that_answers_needs_no_force", Lost().With("a2", m => m with { Reachable = true, OwnStatus = OwnStatus.Member }), Permit with { FencedHosts = ["a3:27017"] }, PlanReasons.NoPrimary, "an election should follow");
        yield return Refused("A_survivor_in_RECOVERING_cannot_be_made_primary", Lost().With("a1", m => m with { State = MemberState.Recovering, OwnState = MemberState.Recovering }), Permit, PlanReasons.RecoveryRefused, "no electable data-bearing voter");
        yield return Refused("A_survivor_that_is_too_stale_cannot_be_made_primary", Lost().With("a1", m => m with { TooStale = true }), Permit, PlanReasons.RecoveryRefused, "no electable data-bearing voter");
        yield return Refused("A_used_permit_is_not_used_again", Lost(), Permit, PlanReasons.NoPrimary, "nothing is forced twice", used: true);
    }

    [TestCaseSource(nameof(Refusals))]
    public void Nothing_is_forced(ObservedReplicaSet observed, RecoveryPermit? permit, bool used, string reason, string words) =>
        Assert.That(Sets.Words(Next(observed, permit, used)), Does.StartWith(reason).And.Contain(words));

    [Test]
    public void With_the_permit_the_fenced_voters_lose_their_votes_and_stay_as_members()
    {
        var step = (Next(Lost(), Permit) as PlanDecision.Act)?.Step as Reconfig;
        Assert.That((step!.Force, step.Purpose, step.RunOn, step.BaseVersion, step.BaseTerm), Is.EqualTo((true, ReconfigPurpose.Recover, "a1:27017", 5, 3)));
        var next = ConfigChanges.Apply(Lost().Config!, step);
        Assert.That(next.Voters.Select(v => v.Host), Is.EqualTo((string[])["a1:27017"]));
        Assert.That(next.Members.Where(m => m.Votes == 0).Select(m => (m.Host, m.Hidden, m.Priority)), Is.EqualTo((ValueTuple<string, bool, double>[])[("a2:27017", true, 0), ("a3:27017", true, 0)]));
    }

    [Test]
    public void A_primary_means_that_nothing_is_forced_whatever_the_permit_says()
    {
        var decision = Next(Sets.Observed(Sets.Config("a1", "a2", "a3"), "a1"), Permit);
        Assert.That(decision is PlanDecision.Act { Step: Reconfig { Force: true } }, Is.False, $"{decision}");
    }

    [Test]
    public void A_used_permit_says_nothing_of_a_later_configuration()
    {
        var later = Lost() with { Config = Lost().Config! with { Version = 40_123, Term = 4 } };
        Assert.That(Sets.Words(Next(later, Permit, used: true)), Does.StartWith(PlanReasons.NoPrimary).And.Contain("there is no primary"));
    }

    /// <summary>Two of three are gone.</summary>
    private static ObservedReplicaSet Lost()
    {
        var observed = Sets.Observed(Sets.Config("a1", "a2", "a3"), "a1");
        foreach (var name in (string[])["a2", "a3"])
        {
            observed = observed.With(name, m => new ObservedMember { Host = m.Host });
        }

        observed = observed.With("a1", m => m with { State = MemberState.Secondary, OwnState = MemberState.Secondary, Healthy = null, Lag = null });
        return observed with { Primary = null, PrimaryViews = [new PrimaryView("a1:27017", null, 3)] };
    }

    private static PlanDecision Next(ObservedReplicaSet observed, RecoveryPermit? permit, bool used = false) =>
        Planner.Next(new(observed, Sets.Topology("a", "a1", "a2", "a3"), Sets.Policy with { Recovery = permit }, PlanningHistory.Empty with { RecoveryUsed = used, KnownReplicaSetId = Sets.Id }));

    private static TestCaseData Refused(string name, ObservedReplicaSet observed, RecoveryPermit? permit, string reason, string words, bool used = false) =>
        new TestCaseData(observed, permit, used, reason, words).SetName(name);
}
