using Modestano.Operator.ReplicaSets.Decision;
using Modestano.Operator.ReplicaSets.Observation;
using Modestano.Operator.ReplicaSets.Planning;
using Modestano.Operator.ReplicaSets.Planning.Changes;
using Modestano.Operator.ReplicaSets.Planning.Situations;
using Modestano.Operator.ReplicaSets.Topology;

namespace Modestano.Operator.Tests.ReplicaSets.Planning;

/// <summary>
/// One member under two names. That the server takes another host under the same _id in one reconfig, vote kept, is recorded (golden
/// 03-reconfig/036); that single-node changes are counted by _id stands in MongoDB's source (validateSingleNodeChange).
/// </summary>
public class TwoNamesTests
{
    private static readonly ReplicaSetConfig Three = Sets.Rested('a', "a1", "a2", "a3");
    private static readonly DesiredTopology WithN3 = Sets.Topology("a", [Sets.Wanted("a1"), Sets.Wanted("a2"), Sets.Wanted("a9")]);

    [Test]
    public void A_secondary_with_a_new_name_for_the_same_process_is_renamed_in_one_step_with_its_vote()
    {
        var decision = Next(Seen());

        var step = (decision as PlanDecision.Act)?.Step as Reconfig;
        Assert.That(step?.Edits.Select(e => (e.Id, e.Host, e.NewHost, e.Votes, e.Priority)), Is.EqualTo(new[] { (2, "a3:27017", "a9:27017", (int?)null, (double?)null) }), Sets.Words(decision));
        Assert.That((step!.Additions.Count, step.Removals.Count, step.Purpose), Is.EqualTo((0, 0, ReconfigPurpose.Rename)));
        var after = ConfigChanges.Apply(Three, step);
        Assert.That(after.Find("a9:27017"), Is.EqualTo(Three.Find("a3:27017")! with { Host = "a9:27017" }));
    }

    [Test]
    public void The_plan_is_the_rename_and_nothing_else()
    {
        var preview = PlanPreview.Of(new(Seen(), WithN3, Sets.Policy, PlanningHistory.Empty), Sets.Identity);

        Assert.That(preview.Steps.Select(s => s.Summary), Is.EqualTo(new[] { "rename a3:27017 to a9:27017, which leads to the same process; its vote stays" }));
        Assert.That(preview.Settles, Is.True);
    }

    private static IEnumerable<TestCaseData> Unproved()
    {
        yield return Case("The_old_name_does_not_answer_any_more", Seen().With("a3", m => m with { Reachable = false, OwnStatus = OwnStatus.NotAnswered, ProcessId = null, ConnectionError = "Unreachable: the name cannot be resolved" }), WithN3, PlanReasons.MemberHasTwoNames, "a9:27017 is a3:27017", "the name cannot be resolved");
        yield return Case("Another_process_answers_by_the_old_name", Seen().With("a3", m => m with { ProcessId = "other" }), WithN3, PlanReasons.MemberHasTwoNames, "a9:27017 is a3:27017", "could not be seen");
        yield return Case("Both_names_are_in_the_spec", Seen(), Sets.Topology("a", "a1", "a2", "a3", "a9"), PlanReasons.MemberHasTwoNames, "a9:27017 is a3:27017", "the spec names both");
        yield return Case("The_primary_is_not_renamed", Seen("a1"), Sets.Topology("a", "a9", "a2", "a3"), PlanReasons.MemberHasTwoNames, "a9:27017 is a1:27017", "it is the primary");
        yield return Case("By_the_new_name_it_refuses_the_login", Seen().With("a9", m => m with { OwnStatus = OwnStatus.LoginRequired, OwnSetName = "rs0" }), WithN3, PlanReasons.MemberHasTwoNames, "a9:27017 is a3:27017", "does not let the operator log in by that name");
        yield return Case("The_set_could_not_do_without_it", Seen().With("a2", m => m with { Healthy = false }), WithN3, PlanReasons.MajorityAtRisk, "a9:27017 is a3:27017", "when the set has both majorities without it");
    }

