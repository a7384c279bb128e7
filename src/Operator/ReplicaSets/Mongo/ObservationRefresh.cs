using Modestano.Operator.ReplicaSets.Observation;

namespace Modestano.Operator.ReplicaSets.Mongo;

/// <summary>
/// At rest only the primary is asked: it sees every member. What only a member itself can tell is carried over from the pass that asked
/// everybody, as long as nothing has changed. Pure.
/// </summary>
public static class ObservationRefresh
{
    /// <summary>Lays all of the primary's answers over the observation before.</summary>
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

    /// <summary>Lays the primary's <c>replSetGetStatus</c> alone over the observation before.</summary>
    /// <param name="before">The observation before.</param>
    /// <param name="primary">The answer of <see cref="ObservationReach.StatusOnly"/>.</param>
    /// <returns>Null where anything moved, or nothing was answered: then everybody has to be asked.</returns>
    public static ObservedReplicaSet? Merge(ObservedReplicaSet before, MemberReplies primary)
    {
        ArgumentNullException.ThrowIfNull(before);
        ArgumentNullException.ThrowIfNull(primary);
        if (before.Config is not { IsCommitted: true } config || primary.Status.Document is not { } status)
        {
            return null;
        }

        var self = status.Self();
        var stillTheSame = status.Whole("myState") == (int)MemberState.Primary
            && status.Text("set") == before.SetName && self.Text("name") == before.Primary
            && status.Whole("term") == before.Term
            && (self.Whole("configVersion"), self.Whole("configTerm")) == (config.Version, config.Term);
        if (!stillTheSame)
        {
            return null;
        }

        var members = before.Members.ToDictionary(StringComparer.Ordinal);
        foreach (var host in config.Members.Select(m => m.Host))
        {
            var now = MemberReader.Read(host, null, primary, null, stranger: null);
            if (now is not { Healthy: true } || now.State != before.Member(host).State)
            {
                return null;
            }

            members[host] = Merge(before.Member(host), now) with { Ping = host == primary.Host ? primary.Ping : before.Member(host).Ping };
        }

        return before with { At = primary.At, Members = members };
    }

    /// <summary>Whether the primary's word could do for all members next time: there is one, and in its eyes all are well.</summary>
    public static bool SufficesThePrimary(ObservedReplicaSet observed)
    {
        ArgumentNullException.ThrowIfNull(observed);
        return observed is { Primary: not null, Config: { IsCommitted: true } config } && config.Members.All(m => observed.Member(m.Host).Healthy == true);
    }

    /// <summary>Whether status would tell the same of two observations of which the second is laid over the first.</summary>
    public static bool TellsTheSame(ObservedReplicaSet before, ObservedReplicaSet now)
    {
        ArgumentNullException.ThrowIfNull(before);
        ArgumentNullException.ThrowIfNull(now);
        return now.Members.Values.All(m => before.Members.TryGetValue(m.Host, out var old)
            && Buckets.Lag(m.Lag) == Buckets.Lag(old.Lag)
            && m.SyncSource == old.SyncSource
            && m.Message == old.Message);
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
