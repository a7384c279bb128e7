using Modestano.Operator.ReplicaSets.Decision;
using Modestano.Operator.ReplicaSets.Observation;
using Modestano.Operator.ReplicaSets.Planning;
using Modestano.Operator.ReplicaSets.Status;

namespace Modestano.Operator.Tests.ReplicaSets.Planning;

/// <summary>The checks before a member is added, and before it votes: what the planner waits for is what the row in status says.</summary>
[TestFixture]
public class PreflightTests
{
    private static IEnumerable<TestCaseData> BeforeJoining()
    {
        yield return Case("A_release_apart_is_allowed", m => m with { Version = "8.0.1" }, o => o, "ServerVersion", "Passed", "8.0.1");
        yield return Case("Two_releases_apart_are_refused", m => m with { Version = "5.0.9" }, o => o, "ServerVersion", "Failed", "5.0.9");
        yield return Case("Without_a_login_the_wire_version_tells_the_release", m => m with { Version = null, MaxWireVersion = 25 }, o => o, "ServerVersion", "Passed", "of wire version 25");
        yield return Case("A_wire_version_two_releases_back_is_refused", m => m with { Version = null, MaxWireVersion = 13 }, o => o, "ServerVersion", "Failed", "of wire version 13");
        yield return Case("A_rapid_release_counts_to_its_major_one", m => m with { Version = "6.3.2" }, o => o.With("a1", a => a with { FeatureCompatibilityVersion = "6.0" }), "ServerVersion", "Passed", "6.3.2");
        yield return Case("An_equal_clock_passes", m => m with { ClockSkew = TimeSpan.FromMilliseconds(-40) }, o => o, "ClockDifference", "Passed", "<1s");
        yield return Case("A_clock_a_minute_off_is_refused", m => m with { ClockSkew = TimeSpan.FromSeconds(-61) }, o => o, "ClockDifference", "Failed", "2m");
        yield return Case("A_clock_that_nobody_read_is_unknown", m => m with { ClockSkew = null }, o => o, "ClockDifference", "Unknown", null);
        yield return Case("A_sync_that_the_oplog_outlasts_passes", m => m, o => o with { DataSizeBytes = 100L << 30 }, "InitialSyncWithinOplog", "Passed", "2h for 64GiB at 16MiB/s");
        yield return Case("A_sync_that_outlasts_half_the_oplog_is_warned_of_and_begins", m => m, o => o with { DataSizeBytes = 3L << 40 }, "InitialSyncWithinOplog", "Warning", ">24h for 2TiB at 16MiB/s");
        yield return Case("The_size_on_disk_says_nothing_of_the_time", m => m, o => o with { DataBytes = 3L << 40 }, "InitialSyncWithinOplog", "Unknown", null);
        yield return Case("A_disk_that_is_too_small_is_warned_of", m => m with { FreeDiskBytes = 40L << 30 }, o => o with { DataBytes = 100L << 30 }, "FreeDisk", "Warning", "32GiB");
        yield return Case("A_disk_that_holds_the_data_passes", m => m with { FreeDiskBytes = 400L << 30 }, o => o with { DataBytes = 100L << 30 }, "FreeDisk", "Passed", "256GiB");
        yield return Case("A_disk_that_nobody_read_is_unknown", m => m, o => o with { DataBytes = 100L << 30 }, "FreeDisk", "Unknown", null);
        yield return Case("A_young_oplog_counts_by_what_it_will_hold", m => m, o => Young(o) with { DataSizeBytes = 100L << 30 }, "InitialSyncWithinOplog", "Passed", "2h for 64GiB at 16MiB/s");
        yield return Case("A_young_oplog_that_will_hold_too_little", m => m, o => Young(o) with { DataSizeBytes = 1L << 40 }, "InitialSyncWithinOplog", "Warning", "24h for 1TiB at 16MiB/s");
        yield return Case("Data_of_unknown_size_leaves_it_unknown", m => m, o => o, "InitialSyncWithinOplog", "Unknown", null);
        yield return Case("A_member_of_another_set_is_refused", m => m with { OwnStatus = OwnStatus.Member, OwnReplicaSetId = "7c154673122f5f68412e1743" }, o => o, "NoOtherSet", "Failed", "Member");
        yield return Case("A_silent_one_is_not_reachable", m => m with { Reachable = false, OwnStatus = OwnStatus.NotAnswered }, o => o, "Reachable", "Failed", null);
    }

