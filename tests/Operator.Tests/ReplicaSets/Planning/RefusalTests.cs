using Modestano.Operator.ReplicaSets.Decision;
using Modestano.Operator.ReplicaSets.Mongo;
using Modestano.Operator.ReplicaSets.Observation;
using Modestano.Operator.ReplicaSets.Planning;
using Modestano.Operator.ReplicaSets.Planning.Changes;
using Modestano.Operator.ReplicaSets.Planning.Situations;

namespace Modestano.Operator.Tests.ReplicaSets.Planning;

/// <summary>What each error of a reconfig means, and what is done about it.</summary>
[TestFixture]
public class RefusalTests
{
    private static IEnumerable<TestCaseData> Codes()
    {
        yield return Code("MaxTimeMSExpired_means_installed", 50, "MaxTimeMSExpired", "Reconfig finished but failed to propagate to a majority", StepOutcome.Succeeded, null, "", 0);
        yield return Code("CurrentConfigNotCommittedYet_is_waited_for", 308, "CurrentConfigNotCommittedYet", "New config is rejected", StepOutcome.Refused, RefusalKind.NotCommitted, "ConfigNotCommitted", 1);
        yield return Code("ConfigurationInProgress_is_waited_for", 109, "ConfigurationInProgress", "Cannot run replSetReconfig because the node is currently updating its configuration", StepOutcome.Refused, RefusalKind.ReconfigRunning, "AutomaticReconfig", 1);
        yield return Code("NotWritablePrimary_has_the_set_observed_again", 10107, "NotWritablePrimary", "New config is rejected", StepOutcome.Refused, RefusalKind.NotPrimary, "NoPrimary", 1);
        yield return Code("NodeNotFound_waits_for_the_network_between_members", 74, "NodeNotFound", "Quorum check failed because not enough voting nodes responded", StepOutcome.Refused, RefusalKind.NoQuorum, "MajorityAtRisk", 5);
        yield return Code("NewReplicaSetConfigurationIncompatible_is_told_to_a_person", 103, "NewReplicaSetConfigurationIncompatible", "New and old configurations differ", StepOutcome.Refused, RefusalKind.Incompatible, "RefusedByServer", 30);
        yield return Code("An_invalid_configuration_is_told_to_a_person", 93, "InvalidReplicaSetConfig", "priority must be 0", StepOutcome.Refused, RefusalKind.Incompatible, "RefusedByServer", 30);
        yield return Code("NodeNotElectable_is_told_to_a_person", 104, "NodeNotElectable", "This node is not electable under the new configuration", StepOutcome.Refused, RefusalKind.NotElectable, "RefusedByServer", 30);
        yield return Code("A_change_of_the_implicit_default_write_concern_is_told_with_its_cure", 103, "NewReplicaSetConfigurationIncompatible", "Reconfig attempted to install a config that would change the implicit default write concern on the node", StepOutcome.Refused, RefusalKind.ImplicitWriteConcern, "ImplicitWriteConcernWouldChange", 30);
        yield return Code("Unauthorized_is_told_to_a_person", 13, "Unauthorized", "not authorized on admin to execute command { replSetReconfig: { secret: 1 } }", StepOutcome.Refused, RefusalKind.NotAuthorized, "NotAuthorized", 30);
        yield return Code("An_interruption_by_an_election_tells_nothing", 11602, "InterruptedDueToReplStateChange", "operation was interrupted", StepOutcome.Unknown, null, "", 0);
    }

    [TestCaseSource(nameof(Codes))]
    public void A_reconfig_that_is_answered(int code, string name, string message, StepOutcome outcome, RefusalKind? kind, string reason, int pauseSeconds)
    {
        var failure = FailureClassifier.FromCommand(code, name, message);
        var result = new StepResult(StepOutcomes.OfReconfig(failure), failure);
        var refusal = StepOutcomes.RefusalOf(result);
        Assert.That((result.Outcome, refusal?.Kind), Is.EqualTo((outcome, kind)));
        Assert.That(refusal?.Words ?? "", Does.Not.Contain("secret"));
        if (refusal is null)
        {
            return;
        }

        var (observed, step) = AboutToAct();
        var history = PlanningHistory.Empty.With(new PastStep(Sets.Now, step, outcome, refusal));
        var atOnce = Next(observed, history);
        Assert.That(Sets.Words(atOnce), Does.StartWith(reason).And.Contain(name));
        Assert.That(Next(observed with { At = Sets.Now.AddSeconds(pauseSeconds) }, history), Is.TypeOf<PlanDecision.Act>(), "after its pause it is tried again");
        Assert.That(Next(observed with { At = Sets.Now.AddSeconds(pauseSeconds - 0.5) }, history), Is.Not.TypeOf<PlanDecision.Act>());
    }

    [TestCase(MongoFailureKind.TimedOut)]
    [TestCase(MongoFailureKind.Unreachable)]
    public void A_lost_answer_tells_nothing_and_what_is_observed_next_decides(MongoFailureKind kind)
    {
        var failure = new MongoFailure(kind, 0, "", "no answer");
        Assert.That(StepOutcomes.OfReconfig(failure), Is.EqualTo(StepOutcome.Unknown));
        Assert.That(StepOutcomes.RefusalOf(new StepResult(StepOutcome.Unknown, failure)), Is.Null);
        var (observed, step) = AboutToAct();
        Assert.That(Next(observed, PlanningHistory.Empty.With(new PastStep(Sets.Now, step, StepOutcome.Unknown))), Is.TypeOf<PlanDecision.Act>());
    }

