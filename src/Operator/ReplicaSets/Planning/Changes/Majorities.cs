using Modestano.Operator.ReplicaSets.Observation;

namespace Modestano.Operator.ReplicaSets.Planning.Changes;

/// <summary>R1 in figures: what a configuration needs and has.</summary>
internal static class Majorities
{
    /// <summary>What a configuration would lack; null: it has both majorities.</summary>
    public static Blocker? Missing(PlanContext context, ReplicaSetConfig proposed) => Missing(context.Observed, proposed, context.Policy);

    /// <summary>The same without a primary's context.</summary>
    public static Blocker? Missing(ObservedReplicaSet observed, ReplicaSetConfig proposed, PlanningPolicy policy)
    {
        var healthy = proposed.Voters.Where(v => Counts(observed, v, policy)).ToList();
        if (healthy.Count < proposed.ElectionMajority)
        {
            return new Blocker(
                PlanReasons.MajorityAtRisk,
                $"{proposed.Voters.Count()} voters need {proposed.ElectionMajority} healthy and caught-up ones for a primary, and there are {healthy.Count}: {Sick(healthy, proposed)}");
        }

        var dataBearing = healthy.Count(v => !v.ArbiterOnly);
        return dataBearing < proposed.WriteMajority
            ? new Blocker(
                PlanReasons.MajorityAtRisk,
                $"majority writes need {proposed.WriteMajority} caught-up data-bearing voters, and there are {dataBearing}: {Sick(healthy, proposed)}")
            : null;
    }

    /// <summary>Whether a voter counts: healthy and close; an arbiter that joins has nothing to catch up with, so that it answers is enough.</summary>
    public static bool Counts(ObservedReplicaSet observed, ConfigMember voter, PlanningPolicy policy)
    {
        var member = observed.Member(voter.Host);
        return voter.ArbiterOnly && observed.Config?.Find(voter.Host) is null ? member.Reachable : MemberHealth.IsCloseAndHealthy(observed, member, policy.MaxReplicationLag);
    }

    private static string Sick(List<ConfigMember> healthy, ReplicaSetConfig proposed) =>
        $"bring {NameList.Of(proposed.Voters.Where(v => !healthy.Contains(v)).Select(v => v.Host))} back";
}
