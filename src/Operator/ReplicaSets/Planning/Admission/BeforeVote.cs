using Modestano.Operator.ReplicaSets.Observation;
using Modestano.Operator.Runtime;

namespace Modestano.Operator.ReplicaSets.Planning.Admission;

/// <summary>What is checked of a member that follows closely, before its vote (R3): that it is one of the set in every voter's eyes, and able to bear the set.</summary>
internal static class BeforeVote
{
    /// <summary>The checks in order.</summary>
    /// <param name="observed">What was seen.</param>
    /// <param name="policy">The limits.</param>
    /// <param name="host">The member; it is in the configuration.</param>
    /// <param name="mayBePrimary">Whether it could be primary at rest, so that change streams would resume from its oplog.</param>
    public static IEnumerable<Finding> Of(ObservedReplicaSet observed, PlanningPolicy policy, string host, bool mayBePrimary)
    {
        var member = observed.Member(host);
        var voters = observed.Config!.Voters.Where(v => v.Host != host && observed.Member(v.Host).Healthy == true).Select(v => v.Host).ToList();
        var telling = voters.Where(v => MemberHealth.TellsWhomItSees(observed, observed.Config.Find(v)!)).ToList();
        yield return Sight("SeenByVoters", host, telling, [.. telling.Where(v => !member.SeenHealthyBy.Contains(v))], from => $"the voter {from} does not see {host} healthy: check the network from {from} to it");
        yield return Sight("SeesVoters", host, voters, [.. voters.Where(v => !observed.Member(v).SeenHealthyBy.Contains(host))], to => $"{host} does not see the voter {to} healthy: check the network from {host} to it");
        var (theirs, ours) = (member.FeatureCompatibilityVersion, observed.Primary is { } p ? observed.Member(p).FeatureCompatibilityVersion : null);
        yield return Finding.Of(
            "FeatureCompatibilityVersion",
            host,
            theirs is null || ours is null ? null : theirs == ours,
            theirs,
            ours,
            () => new Blocker(PlanReasons.MemberNotReady, $"{host} has feature compatibility version {theirs}, the primary {ours}: it is not caught up with that change yet"));
        if (mayBePrimary)
        {
            yield return OplogSize(observed, policy, member);
        }
    }

    private static Finding Sight(string check, string host, List<string> voters, List<string> blind, Func<string, string> words) => Finding.Of(
        check, host, $"{voters.Count - blind.Count} of {voters.Count}", null, blind.Count == 0 ? null : new Blocker(PlanReasons.MemberNotReady, words(blind[0])));

    private static Finding OplogSize(ObservedReplicaSet observed, PlanningPolicy policy, ObservedMember member)
    {
        var primary = observed.Primary is { } p ? observed.Member(p) : null;
        var reach = OplogReach.Of(member, primary);
        return Finding.Of(
            "OplogSize",
            member.Host,
            reach is { } r ? r >= policy.MinOplogWindow : null,
            member.OplogCapacityBytes is null ? null : $"{Buckets.Bytes(member.OplogCapacityBytes)}{(reach is null ? "" : $", reaches back {Buckets.Window(reach)}")}",
            new Crds.V1Alpha1.Duration(policy.MinOplogWindow).ToString(),
            () => new Blocker(
                PlanReasons.MemberPreflightFailed,
                $"the oplog of {member.Host} is too small: at the present rate of writes it would reach back {Buckets.Window(reach)}, and a member that may become primary needs {policy.MinOplogWindow.TotalHours:0.##} h (reconfiguration.minOplogWindow): enlarge it with replSetResizeOplog",
                NeedsPerson: true));
    }
}

/// <summary>How far back an oplog reaches once it is full.</summary>
internal static class OplogReach
{
    private static readonly TimeSpan Most = TimeSpan.FromDays(3650);

    /// <summary>
    /// What the member's oplog may hold over the rate at which the primary's fills, or how long it keeps entries whatever the size, whichever is
    /// more: with a retention set the used oplog may be larger than its size (manual: Minimum Oplog Retention Period). Null: not known.
    /// </summary>
    public static TimeSpan? Of(ObservedMember? member, ObservedMember? primary) =>
        BySize(member, primary) is { } bySize ? member!.OplogRetention > bySize ? member.OplogRetention : bySize : member?.OplogRetention;

    private static TimeSpan? BySize(ObservedMember? member, ObservedMember? primary) =>
        member?.OplogCapacityBytes is { } capacity && primary is { OplogUsedBytes: > 0 and var used, OplogWindow: { Ticks: > 0 } window }
            ? Durations.OfSeconds(Math.Min(Most.TotalSeconds, capacity / (used / window.TotalSeconds)))
            : null;
}
