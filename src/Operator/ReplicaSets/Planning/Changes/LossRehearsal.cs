using Modestano.Operator.ReplicaSets.Observation;

namespace Modestano.Operator.ReplicaSets.Planning.Changes;

/// <summary>
/// What a recovery (R6) from the loss of a region would do to the implicit default write concern, looked at while there is still a primary to
/// make it explicit on: afterwards MongoDB refuses the forced reconfig, and nobody can set a default.
/// </summary>
internal static class LossRehearsal
{
    /// <summary>The configuration without voters that are stopped: those with data stay without vote, arbiters leave, as an arbiter must vote.</summary>
    public static ReplicaSetConfig Without(ReplicaSetConfig config, IReadOnlyCollection<string> stopped) => config with
    {
        Members = [.. config.Members.Select(m => stopped.Contains(m.Host) ? (m.ArbiterOnly ? null : m with { Votes = 0, Priority = 0, Hidden = true }) : m).OfType<ConfigMember>()],
    };

    /// <summary>The regions whose loss takes the majority, and after which a forced reconfig would change the implicit default; none where it is explicit.</summary>
    public static IReadOnlyList<string> RegionsAtRisk(ObservedReplicaSet observed, Func<ConfigMember, string> regionOf)
    {
        if (observed is not { Config: { } config, Primary: { } primary } || !config.Members.Any(m => m.ArbiterOnly))
        {
            return [];
        }

        return
        [
            .. config.Voters.GroupBy(regionOf)
                .Where(lost => lost.Key.Length > 0
                    && config.Voters.Count() - lost.Count() < config.ElectionMajority
                    && config.Voters.Except(lost).Any(v => v.IsElectable)
                    && ImplicitDefault.Change(observed, primary, config, Without(config, [.. lost.Select(v => v.Host)])) is not null)
                .Select(lost => lost.Key)
                .Order(StringComparer.Ordinal),
        ];
    }
}