    [TestCaseSource(nameof(BeforeJoining))]
    public void Before_a_member_joins(Func<ObservedMember, ObservedMember> member, Func<ObservedReplicaSet, ObservedReplicaSet> set, string check, string result, string? figure)
    {
        var observed = set(Sets.Observed(Sets.Rested('a', "a1", "a2", "a3"), "a1", "b1").With("b1", member));
        AssertRow(observed, "b1", check, result, figure);
        var decision = Decide(observed);
        Assert.That(decision is PlanDecision.Act { Step: Reconfig { Additions.Count: 1 } }, Is.EqualTo(result != "Failed"), $"{decision}");
    }

    private static IEnumerable<TestCaseData> BeforeVoting()
    {
        yield return Case("Everybody_sees_it", m => m, o => o, "SeenByVoters", "Passed", "3 of 3");
        yield return Case("A_voter_that_does_not_see_it", m => m with { SeenHealthyBy = new HashSet<string> { "a1:27017", "a2:27017" } }, o => o, "SeenByVoters", "Failed", "2 of 3");
        yield return Case("A_voter_that_it_does_not_see", m => m, o => o.With("a3", a => a with { SeenHealthyBy = new HashSet<string> { "a1:27017", "a2:27017" } }), "SeesVoters", "Failed", "2 of 3");
        yield return Case("The_same_feature_compatibility_version", m => m, o => o, "FeatureCompatibilityVersion", "Passed", "7.0");
        yield return Case("Another_feature_compatibility_version", m => m with { FeatureCompatibilityVersion = "6.0" }, o => o, "FeatureCompatibilityVersion", "Failed", "6.0");
        yield return Case("An_oplog_that_holds_a_day", m => m with { OplogCapacityBytes = 16L << 30 }, Written, "OplogSize", "Passed", "16GiB, reaches back 7d");
        yield return Case("An_oplog_that_holds_hours", m => m with { OplogCapacityBytes = 1L << 30 }, Written, "OplogSize", "Failed", "1GiB, reaches back 12h");
        yield return Case("An_index_that_is_being_built", m => m with { IndexBuilds = 1 }, o => o, "IndexBuilds", "Failed", "1");
        yield return Case("An_old_transaction_on_the_primary", m => m, o => o.With("a1", a => a with { OldestTransactionAge = TimeSpan.FromMinutes(4) }), "OldestTransaction", "Failed", "5m", "a1");
    }

    [TestCaseSource(nameof(BeforeVoting))]
    public void Before_a_member_votes(Func<ObservedMember, ObservedMember> member, Func<ObservedReplicaSet, ObservedReplicaSet> set, string check, string result, string? figure, string? about = null)
    {
        var config = Sets.Rested('b', "a1", "a2", "a3", "b1").With("b1", Sets.Joined);
        var observed = set(Sets.Observed(config, "a1").With("b1", member));
        AssertRow(observed, about ?? "b1", check, result, figure, "b");
        var decision = Decide(observed, "b");
        Assert.That(decision is PlanDecision.Act { Step: Reconfig step } && step.Edits.Any(e => e is { Host: "b1:27017", Votes: 1 }), Is.EqualTo(result != "Failed"), $"{decision}");
    }

