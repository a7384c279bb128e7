namespace Modestano.Operator.ReplicaSets.Observation;

/// <summary>When a member counts as healthy: the questions that several rules ask, answered in one place.</summary>
public static class MemberHealth
{
    // The primary's lastHeartbeatMessage, MongoDB's words.
    private const string IdsDoNotMatch = "replica set IDs do not match";

    /// <summary>
    /// Healthy and close at this moment: PRIMARY, SECONDARY or ARBITER in the primary's eyes, answers the operator itself, not too stale and, where it
    /// replicates, not further behind than the limit and its configured delay.
    /// </summary>
    public static bool IsCloseAndHealthy(ObservedReplicaSet observed, ObservedMember member, TimeSpan maxLag)
    {
        if (member.Healthy != true || !AnswersItself(member) || member.TooStale || observed.Config?.Find(member.Host) is not { } config)
        {
            return false;
        }

        return member.State switch
        {
            MemberState.Arbiter => true,
            MemberState.Primary when member.Host == observed.Primary => true,

            // Until a new primary hears of the old one, it takes it for PRIMARY: that one may well have fallen behind.
            MemberState.Primary or MemberState.Secondary => member.Lag is { } lag && lag <= maxLag + TimeSpan.FromSeconds(config.SecondaryDelaySecs),
            _ => false,
        };
    }

    /// <summary>
    /// Healthy and close, or the primary has not heard of it yet, as after its own start: nobody knows, and nothing is taken from a member, or
    /// taken away with it, because nobody knows. The first heartbeat decides, within its time limit.
    /// </summary>
    public static bool MayBeWell(ObservedReplicaSet observed, ObservedMember member, TimeSpan maxLag) =>
        IsCloseAndHealthy(observed, member, maxLag) || (member.Healthy is null && observed.Config?.Find(member.Host) is not null);

    /// <summary>
    /// Whether a member of the configuration holds another set's data: it joins without complaint, and then its heartbeats are refused (seen; the
    /// set's name may well be the same).
    /// </summary>
    public static bool IsOfAnotherSet(ObservedReplicaSet observed, ObservedMember member) =>
        (member.Healthy == false && member.Message?.Contains(IdsDoNotMatch, StringComparison.Ordinal) == true)
        || (member.OwnReplicaSetId is { } own && observed.ReplicaSetId is { } ours && own != ours);

    /// <summary>Whether it answers, and not something else under its name: a member that a primary hears of has a configuration.</summary>
    private static bool AnswersItself(ObservedMember member) =>
        member is { Reachable: true, Stranger: null, OwnStatus: not (OwnStatus.NotYetInitialized or OwnStatus.Removed or OwnStatus.NoReplicationEnabled) };

    /// <summary>Whether a voter can tell whom it sees healthy. An arbiter that cannot be read, as one under authorization, is never waited for to see anybody (R8).</summary>
    public static bool TellsWhomItSees(ObservedReplicaSet observed, ConfigMember voter) => !voter.ArbiterOnly || observed.Member(voter.Host).OwnStatus == OwnStatus.Member;

    /// <summary>Whether it has been healthy and close for the whole window.</summary>
    public static bool IsSteady(ObservedReplicaSet observed, ObservedMember member, TimeSpan window) =>
        member.SteadySince is { } since && observed.At - since >= window;
}
