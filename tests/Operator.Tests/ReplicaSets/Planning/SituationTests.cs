using Modestano.Operator.ReplicaSets.Decision;
using Modestano.Operator.ReplicaSets.Observation;
using Modestano.Operator.ReplicaSets.Planning;
using Modestano.Operator.ReplicaSets.Topology;

namespace Modestano.Operator.Tests.ReplicaSets.Planning;

/// <summary>Situations in which nothing is done on a guess, and what is said in each.</summary>
[TestFixture]
public class SituationTests
{
    private static readonly ReplicaSetConfig Three = Sets.Rested('a', "a1", "a2", "a3");
    private static readonly PlanningPolicy Manual = Sets.Policy with { AdoptionNeedsApproval = true };

    private static IEnumerable<TestCaseData> Trouble()
    {
        yield return Case("No_primary_and_one_that_was_elected_and_catches_up", Seen() with { Primary = null }, PlanReasons.NoPrimary, "a1:27017 was elected and takes no writes before it has caught up");
        yield return Case("No_primary_and_a_majority", (Seen() with { Primary = null }).With("a1", m => m with { State = MemberState.Secondary }), PlanReasons.NoPrimary, "3 of 3 voters answer, which is a majority: an election should follow");
        yield return Case("No_primary_and_no_majority", Silent(Silent(Seen(), "a2"), "a3") with { Primary = null }, PlanReasons.NoPrimary, "Bring a2:27017, a3:27017 back");
        yield return Case("Two_primaries", Seen() with { PrimaryViews = [View("a1", "a1"), View("a2", "a2"), View("a3", "a1")] }, PlanReasons.SplitView, "both a1:27017 and a2:27017 take themselves for the primary");
        yield return Case("No_majority_sees_the_primary", Seen() with { PrimaryViews = [View("a1", "a1"), View("a2", null), View("a3", null)] }, PlanReasons.SplitView, "a2:27017 sees none");
        yield return Case("A_primary_that_is_not_in_its_own_configuration", Seen() with { Primary = Sets.Host("a9") }, PlanReasons.SplitView, "a9:27017 is not in the configuration");
        yield return Case("A_primary_that_only_the_members_reach", Silent(Seen(), "a1"), PlanReasons.PrimaryNotReachable, "does not reach the primary a1:27017, which a2:27017, a3:27017 see");
        yield return Case("A_primary_whose_certificate_expired", Seen().With("a1", m => m with { Reachable = false, OwnStatus = OwnStatus.NotAnswered, Fault = ConnectionFault.Tls, ConnectionError = "TlsFailed: its certificate expired" }), PlanReasons.PrimaryNotReachable, "(TlsFailed: its certificate expired)");
        yield return Case("A_primary_that_refuses_the_login", Seen().With("a1", m => m with { OwnStatus = OwnStatus.LoginRequired, OwnSetName = "rs0", ConnectionError = "AuthenticationFailed (18): the server refused user or password" }), PlanReasons.LoginRefused, "the primary a1:27017 is in replica set rs0 and does not accept the operator's login (AuthenticationFailed (18)");
        yield return Case("A_primary_on_which_the_roles_are_missing", Seen().With("a1", m => m with { OwnStatus = OwnStatus.Unauthorized, ConnectionError = "Unauthorized (13): not authorized" }), PlanReasons.NotAuthorized, "grant its user the roles");
        yield return Case("No_primary_and_voters_whose_TLS_is_broken", (Silent(Silent(Seen(), "a2"), "a3") with { Primary = null }).With("a3", m => m with { Reachable = false, Fault = ConnectionFault.Tls, ConnectionError = "TlsFailed: no" }), PlanReasons.NoPrimary, "back (a3:27017: TlsFailed: no)");
        yield return Case("A_configuration_that_no_majority_has", Seen() with { Config = Three with { IsCommitted = false } }, PlanReasons.ConfigNotCommitted, "not on a majority");
        yield return Case("A_vote_that_the_server_holds_back", Seen(Sets.Rested('a', "a1", "a2", "a3", "b1", "b2").With("b1", m => m with { NewlyAdded = true }).With("b2", Sets.Joined)), PlanReasons.AutomaticReconfig, "gives b1:27017 its vote by itself", Sets.Topology("a", "a1", "a2", "a3", "b1", "b2"));
        yield return Case("A_primary_that_must_move_and_a_vote_that_the_server_holds_back", Seen(Sets.Rested('a', "a1", "a2", "b1", "b2").With("a2", m => m with { NewlyAdded = true })), PlanReasons.AutomaticReconfig, "gives a2:27017 its vote by itself", Sets.Topology("a", [Sets.Wanted("a1") with { Votes = 0 }, Sets.Wanted("a2"), Sets.Wanted("b1"), Sets.Wanted("b2")]));
        yield return Case("Another_set_name", Seen() with { SetName = "rs1" }, PlanReasons.WrongReplicaSet, "belong to replica set rs1");
        yield return Case("An_arbiter_cannot_become_a_data_bearing_member", Seen(Three.With("a3", m => m with { ArbiterOnly = true, Priority = 0, Tags = new Dictionary<string, string>() })), PlanReasons.ImmutableMemberField, "take the member out of the spec");
    }

