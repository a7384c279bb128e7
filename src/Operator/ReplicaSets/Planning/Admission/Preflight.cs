using System.Globalization;
using Modestano.Operator.ReplicaSets.Observation;
using Modestano.Operator.ReplicaSets.Topology;

namespace Modestano.Operator.ReplicaSets.Planning.Admission;

/// <summary>What is checked of a member before it is added. Nothing of it needs a login on that member: one that was never initialised has no users.</summary>
internal static class Preflight
{
    /// <summary>The checks in order; the first that failed is what is waited for.</summary>
    /// <param name="observed">The set.</param>
    /// <param name="wanted">The member.</param>
    /// <param name="policy">The limits.</param>
    /// <param name="stays">Whether a member of the configuration is still wanted.</param>
    public static IEnumerable<Finding> Of(ObservedReplicaSet observed, DesiredMember wanted, PlanningPolicy policy, Func<string, bool> stays)
    {
        var member = observed.Member(wanted.Host);
        var refused = MemberAdmission.RightSet(member, observed, wanted.AttestedUninitialised);
        yield return Finding.Of("Reachable", wanted.Host, Buckets.Ping(member.Ping), null, member.Reachable ? null : refused);
        if (!member.Reachable)
        {
            yield break;
        }

        yield return Finding.Of("NoOtherSet", wanted.Host, Answer(member, refused), "NotYetInitialized, or Removed from this set", refused);
        var primary = observed.Primary is { } host ? observed.Member(host) : null;
        yield return Version(member, primary);
        yield return FeatureVersions.OfBinary(member, primary);
        yield return Clock(member, policy);
        if (!wanted.ArbiterOnly)
        {
            yield return InitialSyncFit.Time(wanted.Host, observed, primary, policy);
            yield return InitialSyncFit.Disk(member, observed, policy);
        }

        // The last one: where it is what is left, the arbiter that leaves makes room.
        foreach (var finding in OneArbiter.Of(observed, wanted, stays))
        {
            yield return finding;
        }
    }

    private static string Answer(ObservedMember member, Blocker? refused) =>
        member.OwnStatus == OwnStatus.LoginRequired && refused is null ? "NotYetInitialized by a person's word (uninitialised: true)" : member.OwnStatus.ToString();

    // Members may be one release apart, for upgrades (manual: Upgrade a Replica Set).
    private static Finding Version(ObservedMember member, ObservedMember? primary)
    {
        var (theirs, ours) = (Release.Of(member), Release.Of(primary));
        return Finding.Of(
            "ServerVersion",
            member.Host,
            theirs is { } t && ours is { } o ? Math.Abs(t - o) <= 1 : null,
            Release.Words(member),
            $"one release from {Release.Words(primary) ?? "the primary's"}",
            () => new Blocker(PlanReasons.MemberPreflightFailed, $"{member.Host} runs MongoDB {Release.Words(member)}, the primary {Release.Words(primary)}: install a release that is at most one apart", NeedsPerson: true));
    }

    private static Finding Clock(ObservedMember member, PlanningPolicy policy) => Finding.Of(
        "ClockDifference",
        member.Host,
        member.ClockSkew is { } skew ? skew.Duration() <= policy.MaxClockSkew : null,
        Buckets.Lag(member.ClockSkew?.Duration()),
        $"{policy.MaxClockSkew.TotalSeconds:0}s",
        () => new Blocker(PlanReasons.MemberPreflightFailed, $"the clock of {member.Host} differs from the primary's by more than {policy.MaxClockSkew.TotalSeconds:0} s: set up NTP on it", NeedsPerson: true));
}

/// <summary>Major releases, counted: 4.4, 5.0, 6.0, 7.0, 8.0; rapid releases between them count to their major one.</summary>
internal static class Release
{
    /// <summary>The release by <c>buildInfo</c>, else by the wire version of <c>hello</c>; null: not known.</summary>
    public static int? Of(ObservedMember? member)
    {
        if (member?.Version?.Split('.') is [var major, var minor, ..] && int.TryParse(major, NumberStyles.None, CultureInfo.InvariantCulture, out var m))
        {
            return m == 4 && minor is not ("4" or "9") ? 3 : m;
        }

        // 4.4 speaks up to 9, 5.0 to 13, 6.0 to 17, 7.0 to 21, 8.0 to 25.
        return member?.MaxWireVersion is { } wire ? wire < 9 ? 3 : 4 + ((wire - 9) / 4) : null;
    }

    /// <summary>For a person; null: not known.</summary>
    public static string? Words(ObservedMember? member) => member?.Version ?? (member?.MaxWireVersion is { } wire ? $"of wire version {wire}" : null);
}