    [Test]
    public void The_measured_rate_counts_once_there_is_one()
    {
        var observed = Sets.Observed(Sets.Rested('a', "a1", "a2", "a3"), "a1", "b1") with { DataSizeBytes = 3L << 40 };
        var strict = Sets.Policy with { RequireInitialSyncToFit = true };
        var fast = strict with { InitialSyncBytesPerSecond = 500 << 20 };
        Assert.That(Sets.Words(Planner.Next(new(observed, Sets.Topology("a", "a1", "a2", "a3", "b1"), strict, PlanningHistory.Empty))), Does.StartWith(PlanReasons.MemberPreflightFailed));
        Assert.That(Planner.Next(new(observed, Sets.Topology("a", "a1", "a2", "a3", "b1"), fast, PlanningHistory.Empty)), Is.TypeOf<PlanDecision.Act>());
    }

    [Test]
    public void Where_the_object_requires_it_a_member_whose_sync_does_not_fit_is_not_added_and_the_way_out_is_told()
    {
        var observed = Sets.Observed(Sets.Rested('a', "a1", "a2", "a3"), "a1", "b1").With("b1", m => m with { FreeDiskBytes = 40L << 30 }) with { DataBytes = 100L << 30 };
        var decision = Planner.Next(new(observed, Sets.Topology("a", "a1", "a2", "a3", "b1"), Sets.Policy with { RequireInitialSyncToFit = true }, PlanningHistory.Empty));
        Assert.That(Sets.Words(decision), Does.StartWith(PlanReasons.MemberPreflightFailed).And.Contain("b1:27017 has less free disk").And.Contain("initialSyncFit: Warn"));
    }

    [Test]
    public void Of_a_member_at_rest_only_what_an_operator_looks_at_daily_is_shown()
    {
        var rows = CheckMapper.Map(Sets.Observed(Sets.Rested('a', "a1", "a2", "a3"), "a1"), Sets.Topology("a", "a1", "a2", "a3"), Sets.Policy);
        Assert.That(rows.Where(r => r.Member == "a2:27017").Select(r => r.Name), Is.EqualTo((string[])["ReplicationLag", "OplogWindow", "SeenByVoters"]));
        Assert.That(rows.Select(r => r.Result), Has.All.EqualTo("Passed"));
    }

    /// <summary>The primary's oplog holds 6 GiB, written in 72 hours.</summary>
    private static ObservedReplicaSet Written(ObservedReplicaSet observed) => observed.With("a1", a => a with { OplogUsedBytes = 6L << 30 });

    /// <summary>Ten minutes old, a fiftieth of what it may hold.</summary>
    private static ObservedReplicaSet Young(ObservedReplicaSet observed) =>
        observed.With("a1", a => a with { OplogWindow = TimeSpan.FromMinutes(10), OplogUsedBytes = 1L << 30, OplogCapacityBytes = 50L << 30 });

    private static void AssertRow(ObservedReplicaSet observed, string member, string check, string result, string? figure, string primaryRegion = "a")
    {
        var rows = CheckMapper.Map(observed, Sets.Topology(primaryRegion, "a1", "a2", "a3", "b1"), Sets.Policy);
        var row = rows.SingleOrDefault(r => r.Member == Sets.Host(member) && r.Name == check) ?? throw new AssertionException($"no row {check}: {string.Join(", ", rows.Select(r => $"{r.Member} {r.Name}"))}");
        Assert.That((row.Result, row.Value), Is.EqualTo((result, figure)), row.Message);
        Assert.That(row.Message, result is "Failed" or "Warning" ? Is.Not.Null : Is.Null);
    }

    private static PlanDecision Decide(ObservedReplicaSet observed, string primaryRegion = "a") =>
        Planner.Next(new(observed, Sets.Topology(primaryRegion, "a1", "a2", "a3", "b1"), Sets.Policy, PlanningHistory.Empty with { KnownReplicaSetId = Sets.Id }));

    private static TestCaseData Case(string name, Func<ObservedMember, ObservedMember> member, Func<ObservedReplicaSet, ObservedReplicaSet> set, string check, string result, string? figure, string? about = null) =>
        (about is null ? new TestCaseData(member, set, check, result, figure) : new TestCaseData(member, set, check, result, figure, about)).SetName(name);
}
