using System.Globalization;
using Modestano.Operator.ReplicaSets.Observation;

namespace Modestano.Operator.ReplicaSets.Planning.Admission;

/// <summary>
/// The feature compatibility version of the set and what a binary can hold. A binary knows its own release and the one before: with data of a
/// newer or a much older version its initial sync fails whatever is done (manual: setFeatureCompatibilityVersion; Upgrade a Replica Set).
/// </summary>
internal static class FeatureVersions
{
    /// <summary>Whether a member that is to be added can copy the set's data.</summary>
    public static Finding OfBinary(ObservedMember member, ObservedMember? primary)
    {
        var version = Numbers(primary?.FeatureCompatibilityVersion);
        var passed = version is { } set && OfRelease(member) is { } binary
            ? binary.CompareTo(set) >= 0 && binary.Major - set.Major <= 1
            : (bool?)null;
        return Finding.Of(
            "FeatureCompatibilityVersion",
            member.Host,
            passed,
            Release.Words(member),
            version is null ? null : $"a binary that can hold {primary!.FeatureCompatibilityVersion}",
            () => new Blocker(
                PlanReasons.MemberPreflightFailed,
                $"{member.Host} runs MongoDB {Release.Words(member)}, and the set's feature compatibility version is {primary!.FeatureCompatibilityVersion}, which that binary cannot copy: install a release from {primary.FeatureCompatibilityVersion} to the next major one on {member.Host}",
                NeedsPerson: true));
    }

    /// <summary>Whether the version is just being changed: an initial sync fails meanwhile, and a step-down interrupts the change; null: it is not.</summary>
    public static Blocker? Changing(ObservedReplicaSet observed) =>
        observed.Primary is { } primary && observed.Member(primary) is { FeatureCompatibilityTarget: { } target } member
            ? new Blocker(
                PlanReasons.FeatureVersionChanging,
                $"the feature compatibility version is being changed from {member.FeatureCompatibilityVersion} to {target}: members are added, and votes and primary change, when that is done. If it was interrupted, run setFeatureCompatibilityVersion again on the primary")
            : null;

    /// <summary>The major number of the version that a member has; null: not known.</summary>
    public static int? Major(ObservedMember member) => Numbers(member.FeatureCompatibilityVersion)?.Major;

    /// <summary>By <c>buildInfo</c>, else by the wire version: 4.4 speaks up to 9, 4.9 to 12, 5.0 to 13, 5.1 to 14, 6.0 to 17, and so on.</summary>
    private static (int Major, int Minor)? OfRelease(ObservedMember member) => Numbers(member.Version)
        ?? (member.MaxWireVersion is not { } wire ? null : wire >= 13 ? (5 + ((wire - 13) / 4), (wire - 13) % 4) : wire >= 9 ? (4, 4 + ((wire - 9) * 5 / 3)) : (4, 0));

    private static (int Major, int Minor)? Numbers(string? version) => version?.Split('.') is [var major, var minor, ..]
        && int.TryParse(major, NumberStyles.None, CultureInfo.InvariantCulture, out var m)
        && int.TryParse(minor, NumberStyles.None, CultureInfo.InvariantCulture, out var n)
            ? (m, n)
            : null;
}
