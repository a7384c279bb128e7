namespace Modestano.Operator.Migrations.Planning;

/// <summary>One phase: its exit conditions and what it asks the targets for, as a pure function.</summary>
public interface IMigrationPhase
{
    /// <summary>The phase's name in status.</summary>
    string Name { get; }

    /// <summary>Decides what comes next. Called only with the status in this phase.</summary>
    PhaseOutcome Evaluate(MigrationContext context);
}
