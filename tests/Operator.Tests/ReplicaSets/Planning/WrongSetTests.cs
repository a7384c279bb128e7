using Modestano.Operator.ReplicaSets.Decision;
using Modestano.Operator.ReplicaSets.Observation;
using Modestano.Operator.ReplicaSets.Planning;

namespace Modestano.Operator.Tests.ReplicaSets.Planning;

/// <summary>A set that may not be the one that is meant is not touched.</summary>
[TestFixture]
public class WrongSetTests
{
    private const string OtherId = "7c154673122f5f68412e1743";

    [Test]
    public void Hosts_of_two_replica_sets_are_named_and_nothing_is_adopted()
    {
        var observed = Sets.Observed(Sets.Config("a1", "a2", "a3"), "a1", "b1").With("b1", m => m with { OwnStatus = OwnStatus.Member, OwnReplicaSetId = OtherId });
        var decision = Planner.Next(new(observed, Sets.Topology("a", "a1", "a2", "a3", "b1"), Sets.Policy, PlanningHistory.Empty));

        Assert.That(decision, Is.TypeOf<PlanDecision.Stalled>());
        var stalled = (PlanDecision.Stalled)decision;
        Assert.That(stalled.Reason, Is.EqualTo(PlanReasons.MemberOfAnotherSet));
        Assert.That(stalled.Message, Does.Contain($"b1:27017 to replicaSetId {OtherId}").And.Contain($"a1:27017, a2:27017, a3:27017 to replicaSetId {Sets.Id}"));
    }

    [Test]
    public void Once_the_set_is_known_only_the_foreign_host_is_refused()
    {
        var observed = Sets.Observed(Sets.Config("a1", "a2", "a3"), "a1", "b1").With("b1", m => m with { OwnStatus = OwnStatus.Member, OwnReplicaSetId = OtherId });
        var decision = Planner.Next(new(observed, Sets.Topology("a", "a1", "a2", "a3", "b1"), Sets.Policy, PlanningHistory.Empty with { KnownReplicaSetId = Sets.Id }));

        Assert.That(decision is PlanDecision.Act { Step: Reconfig { Additions.Count: > 0 } }, Is.False, "the foreign host is not added");
    }

    [Test]
    public void A_foreign_host_is_told_of_even_where_another_member_must_stay_because_of_it()
    {
        var config = Sets.Config("a1", "a2", "a3");
        config = config with { Members = [.. config.Members.Select(m => m.Host == "a3:27017" ? m with { Votes = 0, Priority = 0 } : m)] };
        var observed = Sets.Observed(config, "a1", "b1").With("b1", m => m with { OwnStatus = OwnStatus.Member, OwnReplicaSetId = OtherId });
        var topology = Sets.Topology("a", "a1", "a2", "b1");
        var settled = PlanPreview.Of(new(observed, topology, Sets.Policy, PlanningHistory.Empty with { KnownReplicaSetId = Sets.Id }), Sets.Identity);

        Assert.That(settled.Settles, Is.False);
        Assert.That(settled.Steps[^1].Summary, Does.Contain("b1:27017 is or was a member of another replica set"));
    }

    [Test]
    public void Another_set_behind_the_same_hosts_is_refused()
    {
        var observed = Sets.Observed(Sets.Config("a1", "a2", "a3"), "a1");
        var decision = Planner.Next(new(observed, Sets.Topology("a", "a1", "a2", "a3"), Sets.Policy, PlanningHistory.Empty with { KnownReplicaSetId = OtherId }));

        Assert.That(decision, Is.TypeOf<PlanDecision.Stalled>());
        Assert.That(((PlanDecision.Stalled)decision).Reason, Is.EqualTo(PlanReasons.WrongReplicaSet));
    }
}