    [TestCaseSource(nameof(Unproved))]
    public void Without_proof_nothing_is_renamed_added_or_removed(ObservedReplicaSet observed, DesiredTopology wanted, string reason, string who, string why) =>
        Assert.That(Sets.Words(Planner.Next(new(observed, wanted, Sets.Policy, PlanningHistory.Empty))), Does.StartWith($"{reason}: {who}").And.Contain(why));

    [Test]
    public void After_a_rename_nothing_is_done_until_every_member_sees_it_healthy()
    {
        var step = (Reconfig)((PlanDecision.Act)Next(Seen())).Step;
        var history = PlanningHistory.Empty.With(new PastStep(Sets.Now, step, StepOutcome.Succeeded));
        var more = Sets.Topology("a", "a1", "a2", "a9", "a4");
        var renamed = Sets.Observed(ConfigChanges.Apply(Three, step), "a1", "a4");

        var blind = renamed.With("a9", m => m with { SeenHealthyBy = new HashSet<string> { Sets.Host("a1") } });
        Assert.That(Sets.Words(Planner.Next(new(blind, more, Sets.Policy, history))), Does.StartWith("Renaming: a3:27017 was renamed to a9:27017").And.Contain("a2:27017 does not see it healthy"));
        Assert.That(Sets.Words(Planner.Next(new(renamed.With("a9", m => m with { Healthy = false }), more, Sets.Policy, history))), Does.StartWith("Renaming: ").And.Contain("Writing a3:27017 in the spec again takes the rename back"));
        Assert.That(Planner.Next(new(renamed, more, Sets.Policy, history)), Is.TypeOf<PlanDecision.Act>());
    }

    [Test]
    public void A_rename_that_the_others_cannot_follow_is_taken_back_by_the_old_name()
    {
        var step = (Reconfig)((PlanDecision.Act)Next(Seen())).Step;
        var history = PlanningHistory.Empty.With(new PastStep(Sets.Now, step, StepOutcome.Succeeded));

        // The renamed member does not find itself in the configuration: it is REMOVED by either name.
        var lost = Sets.Observed(ConfigChanges.Apply(Three, step), "a1")
            .With("a9", m => m with { Healthy = false, OwnStatus = OwnStatus.Removed, ProcessId = "p" })
            .With("a3", m => m with { Host = Sets.Host("a3"), Reachable = true, OwnStatus = OwnStatus.Removed, OwnReplicaSetId = Sets.Id, ProcessId = "p" });

        var back = (Planner.Next(new(lost, Sets.Topology("a", "a1", "a2", "a3"), Sets.Policy, history)) as PlanDecision.Act)?.Step as Reconfig;

        Assert.That(back?.Edits.Select(e => (e.Host, e.NewHost)), Is.EqualTo(new[] { ("a9:27017", "a3:27017") }));
    }

    [Test]
    public void A_rename_of_ours_is_not_somebody_elses_change()
    {
        var step = (Reconfig)((PlanDecision.Act)Next(Seen())).Step;
        var history = (PlanningHistory.Empty with { LastSeenConfig = Three, LastSawPrimary = true }).With(new PastStep(Sets.Now, step, StepOutcome.Succeeded));

        Assert.That(DriftTracker.Fold(history, Sets.Observed(ConfigChanges.Apply(Three, step), "a1"), Sets.Policy).ForeignChanges, Is.Empty);
    }

    private static PlanDecision Next(ObservedReplicaSet observed) => Planner.Next(new(observed, WithN3, Sets.Policy, PlanningHistory.Empty));

    /// <summary>A set of three, one of which answers as a9 too.</summary>
    private static ObservedReplicaSet Seen(string known = "a3")
    {
        var observed = Sets.Observed(Three, "a1").With(known, m => m with { OwnName = Sets.Host(known), ProcessId = "p" });
        return observed.With("a9", _ => observed.Member(Sets.Host(known)) with { Host = Sets.Host("a9"), State = MemberState.Secondary, Healthy = null });
    }

    private static TestCaseData Case(string name, ObservedReplicaSet observed, DesiredTopology wanted, string reason, string who, string why) =>
        new TestCaseData(observed, wanted, reason, who, why).SetName(name);
}
