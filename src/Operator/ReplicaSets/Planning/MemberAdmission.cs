using System.Globalization;
using Modestano.Operator.ReplicaSets.Observation;
using Modestano.Operator.ReplicaSets.Topology;

namespace Modestano.Operator.ReplicaSets.Planning;

/// <summary>What is checked before a member is added: mostly R8, as a member of another set of the same name joins without complaint (seen).</summary>
internal static class MemberAdmission
{
    /// <summary>Why the member cannot be added; null: it can.</summary>
    public static Blocker? Check(PlanContext context, RestMember wanted)
    {
        var member = context.Observed.Member(wanted.Host);
        return RightSet(member, context.Observed) ?? Version(member, context) ?? Clock(member, context) ?? (wanted.ArbiterOnly ? null : OplogLasts(context));
    }

    /// <summary>R8: only a member that never was in a set, or that was removed from ours.</summary>
    public static Blocker? RightSet(ObservedMember member, ObservedReplicaSet observed)
    {
        var host = member.Host;
        if (!member.Reachable)
        {
            return new Blocker(PlanReasons.MemberUnreachable, $"{host} cannot be added: the operator does not reach it{Because(member.ConnectionError)}");
        }

        return member.OwnStatus switch
        {
            OwnStatus.NotYetInitialized => null,
            OwnStatus.Removed when member.OwnReplicaSetId is { } id && id == observed.ReplicaSetId => null,
            OwnStatus.Member when member.OwnReplicaSetId is { } id && id == observed.ReplicaSetId =>
                new Blocker(PlanReasons.MemberNotReady, $"{host} has not noticed yet that it was removed from this set"),
            OwnStatus.Member or OwnStatus.Removed => new Blocker(
                PlanReasons.MemberOfAnotherSet,
                $"{host} is or was a member of another replica set (replicaSetId {member.OwnReplicaSetId ?? "unknown"}, ours {observed.ReplicaSetId ?? "unknown"}): give it an empty data directory, or correct the host",
                NeedsPerson: true),
            OwnStatus.NoReplicationEnabled => new Blocker(
                PlanReasons.NotAReplicaSetMember, $"{host} runs without --replSet: start it with --replSet {observed.SetName} and an empty data directory", NeedsPerson: true),
            OwnStatus.Unauthorized => new Blocker(
                PlanReasons.MemberOfAnotherSet, $"{host} has users of its own, so it is not a fresh member: give it an empty data directory, or correct the host", NeedsPerson: true),
            _ => new Blocker(PlanReasons.MemberUnreachable, $"{host} cannot be added: its replSetGetStatus gave no usable answer{Because(member.ConnectionError)}"),
        };
    }

    // MongoDB supports members one release apart, for upgrades (manual: Upgrade a Replica Set).
    private static Blocker? Version(ObservedMember member, PlanContext context)
    {
        var ours = context.Observed.Member(context.Primary.Host).Version;
        return Release(member.Version) is { } theirs && Release(ours) is { } primary && Math.Abs(theirs - primary) > 1
            ? new Blocker(PlanReasons.MemberPreflightFailed, $"{member.Host} runs MongoDB {member.Version}, the primary {ours}: at most one major release apart", NeedsPerson: true)
            : null;
    }

    private static Blocker? Clock(ObservedMember member, PlanContext context) =>
        member.ClockSkew is { } skew && skew.Duration() > context.Policy.MaxClockSkew
            ? new Blocker(PlanReasons.MemberPreflightFailed, $"the clock of {member.Host} differs from the primary's by more than {context.Policy.MaxClockSkew.TotalSeconds:0} s: set up NTP on it", NeedsPerson: true)
            : null;

    // An initial sync that takes longer than the oplog reaches back ends in RECOVERING (manual: Replica Set Oplog).
    private static Blocker? OplogLasts(PlanContext context)
    {
        var window = context.Observed.Member(context.Primary.Host).OplogWindow;
        return window is { } oplog && InitialSyncEstimate.Of(context.Observed, context.Policy) is { } estimate && estimate * context.Policy.InitialSyncSafetyFactor > oplog
            ? new Blocker(
                PlanReasons.MemberPreflightFailed,
                $"an initial sync is estimated to take {Rough(estimate)}, the primary's oplog reaches back {Rough(oplog)}: enlarge it with replSetResizeOplog to {Rough(estimate * context.Policy.InitialSyncSafetyFactor)} before members are added",
                NeedsPerson: true)
            : null;
    }

    private static double? Release(string? version)
    {
        // Major releases are 4.4, 5.0, 6.0, 7.0, 8.0; rapid releases between them count to their major one.
        if (version?.Split('.') is not [var major, var minor, ..] || !int.TryParse(major, NumberStyles.None, CultureInfo.InvariantCulture, out var m))
        {
            return null;
        }

        return m == 4 && minor is not ("4" or "9") ? 3 : m;
    }

    private static string Because(string? error) => string.IsNullOrEmpty(error) ? "" : $" ({error})";

    private static string Rough(TimeSpan time) => time.TotalHours >= 2 ? $"{time.TotalHours:0} h" : $"{Math.Max(1, time.TotalMinutes):0} min";
}

/// <summary>How long an initial sync is going to take.</summary>
internal static class InitialSyncEstimate
{
    /// <summary>Data size over the assumed rate; null: the size is not known.</summary>
    public static TimeSpan? Of(ObservedReplicaSet observed, PlanningPolicy policy) =>
        observed.DataBytes is { } bytes ? TimeSpan.FromSeconds(bytes / policy.InitialSyncBytesPerSecond) : null;
}
