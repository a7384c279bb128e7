using Modestano.Operator.ReplicaSets.Decision;
using Modestano.Operator.ReplicaSets.Observation;
using Modestano.Operator.ReplicaSets.Planning;
using Modestano.Operator.ReplicaSets.Planning.Changes;
using Modestano.Operator.ReplicaSets.Rules;
using Modestano.Operator.ReplicaSets.Simulation;
using Modestano.Operator.ReplicaSets.Topology;
using Modestano.Operator.Tests.ReplicaSets.Mongo;
using Modestano.Operator.Tests.ReplicaSets.Rules;

namespace Modestano.Operator.Tests.ReplicaSets.Planning;

/// <summary>Recorded on 5.0: a set of primary and arbiter refuses (103) its secondary's vote and priority in one reconfig.</summary>
[TestFixture]
public class PrimarySecondaryArbiterTests
{
    private static readonly ReplicaSetConfig Waiting = WithArbiter(Sets.Rested('a', "a1", "a2", "b1")).With("a2", Sets.Joined);
    private static readonly DesiredTopology Wanted = Sets.Topology("a", [Sets.Wanted("a1"), Sets.Wanted("a2"), Sets.Wanted("b1") with { ArbiterOnly = true, Votes = 1, Tags = new Dictionary<string, string>() }]);

    [Test]
    public void The_secondary_gets_its_vote_first_and_its_priority_in_the_next_reconfig()
    {
        var first = Step(Sets.Observed(Waiting, "a1"));
        Assert.That(first.Edits.Single(e => e.Host == "a2:27017"), Has.Property(nameof(MemberEdit.Votes)).EqualTo(1).And.Property(nameof(MemberEdit.Priority)).Null.And.Property(nameof(MemberEdit.Hidden)).False);

        var voting = ReplicaSetModel.Ideal(ReplicaSetModel.After(Sets.Observed(Waiting, "a1"), first), Wanted, Sets.Policy, null);
        var second = Step(voting);
        Assert.That(second.Edits.Single(), Has.Property(nameof(MemberEdit.Host)).EqualTo("a2:27017").And.Property(nameof(MemberEdit.Votes)).Null.And.Property(nameof(MemberEdit.Priority)).EqualTo(2));
    }

    [Test]
    public void The_recorded_refusal_is_what_the_rule_forbids()
    {
        var refused = Recording.Reply("real-5.0-009-p-a-gains-its-secondary-vote-and-priority-in-one-reconfig");
        Assert.That(refused.Failure!.Code, Is.EqualTo(103));
        Row.Assert(new R5Limits(), new OnTrial { From = Waiting, To = Waiting.With("a2", m => m with { Votes = 1, Priority = 2, Hidden = false }) }, "would change at once");
        Row.Assert(new R5Limits(), new OnTrial { From = Waiting, To = Waiting.With("a2", m => m with { Votes = 1, Hidden = false }) }, null);
    }

    [Test]
    public void One_of_two_arbiters_leaves_while_the_secondary_cannot_be_elected()
    {
        // Two of four voters bear data, which is less than a voting majority: the server refuses that too (seen by others on 5.0).
        var four = WithArbiter(Sets.Rested('a', "a1", "a2", "b1"));
        four = four with { Members = [.. four.Members, four.Members[2] with { Id = 7, Host = Sets.Host("b2") }] };
        Assert.That(PrimarySecondaryArbiter.IsRefused(four, WithArbiter(Sets.Rested('a', "a1", "a2", "b1"))), Is.True);
        var observed = Sets.Observed(four, "a1") with { DefaultWriteConcern = new("majority", 0, IsExplicit: true) };
        var step = Step(observed);
        Assert.That(step.Removals.Select(r => r.Host), Is.EqualTo((string[])["b2:27017"]));
        Assert.That(step.Edits.Single(), Has.Property(nameof(MemberEdit.Host)).EqualTo("a2:27017").And.Property(nameof(MemberEdit.Priority)).EqualTo(0));
        Assert.That(Step(ReplicaSetModel.After(observed, step)).Edits.Single().Priority, Is.EqualTo(2));
    }

    [Test]
    public void A_hand_off_in_such_a_set_takes_the_vote_first_too()
    {
        var config = WithArbiter(Sets.Rested('a', "a1", "a2", "b1")).With("a2", m => Sets.Joined(m with { Host = Sets.Host("c1"), Tags = Sets.Wanted("c1").Tags }));
        var wanted = Sets.Topology("c", [Sets.Wanted("a1"), Sets.Wanted("c1"), Wanted.Members[2]]);
        var plan = PlanPreview.Of(new(Sets.Observed(config, "a1"), wanted, Sets.Policy, PlanningHistory.Empty), Sets.Identity);
        Assert.That(plan.Settles, Is.True, string.Join('\n', plan.Steps.Select(s => s.Summary)));
        Assert.That(plan.Steps.Select(s => s.Kind).Where(k => k != "Wait"), Is.EqualTo((string[])["Reconfig", "Reconfig", "StepDown", "Reconfig"]), string.Join('\n', plan.Steps.Select(s => s.Summary)));
    }

    private static Reconfig Step(ObservedReplicaSet observed)
    {
        var decision = Planner.Next(new(observed, Wanted, Sets.Policy, PlanningHistory.Empty));
        Assert.That(decision, Is.TypeOf<PlanDecision.Act>(), Sets.Words(decision));
        return (Reconfig)((PlanDecision.Act)decision).Step;
    }

    private static ReplicaSetConfig WithArbiter(ReplicaSetConfig config) => config.With("b1", m => m with { ArbiterOnly = true, Priority = 0, Tags = new Dictionary<string, string>() });
}
