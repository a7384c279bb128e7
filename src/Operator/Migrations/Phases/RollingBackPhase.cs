using Modestano.Crds.V1Alpha1;
using Modestano.Operator.Migrations.Planning;

namespace Modestano.Operator.Migrations.Phases;

/// <summary>
/// The way back: first the weights, in one batch, then the primary, then the new members' votes: they stay as secondaries. Each only towards a region that is fit to take it: back to a dead or
/// lagging region would be worse than staying.
/// </summary>
public sealed class RollingBackPhase : IMigrationPhase
{
    /// <inheritdoc/>
    public string Name => MigrationPhases.RollingBack;

    /// <inheritdoc/>
    public PhaseOutcome Evaluate(MigrationContext context)
    {
        var (spec, status) = (context.Spec, context.Status);
        var origin = status.Origin!;
        var gate = GateVerdict.FirstNotPassing(context.Gates);
        var back = status.Override! with
        {
            Immediate = true,
            HiddenMembers = null,
            Records = [.. (origin.Records ?? []).Select(r => SteeredEndpoints.AtOrigin(context, r) with { PermittedUntil = (context.Now + Asks.PermitDuration).UtcDateTime })],
        };
        if (!Asks.SameValues(back, status.Override))
        {
            return gate is not null
                ? PhaseOutcome.AwaitGate(context, gate)
                : PhaseOutcome.Ask(
                    status with { Override = back, Step = new MigrationStep { Index = -1, Percent = 0 } },
                    $"the traffic to be back in {spec.From}", $"The traffic goes back to {spec.From}", context.Now + (Asks.PermitDuration / 3));
        }

        if (Handshake.RecordsNotSettled(context) is { } missing)
        {
            var asked = gate is null ? Asks.Permit(status.Override, context.Now) : Asks.Forbid(status.Override);
            return PhaseOutcome.Wait(status with { Override = asked }, gate ?? missing, context.Now + (Asks.PermitDuration / 3));
        }

        if (status.Override.PrimaryRegion != origin.PrimaryRegion)
        {
            return gate is not null
                ? PhaseOutcome.AwaitGate(context, gate)
                : PhaseOutcome.Ask(
                    status with { Override = status.Override with { PrimaryRegion = origin.PrimaryRegion } },
                    $"the primary to be back in {origin.PrimaryRegion}", $"The primary goes back to {origin.PrimaryRegion}");
        }

        if (Handshake.NotSettled(context) is { } busy)
        {
            return PhaseOutcome.Wait(status, busy);
        }

        // An arbiter is nothing but its vote; the spec decides on it. A set that was released follows its spec.
        var voteless = Targets.DataBearing(context.ReplicaSet!, spec.To).Select(m => m.Host).ToList();
        return status.Override.VotelessMembers is null && voteless.Count > 0 && !Releases.IsReleased(status, $"MongoReplicaSet/{spec.ReplicaSetRef.Name}")
            ? PhaseOutcome.Ask(
                status with { Override = status.Override with { VotelessMembers = voteless } },
                $"the members in {spec.To} to be voteless secondaries", $"The members in {spec.To} give their votes back and stay as secondaries")
            : PhaseOutcome.Enter(status, MigrationPhases.RolledBack, context.Now, $"Primary and traffic are back in {origin.PrimaryRegion}");
    }
}
