using Modestano.Crds.V1Alpha1;

namespace Modestano.Operator.Migrations.Planning;

/// <summary>A person's wish to stop. Holding keeps the place: it is a condition, no phase.</summary>
public static class Holding
{
    /// <summary>Why the migration is held, as a sentence; null: it is not.</summary>
    public static string? Reason(MigrationContext context)
    {
        if (context.Annotation(Annotations.Hold) is { } why)
        {
            return $"annotation {Annotations.Hold}: {why}; remove it to go on";
        }

        // A roll-back that was not asked for in Git is not stopped by what Git said before, or says again when it is applied.
        if (context.Spec.Intent == "Hold" && context.Status.RollBack is not { Source: not RollBacks.IntentSource })
        {
            return "spec.intent is Hold; set Proceed or RollBack to go on";
        }

        // Deleted with onDelete: Hold, before its end: the targets stay where they are until Git says the same.
        return context.IsBeingDeleted && context.Spec.OnDelete == "Hold" && !IsEnd(context.Status.Phase) && context.Status.RollBack is null
            ? "the migration is being deleted (spec.onDelete is Hold); make the specs in Git say what is reached (status.specEdits), or ask for a roll-back"
            : null;
    }

    /// <summary>Whether nothing moves any more in this phase.</summary>
    public static bool IsEnd(string? phase) => phase is MigrationPhases.Completed or MigrationPhases.RolledBack;
}