    [TestCaseSource(nameof(Trouble))]
    public void Nothing_is_done(ObservedReplicaSet observed, string reason, string words, DesiredTopology? wanted) => AssertWaits(observed, wanted ?? Sets.Topology("a", "a1", "a2", "a3"), Sets.Policy, PlanningHistory.Empty, reason, words);

    private static IEnumerable<TestCaseData> Beginnings()
    {
        yield return Begin("Nobody_answers", m => m with { Reachable = false, OwnStatus = OwnStatus.NotAnswered, ConnectionError = "connection refused" }, true, PlanReasons.NoMemberAnswers, "connection refused");
        yield return Begin("All_fresh_and_not_asked_to_initiate", m => m, false, PlanReasons.NotInitialized, "bootstrap: Initiate");
        yield return Begin("One_is_a_standalone", m => m.Host == Sets.Host("a2") ? m with { OwnStatus = OwnStatus.NoReplicationEnabled } : m, true, PlanReasons.NotSupported, "a2:27017 is a standalone");
        yield return Begin("One_is_a_standalone_that_refuses_the_login", m => m.Host == Sets.Host("a2") ? m with { OwnStatus = OwnStatus.LoginRequired } : m, true, PlanReasons.NotSupported, "hello names no set");
        yield return Begin("One_does_not_answer", m => m.Host == Sets.Host("a2") ? m with { Reachable = false, OwnStatus = OwnStatus.NotAnswered } : m, true, PlanReasons.Initializing, "a2:27017: no answer");
        yield return Begin("One_was_removed_from_some_set", m => m.Host == Sets.Host("a2") ? m with { OwnStatus = OwnStatus.Removed } : m, true, PlanReasons.Initializing, "a2:27017: Removed");
        yield return Begin("One_has_no_users", m => m.Host == Sets.Host("a2") ? m with { OwnStatus = OwnStatus.LoginRequired, NamesNoSet = true } : m, true, PlanReasons.MemberNotVerified, "localhost exception");
        yield return Begin("One_is_in_a_set_and_refuses_the_login", m => m with { OwnStatus = OwnStatus.LoginRequired, OwnSetName = "rs0" }, true, PlanReasons.LoginRefused, "correct the Secret");
    }

    [TestCaseSource(nameof(Beginnings))]
    public void Nothing_is_initiated(Func<ObservedMember, ObservedMember> member, bool mayInitiate, string reason, string words) =>
        AssertWaits(Fresh(member), Sets.Topology("a", "a1", "a2", "a3") with { MayInitiate = mayInitiate }, Sets.Policy, PlanningHistory.Empty, reason, words);

    [Test]
    public void A_set_that_existed_is_never_initiated_anew() =>
        AssertWaits(Fresh(m => m), Sets.Topology("a", "a1", "a2", "a3") with { MayInitiate = true }, Sets.Policy, PlanningHistory.Empty with { KnownReplicaSetId = Sets.Id }, PlanReasons.NoMemberAnswers, "nothing is initiated over a set that existed");

