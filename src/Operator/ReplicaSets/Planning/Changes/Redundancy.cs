using Modestano.Operator.ReplicaSets.Observation;

namespace Modestano.Operator.ReplicaSets.Planning.Changes;

/// <summary>R9: a removal never lowers the number of healthy data-bearing members under what the topology asks for.</summary>
internal static class Redundancy
{
    /// <summary>Whether going from one configuration to the other keeps it. Of whom the primary has not heard yet may be one of the healthy ones.</summary>
    public static bool Allows(PlanContext context, ReplicaSetConfig from, ReplicaSetConfig to) =>
        Healthy(context, to) >= Asked(context) || !from.Members.Any(m => !m.ArbiterOnly && to.Find(m.Host) is null && context.MayBeWell(m.Host));

    /// <summary>Why the member does not leave yet.</summary>
    public static Blocker Blocker(PlanContext context, string host) => new(
        PlanReasons.RedundancyAtRisk,
        $"{host} stays until {Asked(context)} other data-bearing members are healthy: {NameList.Of(Missing(context))} not yet");

    private static int Asked(PlanContext context) => context.Rest.Members.Count(r => !r.ArbiterOnly);

    private static int Healthy(PlanContext context, ReplicaSetConfig config) => config.Members.Count(m => !m.ArbiterOnly && context.IsClose(m.Host));

    private static IEnumerable<string> Missing(PlanContext context) => context.Rest.Members.Where(r => !r.ArbiterOnly && !context.IsClose(r.Host)).Select(r => r.Host);
}
