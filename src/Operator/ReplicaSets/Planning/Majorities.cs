using Modestano.Operator.ReplicaSets.Observation;

namespace Modestano.Operator.ReplicaSets.Planning;

/// <summary>R1 in figures: what a configuration needs and has.</summary>
internal static class Majorities
{
    /// <summary>What a configuration would lack; null: it has both majorities.</summary>
    public static Blocker? Missing(PlanContext context, ReplicaSetConfig proposed) => Missing(context.Observed, proposed, context.Policy);

    /// <summary>The same without a primary's context.</summary>
    public static Blocker? Missing(ObservedReplicaSet observed, ReplicaSetConfig proposed, PlanningPolicy policy)
    {
        var healthy = proposed.Voters.Where(v => MemberHealth.IsCloseAndHealthy(observed, observed.Member(v.Host), policy.MaxReplicationLag)).ToList();
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

    private static string Sick(List<ConfigMember> healthy, ReplicaSetConfig proposed) =>
        $"bring {SituationGuards.Names(proposed.Voters.Where(v => !healthy.Contains(v)).Select(v => v.Host))} back";
}
