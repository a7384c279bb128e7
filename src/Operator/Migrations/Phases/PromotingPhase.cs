using Modestano.Crds.V1Alpha1;
using Modestano.Operator.Migrations.Planning;

namespace Modestano.Operator.Migrations.Phases;

/// <summary>Waits until the replica set is at rest with votes in both regions: the hand-off needs no more than one further vote change.</summary>
public sealed class PromotingPhase : IMigrationPhase
{
    /// <inheritdoc/>
    public string Name => MigrationPhases.Promoting;

    /// <inheritdoc/>
    public PhaseOutcome Evaluate(MigrationContext context)
    {
        if (PendingPhase.NobodyCouldBePrimary(context.ReplicaSet!, context.Spec) is { } nobody)
        {
            return PhaseOutcome.Stalled(context.Status, MigrationReasons.NobodyCouldBePrimary, nobody);
        }

        if (Handshake.NotSettled(context) is { } missing)
        {
            return PhaseOutcome.Wait(context.Status, missing);
        }

        return PhaseOutcome.Enter(context.Status, MigrationPhases.Shifting, context.Now, $"{context.Spec.To} has its votes; traffic begins to move");
    }
}
