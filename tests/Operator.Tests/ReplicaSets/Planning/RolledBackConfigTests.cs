using Modestano.Operator.ReplicaSets.Mongo;
using Modestano.Operator.ReplicaSets.Observation;
using Modestano.Operator.ReplicaSets.Planning;
using Modestano.Operator.ReplicaSets.Planning.Changes;
using Modestano.Operator.ReplicaSets.Planning.Situations;

namespace Modestano.Operator.Tests.ReplicaSets.Planning;

/// <summary>
/// A reconfig that answers 50 is installed and on no majority yet: a fail-over may roll it back (specs: seen), and then nobody took it back. It
/// counts as ours to defend only once it was seen committed.
/// </summary>
[TestFixture]
public class RolledBackConfigTests
{
    private static readonly ReplicaSetConfig Before = Sets.Rested('a', "a1", "a2", "a3", "b1").With("b1", Sets.Joined);
    private static readonly ReplicaSetConfig Ours = Before.With("b1", m => m with { Votes = 1, Priority = 1, Hidden = false }) with { Version = 6 };

    /// <summary>What the new primary has: what was there before, rewritten in its term.</summary>
    private static readonly ReplicaSetConfig RolledBack = Before with { Term = 4 };

    [Test]
    public void A_config_that_answered_50_and_was_never_seen_is_not_taken_back_by_somebody()
    {
        var history = Seen(PlanningHistory.Empty, Before).With(Step(awaited: true));
        Assert.That(Seen(history, RolledBack).ForeignChanges, Is.Empty);
    }

    [Test]
    public void A_config_that_was_seen_uncommitted_and_is_gone_after_an_election_is_not_either()
    {
        var history = Seen(PlanningHistory.Empty, Before).With(Step(awaited: true));
        history = Seen(history, Ours with { IsCommitted = false });
        Assert.That(Seen(history, RolledBack).ForeignChanges, Is.Empty);
    }

    [Test]
    public void Twice_rolled_back_is_no_contest()
    {
        var history = Seen(PlanningHistory.Empty, Before);
        for (var term = 4; term <= 6; term++)
        {
            history = history.With(Step(awaited: true, term - 1));
            history = Seen(history, Ours with { IsCommitted = false, Term = term - 1 });
            history = Seen(history, RolledBack with { Term = term });
        }

        Assert.That(Contest.IsOn(Sets.Policy, history), Is.False);
    }

    [Test]
    public void An_answer_that_was_lost_and_a_config_that_no_majority_had_make_no_contest()
    {
        var history = Seen(PlanningHistory.Empty, Before).With(Step(awaited: false) with { Outcome = StepOutcome.Unknown });
        history = Seen(history, Ours with { IsCommitted = false });
        Assert.That(Seen(history, RolledBack).ForeignChanges, Is.Empty);
    }

    [Test]
    public void A_config_that_was_seen_committed_and_is_gone_was_taken_back()
    {
        var history = Seen(PlanningHistory.Empty, Before).With(Step(awaited: true));
        history = Seen(history, Ours);
        var change = Seen(history, RolledBack with { Version = 7 }).ForeignChanges.Single();
        Assert.That((change.Kind, change.UndidOurs), Is.EqualTo((ForeignChangeKind.Manual, true)));
    }

    [Test]
    public void A_config_that_was_answered_with_ok_and_is_gone_was_taken_back()
    {
        var history = Seen(PlanningHistory.Empty, Before).With(Step(awaited: false));
        var change = Seen(history, RolledBack with { Version = 7 }).ForeignChanges.Single();
        Assert.That(change.UndidOurs, Is.True);
    }

    [Test]
    public void Somebody_elses_change_beside_a_rolled_back_one_is_still_told()
    {
        var history = Seen(PlanningHistory.Empty, Before).With(Step(awaited: true));
        history = Seen(history, Ours with { IsCommitted = false });
        var change = Seen(history, RolledBack.With("a3", m => m with { Priority = 7 })).ForeignChanges.Single();
        Assert.That((change.Kind, change.UndidOurs), Is.EqualTo((ForeignChangeKind.Manual, false)));
    }

    [TestCase(50, true)]
    [TestCase(0, false)]
    public void Only_50_awaits_a_majority(int code, bool awaits)
    {
        var failure = code == 0 ? null : FailureClassifier.FromCommand(code, "MaxTimeMSExpired", "Reconfig finished but failed to propagate to a majority");
        Assert.That(StepOutcomes.AwaitsMajority(new StepResult(StepOutcome.Succeeded, failure)), Is.EqualTo(awaits));
    }

    private static PastStep Step(bool awaited, long term = 3) =>
        new(Sets.Now, ConfigChanges.Between(Before, Ours, "a1:27017")! with { BaseTerm = term }, StepOutcome.Succeeded) { AwaitedMajority = awaited };

    private static PlanningHistory Seen(PlanningHistory history, ReplicaSetConfig config) => DriftTracker.Fold(history, Sets.Observed(config, "a1"), Sets.Policy);
}