    [Test]
    public void What_is_refused_again_and_again_is_tried_ever_more_seldom()
    {
        var (observed, step) = AboutToAct();
        var refusal = new StepRefusal(RefusalKind.Incompatible, "no");
        var history = PlanningHistory.Empty;
        var pauses = new List<double>();
        var at = Sets.Now;
        for (var i = 0; i < 7; i++)
        {
            history = history.With(new PastStep(at, step, StepOutcome.Refused, refusal));
            var next = at;
            while (Next(observed with { At = next }, history) is not PlanDecision.Act)
            {
                next = next.AddSeconds(30);
            }

            pauses.Add((next - at).TotalSeconds);
            at = next;
        }

        Assert.That(pauses, Is.EqualTo((double[])[30, 60, 120, 240, 480, 900, 900]));
    }

    [Test]
    public void Another_configuration_in_force_makes_it_a_new_attempt()
    {
        var (observed, step) = AboutToAct();
        var history = PlanningHistory.Empty.With(new PastStep(Sets.Now, step, StepOutcome.Refused, new StepRefusal(RefusalKind.Incompatible, "no")));
        var changed = observed with { Config = observed.Config! with { Version = 6 } };
        Assert.That(Next(changed, history with { LastSeenConfig = changed.Config }), Is.TypeOf<PlanDecision.Act>());
    }

    [Test]
    public void A_corrected_spec_asks_for_another_step_which_is_sent_at_once()
    {
        var (observed, step) = AboutToAct();
        var history = PlanningHistory.Empty;
        for (var i = 5; i > 0; i--)
        {
            history = history.With(new PastStep(Sets.Now.AddSeconds(-i), step, StepOutcome.Refused, new StepRefusal(RefusalKind.Incompatible, "no")));
        }

        var corrected = Sets.Topology("a", "a1", "a2", "a3", "c1");
        var decision = Planner.Next(new(observed.With("c1", m => m with { Reachable = true, OwnStatus = OwnStatus.NotYetInitialized }), corrected, Sets.Policy, history));

        Assert.That(((decision as PlanDecision.Act)?.Step as Reconfig)?.Additions.Select(a => a.Host), Is.EqualTo((string[])["c1:27017"]), Sets.Words(decision));
        Assert.That(Sets.Words(Next(observed, history)), Does.StartWith("RefusedByServer"), "what was refused is not sent again for it");
    }

    [Test]
    public void The_step_that_followed_a_refused_one_is_ours()
    {
        var (observed, refused) = AboutToAct();
        var done = new Reconfig
        {
            Summary = "corrected",
            Purpose = ReconfigPurpose.Arrange,
            RunOn = "a1:27017",
            BaseVersion = 5,
            BaseTerm = 3,
            Edits = [new MemberEdit(2, "a3:27017") { Priority = 1 }],
        };
        var history = (PlanningHistory.Empty with { LastSeenConfig = observed.Config, LastSawPrimary = true })
            .With(new PastStep(Sets.Now, refused, StepOutcome.Refused, new StepRefusal(RefusalKind.Incompatible, "no")))
            .With(new PastStep(Sets.Now, refused, StepOutcome.Refused, new StepRefusal(RefusalKind.Incompatible, "no")))
            .With(new PastStep(Sets.Now, done, StepOutcome.Succeeded));

        var next = DriftTracker.Fold(history, observed with { Config = ConfigChanges.Apply(observed.Config!, done) }, Sets.Policy);

        Assert.That(next.ForeignChanges, Is.Empty);
    }

    [Test]
    public void The_plan_stays_what_it_is()
    {
        var (observed, step) = AboutToAct();
        var refused = PlanningHistory.Empty.With(new PastStep(Sets.Now, step, StepOutcome.Refused, new StepRefusal(RefusalKind.Incompatible, "no")));
        Assert.That(Hash(refused), Is.EqualTo(Hash(PlanningHistory.Empty)).And.Not.Empty);

        string Hash(PlanningHistory history) => PlanPreview.Of(new(observed, Sets.Topology("a", "a1", "a2", "a3", "b1"), Sets.Policy, history), Sets.Identity).Hash;
    }

    private static (ObservedReplicaSet Observed, Step Step) AboutToAct()
    {
        var observed = Sets.Observed(Sets.Rested('a', "a1", "a2", "a3"), "a1", "b1");
        return (observed, ((PlanDecision.Act)Next(observed, PlanningHistory.Empty)).Step);
    }

    private static PlanDecision Next(ObservedReplicaSet observed, PlanningHistory history) => Planner.Next(new(observed, Sets.Topology("a", "a1", "a2", "a3", "b1"), Sets.Policy, history));

    private static TestCaseData Code(string sentence, int code, string name, string message, StepOutcome outcome, RefusalKind? kind, string reason, int pauseSeconds) =>
        new TestCaseData(code, name, message, outcome, kind, reason, pauseSeconds).SetName(sentence);
}
