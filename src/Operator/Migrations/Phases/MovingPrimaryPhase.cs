using Modestano.Crds.V1Alpha1;
using Modestano.Operator.Migrations.Planning;

namespace Modestano.Operator.Migrations.Phases;

/// <summary>Waits until the primary is in the new region and the replica set is at rest there.</summary>
public sealed class MovingPrimaryPhase : IMigrationPhase
{
    /// <inheritdoc/>
    public string Name => MigrationPhases.MovingPrimary;

    /// <inheritdoc/>
    public PhaseOutcome Evaluate(MigrationContext context)
    {
        if (Handshake.ReplicaSetNotSettled(context) is { } missing)
        {
            return PhaseOutcome.Wait(context.Status, missing);
        }

        if (context.ReplicaSet?.Status?.PrimaryRegion != context.Spec.To)
        {
            return PhaseOutcome.Wait(context.Status, $"the primary to be seen in {context.Spec.To}");
        }

        var gap = context.ReplicaSet.Status.LastHandOff?.WriteGapMillis;
        var measured = gap is null ? "" : $"; {gap} ms without a primary";
        return PhaseOutcome.Enter(
            context.Status with { WriteGapMillis = gap }, MigrationPhases.Shifting, context.Now, $"The primary is {context.ReplicaSet.Status.Primary} in {context.Spec.To}{measured}");
    }
}
