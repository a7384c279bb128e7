using Modestano.Operator.ReplicaSets.Decision;
using Modestano.Operator.ReplicaSets.Observation;
using Modestano.Operator.ReplicaSets.Planning;

namespace Modestano.Operator.Tests.ReplicaSets.Planning;

/// <summary>Unknown is not yes: what a member did not answer never passes for a step that cannot be taken back.</summary>
public class UnansweredTests
{
    private const string Why = "TimedOut: no answer before the deadline";
    private static readonly string[] Names = [.. Sets.Names('a', 3), .. Sets.Names('b', 3)];
    private static readonly ReplicaSetConfig Six = Sets.Rested('a', Names) with { Members = [.. Sets.Rested('a', Names).Members.Select(m => m with { Priority = 2 })] };
    private static readonly ReplicaSetConfig Joining = Sets.Rested('a', "a1", "a2", "a3", "b1").With("b1", Sets.Joined);

    private static IEnumerable<TestCaseData> Votes()
    {
        yield return Case("Whether_a_transaction_runs_on_the_primary", "a1", Question.OpenWork, "Whether transactions or index builds run ($currentOp) of a1:27017 is not known");
        yield return Case("Whether_an_index_is_built_on_a_voter", "a2", Question.OpenWork, "Whether transactions or index builds run ($currentOp) of a2:27017 is not known");
        yield return Case("The_feature_compatibility_version_of_the_newcomer", "b1", Question.FeatureCompatibilityVersion, "The feature compatibility version of b1:27017 is not known");
        yield return Case("The_feature_compatibility_version_of_the_primary", "a1", Question.FeatureCompatibilityVersion, "The feature compatibility version of a1:27017 is not known");
    }

    [TestCaseSource(nameof(Votes))]
    public void A_vote_waits_for_the_answer_and_names_the_question(string member, Question question, string words)
    {
        Assert.That(GainVote(Sets.Observed(Joining, "a1")), Is.TypeOf<PlanDecision.Act>());
        Assert.That(Sets.Words(GainVote(Sets.Observed(Joining, "a1").With(member, Silent(question)))), Does.StartWith($"QuestionUnanswered: {words}").And.Contain(Why));
    }

    [Test]
    public void What_the_step_does_not_rely_on_may_be_unknown()
    {
        var observed = Sets.Observed(Joining, "a1").With("a2", Silent(Question.DefaultWriteConcern)).With("a3", Silent(Question.OplogWindow)).With("b1", Silent(Question.OpenWork));
        Assert.That(GainVote(observed), Is.TypeOf<PlanDecision.Act>());
    }

    [Test]
    public void A_hand_off_waits_for_the_primary_s_open_work()
    {
        var observed = Sets.Observed(Six, "a1").With("a1", Silent(Question.OpenWork));
        Assert.That(Sets.Words(MoveToB(observed)), Does.StartWith("QuestionUnanswered: Whether transactions or index builds run ($currentOp) of a1:27017"));
    }

    [Test]
    public void An_oplog_that_was_not_read_is_not_called_too_short()
    {
        var observed = Sets.Observed(Six, "a1").With("b2", m => Silent(Question.OplogWindow)(m) with { OplogWindow = null }).With("b3", m => Silent(Question.OplogWindow)(m) with { OplogWindow = null });
        Assert.That(Sets.Words(MoveToB(observed)), Does.StartWith("NoSuccessor: ").And.Contain("How far the oplog reaches back of b2:27017 is not known").And.Not.Contain("less than 24 h"));
    }

    [Test]
    public void A_member_that_is_dead_owes_no_answer()
    {
        var names = Sets.Names('a', 3).Concat(Sets.Names('b', 2)).ToArray();
        var config = Sets.Rested('a', names);
        var observed = Sets.Observed(config, "a1");
        foreach (var dead in (string[])["b1", "b2"])
        {
            observed = observed.With(dead, m => AllSilent(m) with { State = MemberState.Down, Healthy = false, Reachable = false, OwnStatus = OwnStatus.NotAnswered, Lag = null, SteadySince = null });
        }

        var decision = Planner.Next(new(observed, Sets.Topology("a", Sets.Names('a', 3)), Sets.Policy, PlanningHistory.Empty));

        Assert.That(decision is PlanDecision.Act { Step: Reconfig { Purpose: ReconfigPurpose.YieldVote } }, Sets.Words(decision));
    }

    [Test]
    public void A_member_that_is_alive_and_cannot_be_reached_owes_one()
    {
        var observed = Sets.Observed(Joining, "a1").With("a2", m => AllSilent(m) with { Reachable = false, OwnStatus = OwnStatus.NotAnswered });
        Assert.That(GainVote(observed), Is.Not.TypeOf<PlanDecision.Act>());
    }

    [Test]
    public void The_default_write_concern_is_not_set_because_it_could_not_be_read()
    {
        var config = Sets.Rested('a', "a1", "a2", "a3").With("a3", m => m with { ArbiterOnly = true, Priority = 0 });
        var desired = Sets.Topology("a", "a1", "a2", "a3") with { DefaultWriteConcern = new("majority", 0) };
        var members = desired.Members.Select(m => m.Host == Sets.Host("a3") ? m with { ArbiterOnly = true } : m).ToList();
        var observed = Sets.Observed(config, "a1").With("a1", Silent(Question.DefaultWriteConcern));

        var decision = Planner.Next(new(observed, desired with { Members = [.. members, Sets.Wanted("a4") with { ArbiterOnly = true, Votes = 1 }] }, Sets.Policy, PlanningHistory.Empty));

        Assert.That(decision is PlanDecision.Act { Step: SetDefaultWriteConcern }, Is.False, Sets.Words(decision));
    }

    private static PlanDecision GainVote(ObservedReplicaSet observed) => Planner.Next(new(observed, Sets.Topology("a", "a1", "a2", "a3", "b1"), Sets.Policy, PlanningHistory.Empty));

    private static PlanDecision MoveToB(ObservedReplicaSet observed) => Planner.Next(new(observed, Sets.Topology("b", Names), Sets.Policy, PlanningHistory.Empty));

    private static Func<ObservedMember, ObservedMember> Silent(Question question) => m => m with { Unanswered = new Dictionary<Question, string> { [question] = Why } };

    private static ObservedMember AllSilent(ObservedMember member) => member with { Unanswered = Enum.GetValues<Question>().ToDictionary(q => q, _ => Why) };

    private static TestCaseData Case(string name, string member, Question question, string words) => new TestCaseData(member, question, words).SetName(name);
}
