using Modestano.Operator.ReplicaSets.Observation;
using Modestano.Operator.ReplicaSets.Topology;

namespace Modestano.Operator.ReplicaSets.Planning.Situations;

/// <summary>A set that nobody has initiated. Initiated with one member, which is primary at once; the others are added like any newcomer (seen: three at once take an election timeout).</summary>
internal static class Bootstrap
{
    /// <summary>Initiates, waits, or says what is needed.</summary>
    public static PlanDecision Decide(ObservedReplicaSet observed, DesiredTopology desired, RestPlan rest, PlanningHistory history)
    {
        var members = rest.Members.Select(r => observed.Member(r.Host)).ToList();
        if (members.All(m => !m.Reachable))
        {
            return new PlanDecision.Wait(PlanReasons.NoMemberAnswers, $"no member of {desired.SetName} answers: check hosts, network, TLS and credentials{Errors(members)}");
        }

        if (members.FirstOrDefault(m => m.OwnStatus == OwnStatus.NoReplicationEnabled) is { } standalone)
        {
            return new PlanDecision.Stalled(PlanReasons.NotAReplicaSetMember, $"{standalone.Host} runs without --replSet: start it with --replSet {desired.SetName}");
        }

        if (history.KnownReplicaSetId is { } known)
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

        if (members.FirstOrDefault(m => m is { OwnStatus: OwnStatus.LoginRequired or OwnStatus.Unauthorized, NamesNoSet: false }) is { } locked)
        {
            return new PlanDecision.Wait(
                PlanReasons.LoginRefused,
                $"{locked.Host} is in replica set {locked.OwnSetName ?? desired.SetName} and does not let the operator look{(locked.ConnectionError is { } error ? $" ({error})" : "")}: correct the Secret of spec.connection, or give its user the roles of docs/replica-sets.md");
        }

        // An initiation needs a login, so a person's attestation is of no use here.
        if (members.FirstOrDefault(m => m is { OwnStatus: OwnStatus.LoginRequired, NamesNoSet: true }) is { } closed)
        {
            return new PlanDecision.Stalled(
                PlanReasons.MemberNotVerified,
                $"nothing is initiated: {closed.Host} does not know the operator's user (18) and answers nobody else (13). Initiate {desired.SetName} on one member through the localhost exception and create the operator's user there, or create it on every member before");
        }

        return new PlanDecision.Wait(
            PlanReasons.Initializing,
            $"not every member answers as never initialised ({SituationGuards.Names(members.Where(m => m.OwnStatus != OwnStatus.NotYetInitialized).Select(m => $"{m.Host}: {(m.Reachable ? m.OwnStatus.ToString() : "no answer")}"))}): nothing is initiated on a guess");
    }

    private static string Errors(IEnumerable<ObservedMember> members) =>
        members.Select(m => m.ConnectionError).FirstOrDefault(e => !string.IsNullOrEmpty(e)) is { } error ? $" ({error})" : "";
}
