using Modestano.Operator.ReplicaSets.Observation;
using Modestano.Operator.ReplicaSets.Topology;

namespace Modestano.Operator.ReplicaSets.Planning.Admission;

/// <summary>
/// From 5.3 on a set has at most one arbiter, unless every member was started with <c>allowMultipleArbiters</c> (manual: Replica Set Arbiter). Each
/// member looks at each configuration, so one that was not is enough for a refusal.
/// </summary>
internal static class OneArbiter
{
    /// <summary>Whether a member of the set refuses a second arbiter.</summary>
    public static bool Applies(ObservedReplicaSet observed) => Refusing(observed) is not null;

    /// <summary>Whether there is room for an arbiter; none: it is the first.</summary>
    /// <param name="observed">The set.</param>
    /// <param name="wanted">The arbiter.</param>
    /// <param name="stays">Whether an arbiter of the configuration is still wanted.</param>
    public static IEnumerable<Finding> Of(ObservedReplicaSet observed, DesiredMember wanted, Func<string, bool> stays)
    {
        var others = observed.Config?.Members.Where(m => m.ArbiterOnly && m.Host != wanted.Host).Select(m => m.Host).ToList() ?? [];
        if (!wanted.ArbiterOnly || others.Count == 0)
        {
            yield break;
        }

        var (refusing, leaving) = (Refusing(observed), others.FirstOrDefault(h => !stays(h)));
        yield return Finding.Of(
            nameof(OneArbiter),
            wanted.Host,
            refusing is null ? observed.Config!.Members.Where(m => m.IsDataBearing).All(m => observed.Member(m.Host).FeatureCompatibilityVersion is not null) ? true : null : false,
            $"{others.Count + 1} arbiters",
            refusing is null ? null : "1",
            () => leaving is not null && others.Count == 1
                ? new Blocker(PlanReasons.OneArbiter, $"{wanted.Host} becomes an arbiter when {leaving} has left: {refusing} takes no configuration with two (allowMultipleArbiters: false)")
                : new Blocker(
                    PlanReasons.OneArbiter,
                    $"{wanted.Host} has arbiterOnly: true in the spec and would be arbiter number {others.Count + 1}, beside {string.Join(", ", others)}; allowed is 1, as {refusing} was started without allowMultipleArbiters (the default from MongoDB 5.3 on). Set arbiterOnly: true on one member only; or start every member with --setParameter allowMultipleArbiters=true, which MongoDB advises against",
                    NeedsPerson: true));
    }

    private static string? Refusing(ObservedReplicaSet observed) => observed.Config?.Members.Select(m => m.Host).FirstOrDefault(h => observed.Member(h).AllowsMultipleArbiters == false);
}
