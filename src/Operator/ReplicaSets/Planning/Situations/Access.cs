using Modestano.Operator.ReplicaSets.Observation;

namespace Modestano.Operator.ReplicaSets.Planning.Situations;

/// <summary>A member may be well and the operator not able to look into it: that has other causes, and other cures, than a member that is down.</summary>
internal static class Access
{
    /// <summary>Why the primary cannot be asked; null: it can.</summary>
    public static PlanDecision? ToPrimary(ObservedReplicaSet observed, string primary)
    {
        var member = observed.Member(primary);
        if (ToMember(member, $"the primary {primary}") is { } refused)
        {
            return refused;
        }

        if (member is { Reachable: true, OwnStatus: OwnStatus.Member })
        {
            return null;
        }

        var witnesses = observed.PrimaryViews.Where(v => v.Primary == primary && v.Host != primary).Select(v => v.Host).Order(StringComparer.Ordinal).ToList();
        return new PlanDecision.Wait(
            PlanReasons.PrimaryNotReachable,
            $"the operator does not reach the primary {primary}{Because(member)}{(witnesses.Count == 0 ? "" : $", which {NameList.Of(witnesses)} see")}: check network, firewall and TLS between the operator and it. If it has just failed, an election follows");
    }

    /// <summary>A member that answers, is in a set by its own word, and does not let the operator look; null: it does, or is not there to ask.</summary>
    /// <param name="member">The member.</param>
    /// <param name="who">Its name in a sentence.</param>
    public static PlanDecision? ToMember(ObservedMember member, string who) => member switch
    {
        { OwnStatus: OwnStatus.Unauthorized } => new PlanDecision.Stalled(
            PlanReasons.NotAuthorized,
            $"{who} accepts the operator's login, which may not run replSetGetStatus there{Because(member)}: grant its user the roles of docs/replica-sets.md"),
        { OwnStatus: OwnStatus.LoginRequired, NamesNoSet: false } => new PlanDecision.Wait(
            PlanReasons.LoginRefused,
            $"{who} {(member.OwnSetName is { } set ? $"is in replica set {set}" : "names no replica set")} and does not accept the operator's login{Because(member)}: correct the Secret of spec.connection, or create its user with the roles of docs/replica-sets.md"),
        _ => null,
    };

    /// <summary>The first error of members, named; empty: none is known.</summary>
    public static string Why(IEnumerable<ObservedMember> members) =>
        members.OrderByDescending(m => m.Fault == ConnectionFault.Tls).FirstOrDefault(m => !string.IsNullOrEmpty(m.ConnectionError)) is { } member ? $" ({member.Host}: {member.ConnectionError})" : "";

    private static string Because(ObservedMember member) => string.IsNullOrEmpty(member.ConnectionError) ? "" : $" ({member.ConnectionError})";
}
