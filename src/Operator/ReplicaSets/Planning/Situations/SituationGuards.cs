using Modestano.Operator.ReplicaSets.Observation;

namespace Modestano.Operator.ReplicaSets.Planning.Situations;

/// <summary>Situations in which no step is taken, because it would be taken on a guess.</summary>
internal static class SituationGuards
{
    /// <summary>Whether a member of the set, or without one a wanted member, is something that this operator does not manage; null: none is.</summary>
    public static PlanDecision? NotSupported(PlanInput input)
    {
        var (observed, desired) = (input.Observed, input.Desired);
        var members = (observed.Config?.Members.Select(m => m.Host) ?? desired.Members.Select(m => m.Host)).Select(observed.Member).ToList();
        if (members.FirstOrDefault(m => m.NotSupportedAs is not null) is { } foreign)
        {
            return new PlanDecision.Stalled(
                PlanReasons.NotSupported,
                $"{foreign.Host} is {foreign.NotSupportedAs}: this operator manages replica sets of MongoDB's own mongod that belong to no sharded cluster. Correct the hosts of spec.regions, or delete this object");
        }

        return observed.Config is null && members.FirstOrDefault(IsStandalone) is { } standalone
            ? new PlanDecision.Stalled(
                PlanReasons.NotSupported,
                $"{standalone.Host} is a standalone ({(standalone.OwnStatus == OwnStatus.NoReplicationEnabled ? "replSetGetStatus: 76 NoReplicationEnabled" : "hello names no set and none to come")}): this operator manages replica sets. Restart it with --replSet {desired.SetName}, or correct the hosts of spec.regions")
            : null;
    }

    private static bool IsStandalone(ObservedMember member) =>
        member.OwnStatus == OwnStatus.NoReplicationEnabled || member is { OwnStatus: OwnStatus.LoginRequired, NamesNoSet: false, OwnSetName: null };

    /// <summary>Whether these members are the set that this object is about; null: they are.</summary>
    public static PlanDecision? WrongSet(PlanInput input)
    {
        var (observed, desired, history) = (input.Observed, input.Desired, input.History);
        if (observed.SetName is { } name && name != desired.SetName)
        {
            return new PlanDecision.Stalled(
                PlanReasons.WrongReplicaSet,
                $"the members belong to replica set {name}, spec.replicaSetName is {desired.SetName}: correct the hosts, or make a new object with the other name");
        }

        if (history.KnownReplicaSetId is { } known && observed.ReplicaSetId is { } seen && known != seen)
        {
            return new PlanDecision.Stalled(
                PlanReasons.WrongReplicaSet,
                $"the members now answer with replicaSetId {seen}, this object belongs to {known}: the hosts lead to another replica set of the same name; correct them");
        }

        return history.KnownReplicaSetId is null ? SeveralSets(input) : null;
    }

    // Which of two sets is meant is for a person to say: the bigger one would be a guess, and so would be the one that still answers.
    private static PlanDecision.Stalled? SeveralSets(PlanInput input)
    {
        var (observed, desired, history) = (input.Observed, input.Desired, input.History);
        var sets = desired.Members.Select(m => observed.Member(m.Host))
            .Where(m => m is { OwnStatus: OwnStatus.Member, OwnReplicaSetId: not null })
            .GroupBy(m => m.OwnReplicaSetId, m => m.Host)
            .OrderBy(set => set.Key, StringComparer.Ordinal)
            .ToList();
        if (sets.Count > 1)
        {
            return new PlanDecision.Stalled(
                PlanReasons.MemberOfAnotherSet,
                $"the members belong to {sets.Count} replica sets: {string.Join("; ", sets.Select(set => $"{NameList.Of(set)} to replicaSetId {set.Key}"))}. Leave the hosts of one set in spec.regions, with members that were never initiated");
        }

        var silent = desired.Members.Select(m => m.Host).Where(h => observed.Member(h).OwnStatus == OwnStatus.NotAnswered).ToList();
        return history.SawSeveralSets && silent.Count > 0
            ? new PlanDecision.Stalled(
                PlanReasons.MemberOfAnotherSet,
                $"the members belonged to several replica sets, and {NameList.Of(silent)} cannot be asked now: bring them back, or leave the hosts of one set in spec.regions, with members that answer")
            : null;
    }

    /// <summary>Whether there is one primary, seen by a majority, with a committed configuration; null: there is.</summary>
    public static PlanDecision? NoFirmGround(PlanInput input)
    {
        var observed = input.Observed;
        var config = observed.Config!;
        if (observed.Primary is not { } primary)
        {
            return NoPrimary(observed, config);
        }

        if (config.Find(primary) is null)
        {
            return new PlanDecision.Wait(PlanReasons.SplitView, $"the primary {primary} is not in the configuration that was read: observing again");
        }

        if (Access.ToPrimary(observed, primary) is { } closed)
        {
            return closed;
        }

        var views = observed.PrimaryViews.Where(v => config.Find(v.Host) is { IsVoter: true }).ToList();
        if (views.FirstOrDefault(v => v.Primary == v.Host && v.Host != primary) is { } other)
        {
            return new PlanDecision.Wait(PlanReasons.SplitView, $"both {primary} and {other.Host} take themselves for the primary: one of them is about to step down, or the network is split");
        }

        // An arbiter that cannot be read is on neither side.
        var telling = config.Voters.Count(v => !v.ArbiterOnly || views.Any(view => view.Host == v.Host));
        if (views.Count(v => v.Primary == primary) < (telling / 2) + 1)
        {
            return new PlanDecision.Wait(PlanReasons.SplitView, $"no majority of the voters takes {primary} for the primary: {NameList.Of(views.Where(v => v.Primary != primary).Select(v => $"{v.Host} sees {v.Primary ?? "none"}"))}");
        }

        return config.IsCommitted
            ? null
            : new PlanDecision.Wait(PlanReasons.ConfigNotCommitted, "the configuration in force is not on a majority of the voters yet");
    }

    private static PlanDecision.Wait NoPrimary(ObservedReplicaSet observed, ReplicaSetConfig config)
    {
        var voters = config.Voters.ToList();
        var answering = voters.Count(v => observed.Member(v.Host).Reachable);
        var silent = voters.Select(v => observed.Member(v.Host)).Where(m => !m.Reachable).ToList();
        return new PlanDecision.Wait(
            PlanReasons.NoPrimary,
            answering < config.ElectionMajority
                ? $"there is no primary and no majority: {answering} of {voters.Count} voters answer, {config.ElectionMajority} are needed. Bring {NameList.Of(silent.Select(m => m.Host))} back{Access.Why(silent)}, or, if they are stopped for good, see spec.recovery"
            : voters.FirstOrDefault(v => observed.Member(v.Host) is { Reachable: true, State: MemberState.Primary }) is { } elected
                ? $"{elected.Host} was elected and takes no writes before it has caught up with what other members have. If that does not end, look at rs.status() there; replSetAbortPrimaryCatchUp ends it, and what only others have is rolled back"
                : $"there is no primary; {answering} of {voters.Count} voters answer, which is a majority: an election should follow");
    }
}
