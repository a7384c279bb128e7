using Modestano.Operator.ReplicaSets.Decision;
using Modestano.Operator.ReplicaSets.Observation;
using Modestano.Operator.ReplicaSets.Planning;
using Modestano.Operator.ReplicaSets.Rules;
using Modestano.Operator.ReplicaSets.Topology;
using Modestano.Operator.Tests.ReplicaSets.Rules;

namespace Modestano.Operator.Tests.ReplicaSets.Planning;

/// <summary>An arbiter under authorization has no users: of it only its hello is known, and nothing waits for it to see anybody (R8).</summary>
[TestFixture]
public class SilentArbiterTests
{
    private static readonly ReplicaSetConfig Waiting = WithArbiter(Sets.Rested('a', "a1", "a2", "a3", "b1")).With("b1", Sets.Joined);
    private static readonly ReplicaSetConfig Voting = WithArbiter(Sets.Rested('a', "a1", "a2", "a3", "b1"));
    private static readonly DesiredTopology Wanted = Sets.Topology("a", [Sets.Wanted("a1"), Sets.Wanted("a2"), Arbiter(Sets.Wanted("a3")), Sets.Wanted("b1") with { Votes = 1 }]);

    [Test]
    public void A_member_gets_its_vote_although_an_arbiter_without_users_never_says_that_it_sees_it()
    {
        var decision = Planner.Next(new(Blind(Sets.Observed(Waiting, "a1")), Wanted with { DefaultWriteConcern = new("majority", 0) }, Sets.Policy, PlanningHistory.Empty));
        Assert.That(((decision as PlanDecision.Act)?.Step as Reconfig)?.Edits.Any(e => e is { Host: "b1:27017", Votes: 1 }), Is.True, Sets.Words(decision));
    }

    [Test]
    public void A_data_bearing_voter_that_does_not_see_it_is_still_waited_for()
    {
        var observed = Blind(Sets.Observed(Waiting, "a1")).With("b1", m => m with { SeenHealthyBy = new HashSet<string> { Sets.Host("a1") } });
        Assert.That(Sets.Words(Planner.Next(new(observed, Wanted, Sets.Policy, PlanningHistory.Empty))), Does.Contain("the voter a2:27017 does not see b1:27017 healthy"));
    }

    [Test]
    public void A_member_that_does_not_see_the_arbiter_gets_no_vote()
    {
        var observed = Blind(Sets.Observed(Waiting, "a1")).With("a3", m => m with { SeenHealthyBy = new HashSet<string> { Sets.Host("a1"), Sets.Host("a2") } });
        Assert.That(Sets.Words(Planner.Next(new(observed, Wanted, Sets.Policy, PlanningHistory.Empty))), Does.Contain("b1:27017 does not see the voter a3:27017 healthy"));
    }

    [Test]
    public void The_rule_of_the_late_vote_does_not_wait_for_it_either() =>
        Row.Assert(new R3LateVote(), new OnTrial { From = Waiting, To = Voting, Seen = Blind }, null);

    [Test]
    public void An_arbiter_that_not_even_the_operator_reaches_makes_no_split_view()
    {
        var config = WithArbiter(Sets.Rested('a', "a1", "a2", "a3"));
        var observed = Sets.Observed(config, "a1").With("a3", m => m with { Reachable = false, OwnStatus = OwnStatus.NotAnswered });
        observed = observed with { PrimaryViews = [.. observed.PrimaryViews.Where(v => v.Host != Sets.Host("a3"))] };
        Assert.That(Planner.Next(new(observed, Sets.Topology("a", [Sets.Wanted("a1"), Sets.Wanted("a2"), Arbiter(Sets.Wanted("a3"))]), Sets.Policy, PlanningHistory.Empty)), Is.TypeOf<PlanDecision.Settled>());
    }

    [Test]
    public void An_arbiter_that_says_by_its_hello_that_it_sees_no_primary_lets_a_recovery_go_on_and_one_that_sees_one_refuses_it()
    {
        var lost = Lost();
        Assert.That(Force(lost), Is.TypeOf<PlanDecision.Act>());
        var sees = lost with { PrimaryViews = [.. lost.PrimaryViews.Select(v => v.Host == Sets.Host("c1") ? v with { Primary = Sets.Host("a1") } : v)] };
        Assert.That(Sets.Words(Force(sees)), Does.StartWith(PlanReasons.RecoveryRefused).And.Contain("c1:27017 sees the primary a1:27017"));
    }

    [Test]
    public void An_arbiter_of_some_set_is_not_added()
    {
        var observed = Sets.Observed(Sets.Rested('a', "a1", "a2", "a3"), "a1", "b1").With("b1", m => m with { OwnStatus = OwnStatus.Arbiter, OwnSetName = "rs7" });
        Assert.That(Sets.Words(Planner.Next(new(observed, Sets.Topology("a", "a1", "a2", "a3", "b1"), Sets.Policy, PlanningHistory.Empty))), Does.StartWith(PlanReasons.MemberOfAnotherSet).And.Contain("an arbiter of replica set rs7"));
    }

    private static PlanDecision Force(ObservedReplicaSet lost) => Planner.Next(new(
        lost,
        Sets.Topology("a", [Sets.Wanted("a1"), Sets.Wanted("a2"), Sets.Wanted("a3"), Sets.Wanted("b1"), Arbiter(Sets.Wanted("c1"))]),
        Sets.Policy with { Recovery = new(5, 3, [Sets.Host("a1"), Sets.Host("a2"), Sets.Host("a3")]) },
        PlanningHistory.Empty with { KnownReplicaSetId = Sets.Id }));

    /// <summary>Region a is gone; a secondary and an arbiter are left.</summary>
    private static ObservedReplicaSet Lost()
    {
        var config = WithArbiter(Sets.Config("a1", "a2", "a3", "b1", "c1"), "c1");
        var observed = Sets.Observed(config, "a1") with { Primary = null, PrimaryViews = [new(Sets.Host("b1"), null, 3), new(Sets.Host("c1"), null, null)], DefaultWriteConcern = new("majority", 0, true) };
        foreach (var name in (string[])["a1", "a2", "a3"])
        {
            observed = observed.With(name, m => new ObservedMember { Host = m.Host });
        }

        return observed.With("b1", m => m with { State = MemberState.Secondary, OwnState = MemberState.Secondary, Healthy = null, Lag = null })
            .With("c1", m => m with { OwnStatus = OwnStatus.Arbiter, OwnReplicaSetId = null, Healthy = null });
    }

    /// <summary>The arbiter refuses every login: nobody is known to be seen by it.</summary>
    private static ObservedReplicaSet Blind(ObservedReplicaSet observed) => observed with
    {
        Members = observed.Members.ToDictionary(
            m => m.Key,
            m => m.Value with
            {
                OwnStatus = m.Key == Sets.Host("a3") ? OwnStatus.Arbiter : m.Value.OwnStatus,
                SeenHealthyBy = m.Value.SeenHealthyBy.Where(h => h != Sets.Host("a3")).ToHashSet(),
            }),
    };

    private static ReplicaSetConfig WithArbiter(ReplicaSetConfig config, string name = "a3") =>
        config.With(name, m => m with { ArbiterOnly = true, Priority = 0, Tags = new Dictionary<string, string>() });

    private static DesiredMember Arbiter(DesiredMember member) => member with { ArbiterOnly = true, Votes = 1, Tags = new Dictionary<string, string>() };
}
