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

        return context.IsBeingDeleted && !IsEnd(context.Status.Phase) && context.Status.RollBack is null ? ByDeletion(context) : null;
    }

    // Deleted before its end: the targets stay where they are until Git says the same. Where onDelete asks for a way back that there is none, nobody
    // could take that request out again.
    private static string? ByDeletion(MigrationContext context) =>
        context.Spec.OnDelete == "Hold" ? "the migration is being deleted (spec.onDelete is Hold); make the specs in Git say what is reached (status.specEdits), or ask for a roll-back"
        : context.Spec.OnDelete == "RollBack" && RollBacks.Impossible(context.Status) is { } impossible ? $"the migration is being deleted, and spec.onDelete: RollBack cannot be done: {impossible}; make the specs in Git say what is reached (status.specEdits)"
        : null;

    /// <summary>Whether nothing moves any more in this phase.</summary>
    public static bool IsEnd(string? phase) => phase is MigrationPhases.Completed or MigrationPhases.RolledBack;
}
