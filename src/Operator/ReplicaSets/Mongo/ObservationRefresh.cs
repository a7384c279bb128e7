using Modestano.Operator.ReplicaSets.Observation;

namespace Modestano.Operator.ReplicaSets.Mongo;

/// <summary>
/// At rest only the primary is asked: it sees every member. What only a member itself can tell is carried over from the pass that asked
/// everybody, as long as nothing has changed. Pure.
/// </summary>
public static class ObservationRefresh
{
    /// <summary>Lays the primary's answer over the observation before.</summary>
    /// <param name="before">The observation before; every member's own answers are in it.</param>
    /// <param name="glance">An observation made of the primary's answer alone.</param>
    /// <returns>Null where anything moved: then everybody has to be asked.</returns>
    public static ObservedReplicaSet? Merge(ObservedReplicaSet before, ObservedReplicaSet glance)
    {
        ArgumentNullException.ThrowIfNull(before);
        ArgumentNullException.ThrowIfNull(glance);
        var stillTheSame = glance.Primary is not null
            && glance.Primary == before.Primary
            && glance.Term == before.Term
            && glance.ReplicaSetId == before.ReplicaSetId
            && glance.Config is { IsCommitted: true } config
            && (config.Version, config.Term) == (before.Config?.Version, before.Config?.Term)
            && config.Members.All(m => glance.Member(m.Host) is { Healthy: true } now && now.State == before.Member(m.Host).State);
        return stillTheSame
            ? glance with
            {
                Members = before.Members.ToDictionary(m => m.Key, m => m.Key == glance.Primary ? glance.Member(m.Key) with { SeenHealthyBy = m.Value.SeenHealthyBy } : Merge(m.Value, glance.Member(m.Key)), StringComparer.Ordinal),
                PrimaryViews = before.PrimaryViews,
            }
            : null;
    }

    private static ObservedMember Merge(ObservedMember before, ObservedMember glance) => before with
    {
        State = glance.State == MemberState.Unknown ? before.State : glance.State,
        Healthy = glance.Healthy,
        HeartbeatPing = glance.HeartbeatPing,
        Lag = glance.Lag,
        SyncSource = glance.SyncSource,
        Message = glance.Message,
    };
}
