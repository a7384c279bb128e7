using Modestano.Operator.Migrations.Planning;

namespace Modestano.Operator.Migrations.Phases;

/// <summary>Completed or RolledBack: the override stays until Git says what was reached, target by target.</summary>
/// <param name="name">The phase's name.</param>
public sealed class EndPhase(string name) : IMigrationPhase
{
    /// <inheritdoc/>
    public string Name { get; } = name;

    /// <inheritdoc/>
    public PhaseOutcome Evaluate(MigrationContext context)
    {
        var status = Releases.Update(context);
        return status.SpecEdits is { Count: > 0 } edits
            ? PhaseOutcome.Wait(status, $"{edits.Count} edit(s) in Git, listed in status.specEdits: until then the override holds")
            : new PhaseOutcome(status, null);
    }
}
