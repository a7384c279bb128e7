using Modestano.Operator.ReplicaSets.Observation;

namespace Modestano.Operator.ReplicaSets.Planning.Situations;

/// <summary>A set that nobody has initiated. Initiated with one member, which is primary at once; the others are added like any newcomer (seen: three at once take an election timeout).</summary>
internal static class Bootstrap
{
    /// <summary>Initiates, waits, or says what is needed; null: the set has a configuration.</summary>
    public static PlanDecision? Decide(PlanInput input) => input.Observed.Config is null ? Begin(input) : null;

    private static PlanDecision Begin(PlanInput input)
    {
        var (observed, desired, rest) = (input.Observed, input.Desired, input.Rest);
        var members = rest.Members.Select(r => observed.Member(r.Host)).ToList();
        var all = observed.Members.Values.OrderBy(m => m.Host, StringComparer.Ordinal).ToList();
        if (all.TrueForAll(m => !m.Reachable))
        {
            return all.Exists(m => m.Fault == ConnectionFault.Tls)
                ? new PlanDecision.Wait(PlanReasons.TlsFailed, $"no member of {desired.SetName} can be asked, as TLS does not come about{Access.Why(all)}: correct spec.connection.tls and its Secrets, or the members' certificates")
                : new PlanDecision.Wait(PlanReasons.NoMemberAnswers, $"no member of {desired.SetName} answers: check hosts, network, TLS and credentials{Access.Why(all)}");
        }

        // That a set is known makes no difference: whoever refuses to tell may well know it.
        if (all.Select(m => Access.ToMember(m, m.Host)).FirstOrDefault(d => d is not null) is { } closed)
        {
            return closed;
        }

        if (input.History.KnownReplicaSetId is { } known)
        {
            return new PlanDecision.Wait(PlanReasons.NoMemberAnswers, $"no member that answers knows replica set {known} any more: nothing is initiated over a set that existed; bring its members back");
        }

        if (members.All(m => m.OwnStatus == OwnStatus.NotYetInitialized))
        {
            var first = rest.Members.First(r => r.Region == rest.PrimaryRegion && r.IsElectable);
            return desired.MayInitiate
                ? new PlanDecision.Act(new Initiate
                {
                    Summary = $"initiate {desired.SetName} with {first.Host}",
                    SetName = desired.SetName,
                    Member = new ConfigMember { Id = 0, Host = first.Host, Priority = first.Priority, Tags = first.Tags, Horizons = first.Horizons ?? new Dictionary<string, string>() },
                })
                : new PlanDecision.Stalled(PlanReasons.NotInitialized, $"no member of {desired.SetName} is initialised: set bootstrap: Initiate, or initiate it by hand");
        }

        // An initiation needs a login, so a person's attestation is of no use here.
        if (members.FirstOrDefault(m => m is { OwnStatus: OwnStatus.LoginRequired, NamesNoSet: true }) is { } blind)
        {
            return new PlanDecision.Stalled(
                PlanReasons.MemberNotVerified,
                $"nothing is initiated: {blind.Host} does not know the operator's user (18, or 11 for a certificate) and answers nobody else (13). Initiate {desired.SetName} on one member through the localhost exception and create the operator's user there, or create it on every member before");
        }

        // Of an arbiter under authorization its hello alone is known, and that names no replicaSetId.
        if (members.FirstOrDefault(m => m.OwnStatus == OwnStatus.Arbiter) is { } arbiter)
        {
            return new PlanDecision.Stalled(
                PlanReasons.MemberNotVerified,
                $"nothing is initiated: {arbiter.Host} is an arbiter of replica set {arbiter.OwnSetName}, and knows no users, so nothing else of that set can be learned from it. If that set is meant, name a data-bearing member of it in spec.regions; else give {arbiter.Host} an empty data directory");
        }

        return new PlanDecision.Wait(
            PlanReasons.Initializing,
            $"not every member answers as never initialised ({NameList.Of(members.Where(m => m.OwnStatus != OwnStatus.NotYetInitialized).Select(m => $"{m.Host}: {(m.Reachable ? m.OwnStatus.ToString() : "no answer")}"))}): nothing is initiated on a guess");
    }
}
