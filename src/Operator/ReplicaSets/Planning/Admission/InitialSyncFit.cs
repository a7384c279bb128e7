using Modestano.Operator.ReplicaSets.Observation;
using Modestano.Operator.Runtime;

namespace Modestano.Operator.ReplicaSets.Planning.Admission;

/// <summary>
/// Whether an initial sync is likely to get through. A logical one pulls the oplog while it copies (manual: Initial Sync), so a long copy is no
/// failure by itself; it is one where the new member has no room, or where it falls off its source's oplog. Estimates: a person decides by
/// <c>reconfiguration.initialSyncFit</c> whether they stop anything.
/// </summary>
internal static class InitialSyncFit
{
    /// <summary>The estimated time against what the primary's oplog holds.</summary>
    public static Finding Time(string host, ObservedReplicaSet observed, ObservedMember? primary, PlanningPolicy policy)
    {
        // Both are uncompressed bytes: dbStats.dataSize, and what replSetGetStatus says was copied.
        TimeSpan? estimate = observed.DataSizeBytes is { } bytes ? Durations.OfSeconds(bytes / policy.InitialSyncBytesPerSecond) : null;

        // The oplog of a young set is not full: what counts is how long it keeps what is written from now on.
        var reach = OplogReach.Of(primary, primary) ?? primary?.OplogWindow;
        var allowed = reach / policy.InitialSyncSafetyFactor;
        return Of(
            policy,
            "InitialSyncWithinOplog",
            host,
            estimate is { } takes && allowed is { } most ? takes <= most : null,
            estimate is null ? null : $"{Buckets.Lag(estimate)} for {Buckets.Bytes(observed.DataSizeBytes)} at {Buckets.Bytes(policy.InitialSyncBytesPerSecond)}/s",
            allowed is null ? null : $"{Buckets.Window(allowed)}, what the oplog of {primary!.Host} holds divided by {policy.InitialSyncSafetyFactor:0.#}",
            () => $"an initial sync of {host} is estimated to take up to {Buckets.Lag(estimate)}, and the oplog of {primary!.Host} holds {Buckets.Window(reach)}: {host} buffers what is written meanwhile, so see to its disk and cache, or enlarge the oplog with replSetResizeOplog, or copy the data files to it (manual: Resync a Member)");
    }

    /// <summary>The free disk of the new member, where it tells, against what the set takes on the primary's.</summary>
    public static Finding Disk(ObservedMember member, ObservedReplicaSet observed, PlanningPolicy policy) => Of(
        policy,
        "FreeDisk",
        member.Host,
        member.FreeDiskBytes is { } free && observed.DataBytes is { } needed ? free >= needed : null,
        Buckets.Bytes(member.FreeDiskBytes),
        Buckets.Bytes(observed.DataBytes) is { } size ? $"{size}, what the data takes on the primary's disk" : null,
        () => $"{member.Host} has less free disk ({Buckets.Bytes(member.FreeDiskBytes)}) than the data takes on the primary's ({Buckets.Bytes(observed.DataBytes)}): give it a larger volume");

    private static Finding Of(PlanningPolicy policy, string check, string host, bool? passed, string? figure, string? limit, Func<string> advice) => policy.RequireInitialSyncToFit
        ? Finding.Of(check, host, passed, figure, limit, () => new Blocker(PlanReasons.MemberPreflightFailed, $"{advice()}. To add it nevertheless set reconfiguration.initialSyncFit: Warn", NeedsPerson: true))
        : new Finding(check, host, passed, figure, limit, null) { Warning = passed == false ? advice() : null };
}
