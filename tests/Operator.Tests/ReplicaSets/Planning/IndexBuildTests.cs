using Modestano.Operator.ReplicaSets.Decision;
using Modestano.Operator.ReplicaSets.Observation;
using Modestano.Operator.ReplicaSets.Planning;
using Modestano.Operator.ReplicaSets.Topology;

namespace Modestano.Operator.Tests.ReplicaSets.Planning;

/// <summary>
/// An index build waits, by its default quorum, for every data-bearing voter (manual: createIndexes, commitQuorum): a dead voter for ever, so it
/// must not hold up that voter's removal.
/// </summary>
[TestFixture]
public class IndexBuildTests
{
    private static readonly ReplicaSetConfig Five = Sets.Rested('a', "a1", "a2", "a3", "b1", "b2");

    [Test]
    public void The_vote_of_a_dead_voter_is_taken_while_an_index_build_waits_for_it()
    {
        var decision = Planner.Next(new(Building(Dead(Sets.Observed(Five, "a1"), "b1")), Sets.Topology("a", "a1", "a2", "a3", "b2"), Sets.Policy, PlanningHistory.Empty));
        Assert.That(Step(decision).Removals.Select(r => r.Host), Is.EqualTo((string[])["b1:27017"]), Sets.Words(decision));
    }

    [Test]
    public void A_voter_that_a_new_primary_has_not_heard_of_yet_is_not_taken_for_dead()
    {
        var unheard = Sets.Observed(Five, "a1").With("b1", m => m with { Healthy = null });
        var wanted = Sets.Topology("a", "a1", "a2", "a3", "b2");
        Assert.That(Sets.Words(Planner.Next(new(Building(unheard), wanted, Sets.Policy, PlanningHistory.Empty))), Does.StartWith(PlanReasons.LongTransaction));
    }

    [Test]
    public void The_vote_of_a_living_voter_waits_for_it_and_the_message_tells_how_to_let_it_end()
    {
        var decision = Planner.Next(new(Building(Sets.Observed(Five, "a1")), Sets.Topology("a", "a1", "a2", "a3", "b2"), Sets.Policy, PlanningHistory.Empty));
        Assert.That(Sets.Words(decision), Does.StartWith(PlanReasons.LongTransaction).And.Contain("setIndexCommitQuorum"));
    }

    [Test]
    public void A_dead_voter_waits_for_a_transaction_as_that_ends_by_itself()
    {
        var observed = Dead(Sets.Observed(Five, "a1"), "b1").With("a1", m => m with { OldestTransactionAge = TimeSpan.FromMinutes(4) });
        var decision = Planner.Next(new(observed, Sets.Topology("a", "a1", "a2", "a3", "b2"), Sets.Policy, PlanningHistory.Empty));
        Assert.That(Sets.Words(decision), Does.StartWith(PlanReasons.LongTransaction).And.Contain("transaction"));
    }

    [Test]
    public void A_failed_region_is_evacuated_while_an_index_build_waits_for_its_voters()
    {
        // Region b has failed; its votes go, and c gets votes of its own, which the build, open for ever, must not hold up.
        var config = Sets.Rested('a', "a1", "a2", "a3", "b1", "b2", "c1").With("c1", Sets.Joined).With("b2", m => m with { Votes = 0, Priority = 0 });
        var observed = Building(Dead(Dead(Sets.Observed(config, "a1"), "b1"), "b2"));
        var wanted = Sets.Topology("a", [.. ((string[])["a1", "a2", "a3"]).Select(Sets.Wanted), Sets.Wanted("b1") with { Votes = 0 }, Sets.Wanted("b2") with { Votes = 0 }, Sets.Wanted("c1") with { Votes = 1 }]);
        var first = Step(Planner.Next(new(observed, wanted, Sets.Policy, PlanningHistory.Empty)));
        Assert.That(first.Edits.Where(e => e.Votes is not null).Select(e => (e.Host, e.Votes)), Is.EqualTo((ValueTuple<string, int?>[])[("b1:27017", 0)]));
        var after = Building(Dead(Dead(Sets.Observed(config.With("b1", m => m with { Votes = 0, Priority = 0 }), "a1"), "b1"), "b2"));
        var second = Step(Planner.Next(new(after, wanted, Sets.Policy, PlanningHistory.Empty)));
        Assert.That(second.Edits.Where(e => e.Votes is not null).Select(e => (e.Host, e.Votes)), Is.EqualTo((ValueTuple<string, int?>[])[("c1:27017", 1)]));
    }

    [Test]
    public void A_member_that_builds_no_indexes_never_gets_a_derived_vote()
    {
        var wanted = Sets.Topology("a", [Sets.Wanted("a1"), Sets.Wanted("a2"), Sets.Wanted("a3") with { BuildIndexes = false }, Sets.Wanted("b1")]);
        var rest = RestPlan.For(wanted, null);
        Assert.That(rest.Members.Where(m => m.Votes == 1).Select(m => m.Host), Is.EqualTo((string[])["a1:27017", "a2:27017", "b1:27017"]));
    }

    private static Reconfig Step(PlanDecision decision) => (decision as PlanDecision.Act)?.Step as Reconfig ?? throw new AssertionException(Sets.Words(decision));

    private static ObservedReplicaSet Building(ObservedReplicaSet observed) => observed.With("a1", m => m with { IndexBuilds = 1 }).With("a2", m => m with { IndexBuilds = 1 });

    private static ObservedReplicaSet Dead(ObservedReplicaSet observed, string name)
    {
        var gone = observed.With(name, m => new ObservedMember { Host = m.Host, Healthy = false, State = MemberState.Down });
        return gone with { PrimaryViews = [.. gone.PrimaryViews.Where(v => v.Host != Sets.Host(name))] };
    }
}
