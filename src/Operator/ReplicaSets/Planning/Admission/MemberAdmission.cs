using Modestano.Operator.ReplicaSets.Observation;
using Modestano.Operator.ReplicaSets.Topology;

namespace Modestano.Operator.ReplicaSets.Planning.Admission;

/// <summary>What is checked before a member is added: mostly R8, as a member of another set of the same name joins without complaint (seen).</summary>
internal static class MemberAdmission
{
    /// <summary>Why the member cannot be added; null: it can.</summary>
    public static Blocker? Check(PlanContext context, RestMember wanted) => context.Desired.Find(wanted.Host) is { } desired
        ? Preflight.Of(context.Observed, desired, context.Policy, h => context.Rest.Find(h) is not null).Select(f => f.Blocker).FirstOrDefault(b => b is not null) ?? FeatureVersions.Changing(context.Observed)
        : throw new ArgumentException($"{wanted.Host} is not in the spec, so it is not added", nameof(wanted));

    /// <summary>R8: only a member that never was in a set, or that was removed from ours.</summary>
    /// <param name="member">The member.</param>
    /// <param name="observed">The set.</param>
    /// <param name="attested">A person's word that it was never initialised. Counts only where the member itself cannot tell: what it answers wins.</param>
    public static Blocker? RightSet(ObservedMember member, ObservedReplicaSet observed, bool attested)
    {
        var host = member.Host;
        if (!member.Reachable)
        {
            return new Blocker(PlanReasons.MemberUnreachable, $"{host} cannot be added: the operator does not reach it{Because(member.ConnectionError)}");
        }

        if (member.NotSupportedAs is { } foreign)
        {
            return new Blocker(PlanReasons.NotSupported, $"{host} cannot be added: it is {foreign}, no replica-set member that this operator manages: correct the host", NeedsPerson: true);
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
            OwnStatus.Arbiter => new Blocker(
                PlanReasons.MemberOfAnotherSet,
                $"{host} cannot be added: its hello says that it is an arbiter of replica set {member.OwnSetName ?? "(unnamed)"} already; one that was just removed says so for some seconds. Else give it an empty data directory, or correct the host",
                NeedsPerson: true),
            OwnStatus.NoReplicationEnabled => new Blocker(
                PlanReasons.NotAReplicaSetMember, $"{host} runs without --replSet: start it with --replSet {observed.SetName} and an empty data directory", NeedsPerson: true),
            OwnStatus.Unauthorized => new Blocker(
                PlanReasons.MemberNotVerified, $"{host} cannot be added: it knows the operator's user, which may not run replSetGetStatus there (13): grant it clusterManager and clusterMonitor on {host}", NeedsPerson: true),
            OwnStatus.LoginRequired when !member.NamesNoSet => new Blocker(
                PlanReasons.MemberOfAnotherSet,
                $"{host} cannot be added: it does not accept the operator's login, and its hello names replica set {member.OwnSetName ?? "(none, it runs without --replSet)"}, so it is no fresh member: give it an empty data directory, or correct the host",
                NeedsPerson: true),
            OwnStatus.LoginRequired when attested => null,
            OwnStatus.LoginRequired => new Blocker(
                PlanReasons.MemberNotVerified,
                $"{host} cannot be added: it does not know the operator's user (18, or 11 for a certificate), without a login replSetGetStatus answers 13 and hello names no set, so whether it was ever in one cannot be told from here. Either create the operator's user on it through the localhost exception (docs/replica-sets.md tells how), or, if you know that it was never initialised, set uninitialised: true on this member in the spec",
                NeedsPerson: true),
            _ => new Blocker(PlanReasons.MemberUnreachable, $"{host} cannot be added: its replSetGetStatus gave no usable answer{Because(member.ConnectionError)}"),
        };
    }

    /// <summary>A member of the configuration turned out to hold another set's data: nothing is removed on a guess; null: none.</summary>
    public static Blocker? OtherSet(PlanContext context, string host) => MemberHealth.IsOfAnotherSet(context.Observed, context.Observed.Member(host))
        ? new Blocker(
            PlanReasons.MemberOfAnotherSet,
            $"{host} was added and holds the data of another replica set{(context.Observed.Member(host).Message is { } words ? $" ({words})" : "")}: it stays as it is until a person decides. Take it out of the spec, which removes it; give it an empty data directory before it is added again",
            NeedsPerson: true)
        : null;

    private static string Because(string? error) => string.IsNullOrEmpty(error) ? "" : $" ({error})";
}