    private static IEnumerable<TestCaseData> Closed()
    {
        yield return new TestCaseData((ObservedMember m) => m with { OwnStatus = OwnStatus.LoginRequired, OwnSetName = "rs0" }, PlanReasons.LoginRefused, "does not accept the operator's login").SetName("A_known_set_that_refuses_the_login_is_not_gone");
        yield return new TestCaseData((ObservedMember m) => m with { OwnStatus = OwnStatus.Unauthorized, OwnSetName = "rs0" }, PlanReasons.NotAuthorized, "grant its user the roles").SetName("A_known_set_where_the_roles_are_missing_is_not_gone");
        yield return new TestCaseData((ObservedMember m) => m.Host == Sets.Host("a2") ? m with { OwnStatus = OwnStatus.LoginRequired, OwnSetName = "rs0" } : m with { Reachable = false, OwnStatus = OwnStatus.NotAnswered }, PlanReasons.LoginRefused, "a2:27017 is in replica set rs0").SetName("One_member_that_refuses_the_login_while_the_others_are_silent");
        yield return new TestCaseData((ObservedMember m) => m with { Reachable = false, OwnStatus = OwnStatus.NotAnswered, Fault = ConnectionFault.Tls, ConnectionError = "TlsFailed: its certificate expired" }, PlanReasons.TlsFailed, "TlsFailed: its certificate expired").SetName("A_known_set_whose_certificates_expired_is_not_gone");
    }

    [TestCaseSource(nameof(Closed))]
    public void What_keeps_the_operator_out_names_itself(Func<ObservedMember, ObservedMember> member, string reason, string words) =>
        AssertWaits(Fresh(member), Sets.Topology("a", "a1", "a2", "a3"), Sets.Policy, PlanningHistory.Empty with { KnownReplicaSetId = Sets.Id }, reason, words);

    [Test]
    public void All_fresh_and_asked_to_it_is_initiated_with_one_member_where_the_primary_belongs()
    {
        var decision = Planner.Next(new(Fresh(m => m), Sets.Topology("a", "a1", "a2", "a3") with { MayInitiate = true }, Sets.Policy, PlanningHistory.Empty));
        Assert.That(((decision as PlanDecision.Act)?.Step as Initiate)?.Member.Host, Is.EqualTo("a1:27017"));
    }

    private static IEnumerable<TestCaseData> Owners()
    {
        var nobodys = Three with { Members = [.. Three.Members.Select(m => m with { Tags = new Dictionary<string, string>() })] };
        var theirs = Three with { Members = [.. Three.Members.Select(m => m with { Tags = new Dictionary<string, string> { [TagNames.Owner] = "other/shop/db" } })] };
        yield return new TestCaseData(nobodys, Manual, PlanningHistory.Empty, PlanReasons.Adoption, "does not own rs0 yet").SetName("A_set_of_nobodys_waits_for_approval");
        yield return new TestCaseData(theirs, Manual, PlanningHistory.Empty, PlanReasons.Adoption, "belongs to other/shop/db: only one object may manage it").SetName("A_set_of_another_operators_waits_for_approval_and_names_it");
        yield return new TestCaseData(theirs, Sets.Policy, PlanningHistory.Empty, PlanReasons.Adoption, "belongs to other/shop/db: only one object may manage it").SetName("Automatic_adoption_takes_no_set_that_another_object_owns");
        yield return new TestCaseData(Three.With("a3", m => m with { Tags = theirs.Members[2].Tags, Priority = 0.5 }), Sets.Policy, PlanningHistory.Empty, PlanReasons.Adoption, "belongs to other/shop/db").SetName("Automatic_adoption_takes_no_set_of_which_one_member_is_anothers");
        yield return new TestCaseData(Drifted(), Manual with { EveryPlanNeedsApproval = true }, PlanningHistory.Empty, PlanReasons.ManualApproval, "approvedPlanHash").SetName("A_set_of_ours_waits_where_every_plan_needs_approval");
        yield return new TestCaseData(Drifted(), Sets.Policy, Foreign(ForeignChangeKind.Forced, undid: false), PlanReasons.ForcedConfig, "somebody forced configuration version 5").SetName("A_forced_configuration_is_left_until_acknowledged");
        yield return new TestCaseData(Drifted(), Sets.Policy, Foreign(ForeignChangeKind.InTrouble, undid: false), PlanReasons.ChangedInTrouble, "no primary or no healthy majority").SetName("A_change_made_in_trouble_is_left_until_acknowledged");
        yield return new TestCaseData(Drifted(), Sets.Policy, Foreign(ForeignChangeKind.Manual, undid: true, minutes: [9, 1]), PlanReasons.Contested, "find out who else manages this set").SetName("Twice_undone_in_ten_minutes_is_contested");
    }

