using Modestano.Operator.ReplicaSets.Observation;
using Modestano.Operator.ReplicaSets.Planning.Changes;

namespace Modestano.Operator.ReplicaSets.Planning.Situations;

/// <summary>
/// R6: the one forced reconfig. A set has lost its majority for good, and a person has attested which voters are stopped. Those lose their
/// votes and stay as members, so that they come back like newcomers (manual: Reconfigure a Replica Set with Unavailable Members).
/// </summary>
internal static class Recovery
{
    /// <summary>Forces, or says why not; null: nobody permits it, there is a primary, or the permit was used and concerns another configuration.</summary>
    public static PlanDecision? Decide(PlanInput input) =>
        input is { Observed: { Primary: null, Config: { } config }, Policy.Recovery: { } permit }
        && (!input.History.RecoveryUsed || (config.Version, config.Term) == (permit.ConfigVersion, permit.ConfigTerm))
            ? Force(input, config, permit)
            : null;

    private static PlanDecision Force(PlanInput input, ReplicaSetConfig config, RecoveryPermit permit)
    {
        var (observed, rest) = (input.Observed, input.Rest);
        if (input.History.RecoveryUsed)
        {
            return new PlanDecision.Wait(
                PlanReasons.NoPrimary,
                "spec.recovery was used, or may have been before a restart (status.recovery), and nothing is forced twice: an election should follow. If the configuration still is what the permit names, take spec.recovery out and put it in again");
        }

        if (Refusal(observed, config, permit) is { } refusal)
        {
            return refusal;
        }

        var runOn = config.Voters
            .Where(v => v.IsElectable && IsUsable(observed, v))
            .OrderByDescending(v => rest.Find(v.Host)?.Region == rest.PrimaryRegion)
            .FirstOrDefault();
        if (runOn is null)
        {
            return new PlanDecision.Stalled(PlanReasons.RecoveryRefused, "recovery is refused: no electable data-bearing voter answers as SECONDARY");
        }

        var proposed = LossRehearsal.Without(config, permit.FencedHosts);
        var arbiters = proposed.Members.Where(m => m.ArbiterOnly).Select(m => m.Host).ToList();
        var words = "";
        if (ImplicitDefault.Change(observed, runOn.Host, config, proposed) is { } change)
        {
            // The server refuses it under force too. Without arbiters the implicit default is majority again.
            proposed = proposed with { Members = [.. proposed.Members.Where(m => !m.ArbiterOnly)] };
            words = $", and without {NameList.Of(arbiters)}, as an arbiter would make w: 1 the implicit default write concern, which MongoDB refuses";
            if (ImplicitDefault.Change(observed, runOn.Host, config, proposed) is not null)
            {
                return new PlanDecision.Stalled(
                    PlanReasons.RecoveryRefused,
                    $"recovery is refused: MongoDB takes no configuration, not even a forced one, that changes the implicit default write concern from w: {change.From} to w: {change.To}, and without a primary no explicit one can be set. Start {NameList.Of(config.Members.Where(m => m.ArbiterOnly && permit.FencedHosts.Contains(m.Host)).Select(m => m.Host))} again under its name, for which an empty data directory will do, as an arbiter holds no data, and take it out of fencedHosts: with its vote an election may follow by itself");
            }
        }

        return ConfigChanges.Between(config, proposed, runOn.Host) is { } step
            ? new PlanDecision.Act(step with
            {
                Force = true,
                Purpose = ReconfigPurpose.Recover,
                Summary = $"force a configuration without the votes of {NameList.Of(permit.FencedHosts)}{words} (spec.recovery)",
            })
            : new PlanDecision.Stalled(PlanReasons.RecoveryRefused, "recovery is refused: fencedHosts names no voter");
    }

    private static PlanDecision? Refusal(ObservedReplicaSet observed, ReplicaSetConfig config, RecoveryPermit permit)
    {
        if (observed.PrimaryViews.FirstOrDefault(v => v.Primary is not null) is { } view)
        {
            return new PlanDecision.Stalled(PlanReasons.RecoveryRefused, $"recovery is refused: {view.Host} sees the primary {view.Primary}, so somebody may have a majority");
        }

        if (config.Version != permit.ConfigVersion || config.Term != permit.ConfigTerm)
        {
            return new PlanDecision.Stalled(
                PlanReasons.RecoveryRefused,
                $"recovery is refused: it names configuration (version {permit.ConfigVersion}, term {permit.ConfigTerm}), in force is (version {config.Version}, term {config.Term}): look again at what changed, then correct it");
        }

        if (permit.FencedHosts.FirstOrDefault(h => observed.Member(h).Reachable) is { } alive)
        {
            return new PlanDecision.Stalled(PlanReasons.RecoveryRefused, $"recovery is refused: {alive} is in fencedHosts and answers: take it out, or stop it");
        }

        // Whatever fails in a TLS handshake runs.
        if (permit.FencedHosts.FirstOrDefault(h => observed.Member(h).Fault == ConnectionFault.Tls) is { } listening)
        {
            return new PlanDecision.Stalled(
                PlanReasons.RecoveryRefused,
                $"recovery is refused: {listening} is in fencedHosts and something still takes connections there ({observed.Member(listening).ConnectionError}): stop it, or mend TLS and see what it says");
        }

        // A mongod of another set is no vote of this one, and where the member is nobody knows.
        if (config.Members.FirstOrDefault(m => observed.Member(m.Host).Stranger is not null) is { } elsewhere)
        {
            return new PlanDecision.Stalled(
                PlanReasons.RecoveryRefused,
                $"recovery is refused: under the name {elsewhere.Host} answers {observed.Member(elsewhere.Host).Stranger}: let the name lead to the member again, or to nobody");
        }

        var unreachable = config.Members.Where(m => m.Votes == 1 && !observed.Member(m.Host).Reachable).ToList();
        if (unreachable.FirstOrDefault(m => !permit.FencedHosts.Contains(m.Host)) is { } unattested)
        {
            return new PlanDecision.Stalled(
                PlanReasons.RecoveryRefused,
                $"recovery is refused: {unattested.Host} does not answer and is not in fencedHosts: make sure that it is stopped, then add it");
        }

        // Whoever answers without telling what it sees may see a primary. An arbiter's hello tells.
        if (config.Members.FirstOrDefault(m => observed.Member(m.Host) is { Reachable: true, OwnStatus: not (OwnStatus.Member or OwnStatus.Arbiter) }) is { } silent)
        {
            return new PlanDecision.Stalled(
                PlanReasons.RecoveryRefused,
                $"recovery is refused: {silent.Host} answers and does not tell what it sees{(observed.Member(silent.Host).ConnectionError is { } error ? $" ({error})" : "")}: let the operator log in there, or stop it and add it to fencedHosts");
        }

        return config.Voters.Count(v => observed.Member(v.Host).Reachable) >= config.ElectionMajority
            ? new PlanDecision.Wait(PlanReasons.NoPrimary, "a majority of the voters answers, so nothing needs to be forced: an election should follow")
            : null;
    }

    private static bool IsUsable(ObservedReplicaSet observed, ConfigMember voter)
    {
        var member = observed.Member(voter.Host);
        return member is { Reachable: true, TooStale: false } && (member.OwnState ?? member.State) == MemberState.Secondary;
    }
}
