using Modestano.Crds.V1Alpha1;
using Modestano.Operator.Migrations.Planning;

namespace Modestano.Operator.Migrations.Phases;

/// <summary>Everything is in the new region; the last step's hold passes before that counts as done.</summary>
public sealed class SoakingPhase : IMigrationPhase
{
    /// <inheritdoc/>
    public string Name => MigrationPhases.Soaking;

    /// <inheritdoc/>
    public PhaseOutcome Evaluate(MigrationContext context)
    {
        var (spec, status) = (context.Spec, context.Status);
        if (Pauses.Standing(context, status) is { } pause)
        {
            return Pauses.Wait(context, pause);
        }

        if (Handshake.NotSettled(context) is { } missing)
        {
            return PhaseOutcome.Wait(status, missing);
        }

        if (GateVerdict.FirstNotPassing(context.Gates) is { } gate)
        {
            return PhaseOutcome.AwaitGate(context, gate);
        }

        return spec.Decommission.Mode == "Remove"
            ? PhaseOutcome.Enter(status, MigrationPhases.Decommissioning, context.Now, $"{spec.From} is to be decommissioned")
            : PhaseOutcome.Enter(status, MigrationPhases.Completed, context.Now, $"Primary and traffic are in {spec.To}; the members in {spec.From} stay");
    }
}
