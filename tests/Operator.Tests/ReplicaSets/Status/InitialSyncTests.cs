using Modestano.Crds.V1Alpha1;
using Modestano.Operator.ReplicaSets.Decision;
using Modestano.Operator.ReplicaSets.Observation;
using Modestano.Operator.ReplicaSets.Planning;
using Modestano.Operator.ReplicaSets.Status;
using Modestano.Operator.Tests.ReplicaSets.Control;
using Modestano.Operator.Tests.ReplicaSets.Planning;

namespace Modestano.Operator.Tests.ReplicaSets.Status;

/// <summary>Initial syncs in status: how far, how fast, until when, and what stands in their way.</summary>
[TestFixture]
public class InitialSyncTests
{
    [Test]
    public void Progress_rate_and_estimated_end_are_told()
    {
        var (tracker, _) = InitialSyncTracker.Empty.Fold(Copying(1L << 30, at: 0));
        (tracker, var observed) = tracker.Fold(Copying(3L << 30, at: 32));
        var member = Map(observed).Members!.Single(m => m.Host == "b1:27017");
        Assert.That((member.InitialSyncPercent, member.InitialSyncRate), Is.EqualTo((30, "64MiB/s")));
        Assert.That(member.InitialSyncEnd, Is.EqualTo(new DateTime(2026, 3, 1, 3, 5, 0, DateTimeKind.Utc)), "7 GiB at 64 MiB/s are 112 s; told in steps of five minutes");
        Assert.That(tracker.BytesPerSecond, Is.EqualTo(64 << 20));
    }

    [Test]
    public void One_that_stands_still_or_has_next_to_nothing_to_copy_tells_nothing_of_the_speed_of_the_next()
    {
        var (tracker, _) = InitialSyncTracker.Empty.Fold(Copying(1L << 30, at: 0));
        (tracker, _) = tracker.Fold(Copying(3L << 30, at: 32));
        (tracker, _) = tracker.Fold(Copying(3L << 30, at: 3600));
        Assert.That(tracker.BytesPerSecond, Is.EqualTo(64 << 20));

        (tracker, _) = InitialSyncTracker.Empty.Fold(Copying(0, at: 0));
        (tracker, _) = tracker.Fold(Copying(1L << 20, at: 30));
        Assert.That(tracker.BytesPerSecond, Is.Null);
    }

    [Test]
    public void The_servers_own_estimate_counts_where_it_gives_one()
    {
        var observed = Copying(1L << 30, at: 0).With("b1", m => m with { InitialSync = m.InitialSync! with { Remaining = TimeSpan.FromMinutes(42) } });
        Assert.That(Map(observed).Members!.Single(m => m.Host == "b1:27017").InitialSyncEnd, Is.EqualTo(new DateTime(2026, 3, 1, 3, 45, 0, DateTimeKind.Utc)));
    }

    [Test]
    public void A_failed_attempt_is_a_condition_with_the_servers_words()
    {
        var observed = Copying(1L << 30, at: 0).With("b1", m => m with { InitialSync = m.InitialSync! with { FailedAttempts = 1, LastFailure = "error cloning databases from a2:27017" } });
        Assert.That(Condition(observed), Is.EqualTo(("False", "InitialSyncFailed", "the last attempt of b1:27017 failed, and the next one runs: error cloning databases from a2:27017")));
    }

    [Test]
    public void One_that_stands_still_is_a_condition_after_a_quarter_of_an_hour()
    {
        var (tracker, _) = InitialSyncTracker.Empty.Fold(Copying(1L << 30, at: 0));
        (tracker, var soon) = tracker.Fold(Copying(1L << 30, at: 14 * 60));
        (_, var late) = tracker.Fold(Copying(1L << 30, at: 15 * 60));
        Assert.That(Condition(soon).Reason, Is.EqualTo("InitialSyncRuns"));
        Assert.That(Condition(late).Reason, Is.EqualTo("InitialSyncStuck"));
    }

    [Test]
    public void One_that_only_applies_the_oplog_moves_too()
    {
        var (tracker, _) = InitialSyncTracker.Empty.Fold(Copying(1L << 30, at: 0));
        (tracker, _) = tracker.Fold(Copying(1L << 30, at: 10 * 60).With("b1", m => m with { InitialSync = m.InitialSync! with { AppliedOperations = 5 } }));
        (_, var late) = tracker.Fold(Copying(1L << 30, at: 20 * 60).With("b1", m => m with { InitialSync = m.InitialSync! with { AppliedOperations = 5 } }));
        Assert.That(Condition(late).Reason, Is.EqualTo("InitialSyncRuns"));
    }

    [Test]
    public void None_is_no_trouble() =>
        Assert.That(Condition(Sets.Observed(Sets.Rested('a', "a1", "a2", "a3"), "a1")), Is.EqualTo(("True", "NoInitialSync", "no member copies the data")));

    [TestCase(1, 1)]
    [TestCase(2, 2)]
    [TestCase(5, 3)]
    public void So_many_members_copy_at_once_and_no_more(int allowed, int added)
    {
        var observed = Sets.Observed(Sets.Rested('a', "a1", "a2", "a3"), "a1", "b1", "b2", "b3");
        var topology = Sets.Topology("a", "a1", "a2", "a3", "b1", "b2", "b3");
        var policy = Sets.Policy with { MaxConcurrentInitialSyncs = allowed };
        var step = (Reconfig)((PlanDecision.Act)Planner.Next(new(observed, topology, policy, PlanningHistory.Empty))).Step;
        Assert.That(step.Additions, Has.Count.EqualTo(added));
    }

    private static ObservedReplicaSet Copying(long copied, int at)
    {
        var observed = Sets.Observed(Sets.Rested('a', "a1", "a2", "a3", "b1").With("b1", Sets.Joined), "a1") with { At = Sets.Now.AddSeconds(at) };
        return observed.With("b1", m => m with
        {
            State = MemberState.Startup2,
            SteadySince = null,
            Lag = null,
            SyncSource = "a2:27017",
            InitialSync = new InitialSyncProgress { CopiedBytes = copied, TotalBytes = 10L << 30, Ratio = copied / (double)(10L << 30) },
        });
    }

    private static (string Status, string Reason, string Message) Condition(ObservedReplicaSet observed)
    {
        var condition = Map(observed).Conditions!.Single(c => c.Type == ConditionTypes.InitialSyncHealthy);
        return (condition.Status, condition.Reason, condition.Message);
    }

    private static MongoReplicaSetStatus Map(ObservedReplicaSet observed) => StatusMapper.Map(new PassReport
    {
        Entity = ControllerStage.ThreePlusThree("eu-west-1"),
        At = observed.At,
        Observed = observed,
        Desired = Sets.Topology("a", "a1", "a2", "a3", "b1"),
        Policy = Sets.Policy,
        Decision = new PlanDecision.Wait(PlanReasons.InitialSync, "b1:27017 copies the data"),
    });
}