    [TestCaseSource(nameof(Owners))]
    public void A_person_is_asked(ReplicaSetConfig config, PlanningPolicy policy, PlanningHistory history, string reason, string words) => AssertWaits(Seen(config), Sets.Topology("a", "a1", "a2", "a3"), policy, history, reason, words);

    private static IEnumerable<TestCaseData> Unasked()
    {
        yield return new TestCaseData(Sets.Policy, Foreign(ForeignChangeKind.Manual, undid: true, minutes: [1])).SetName("Once_undone_is_put_back");
        yield return new TestCaseData(Sets.Policy, Foreign(ForeignChangeKind.Manual, undid: true, minutes: [12, 1])).SetName("Twice_undone_in_more_than_ten_minutes_is_put_back");
        yield return new TestCaseData(Sets.Policy, Foreign(ForeignChangeKind.Manual, undid: true, minutes: [9, 1]).Acknowledged()).SetName("An_edit_of_the_spec_ends_a_contest");
        yield return new TestCaseData(Sets.Policy, Foreign(ForeignChangeKind.Forced, undid: false).Acknowledged()).SetName("An_acknowledged_force_is_gone_on_from");
        yield return new TestCaseData(Sets.Policy, Foreign(ForeignChangeKind.Forced, undid: false) with { PlanApproved = true }).SetName("An_approved_plan_goes_on_from_a_force");
    }

    [TestCaseSource(nameof(Unasked))]
    public void The_priority_is_put_back(PlanningPolicy policy, PlanningHistory history)
    {
        var decision = Planner.Next(new(Seen(Drifted()), Sets.Topology("a", "a1", "a2", "a3"), policy, history));
        Assert.That(((decision as PlanDecision.Act)?.Step as Reconfig)?.Edits.Select(e => (e.Host, e.Priority)), Is.EqualTo((ValueTuple<string, double?>[])[("a3:27017", 2)]), Sets.Words(decision));
    }

    private static void AssertWaits(ObservedReplicaSet observed, DesiredTopology wanted, PlanningPolicy policy, PlanningHistory history, string reason, string words) =>
        Assert.That(Sets.Words(Planner.Next(new(observed, wanted, policy, history))), Does.StartWith($"{reason}: ").And.Contain(words));

    private static ReplicaSetConfig Drifted() => Three.With("a3", m => m with { Priority = 0.5 });

    private static PlanningHistory Foreign(ForeignChangeKind kind, bool undid, params int[] minutes) =>
        PlanningHistory.Empty with { ForeignChanges = [.. (minutes.Length == 0 ? [1] : minutes).Select(m => new ForeignChange(Sets.Now.AddMinutes(-m), kind, 5, 3, undid))] };

    private static ObservedReplicaSet Seen(ReplicaSetConfig? config = null) => Sets.Observed(config ?? Three, "a1");

    private static ObservedReplicaSet Silent(ObservedReplicaSet observed, string name) => observed.With(name, m => m with { Reachable = false });

    private static PrimaryView View(string host, string? primary) => new(Sets.Host(host), primary is null ? null : Sets.Host(primary), 3);

    private static ObservedReplicaSet Fresh(Func<ObservedMember, ObservedMember> member) => new()
    {
        At = Sets.Now,
        Members = Sets.Names('a', 3).Select(n => member(new ObservedMember { Host = Sets.Host(n), Reachable = true, OwnStatus = OwnStatus.NotYetInitialized })).ToDictionary(m => m.Host),
    };

    private static TestCaseData Case(string name, ObservedReplicaSet observed, string reason, string words, DesiredTopology? wanted = null) => new TestCaseData(observed, reason, words, wanted).SetName(name);

    private static TestCaseData Begin(string name, Func<ObservedMember, ObservedMember> member, bool mayInitiate, string reason, string words) => new TestCaseData(member, mayInitiate, reason, words).SetName(name);
}
