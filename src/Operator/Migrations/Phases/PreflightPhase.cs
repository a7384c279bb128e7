using Modestano.Crds.V1Alpha1;
using Modestano.Operator.Migrations.Planning;

namespace Modestano.Operator.Migrations.Phases;

/// <summary>Waits until every target has latched the override, so that nothing else steers it any more.</summary>
public sealed class PreflightPhase : IMigrationPhase
{
    /// <inheritdoc/>
    public string Name => MigrationPhases.Preflight;

    /// <inheritdoc/>
    public PhaseOutcome Evaluate(MigrationContext context) => Handshake.NotLatched(context) is { } missing
        ? PhaseOutcome.Wait(context.Status, missing)
        : PhaseOutcome.Enter(context.Status, MigrationPhases.Syncing, context.Now, $"Every target follows this migration; waiting for the data in {context.Spec.To}");
}
