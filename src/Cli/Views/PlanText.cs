using Modestano.Crds.V1Alpha1;
using Spectre.Console;

namespace Modestano.Cli.Views;

/// <summary>Plans in words, as Spectre markup.</summary>
internal static class PlanText
{
    public static string Of(PlannedStep step) =>
        $"[aqua]{Markup.Escape(step.Kind)}[/] {Markup.Escape(step.Summary)}{(step.Votes is { } votes ? $" [grey]({Markup.Escape(votes)})[/]" : "")}";

    public static IEnumerable<string> Of(RegionMigration migration)
    {
        var at = migration.Status?.Phase is MigrationPhases.Completed or MigrationPhases.Decommissioning ? int.MaxValue : migration.Status?.Step?.Index ?? -1;
        var moved = false;
        for (var i = 0; i < migration.Spec.TrafficSteps.Count; i++)
        {
            var step = migration.Spec.TrafficSteps[i];
            if (!moved && migration.Spec.Primary.MoveAtPercent == 0)
            {
                yield return $"   primary to {Markup.Escape(migration.Spec.To)}";
                moved = true;
            }

            var mark = i < at ? "[green]✓[/]" : i == at ? "[bold yellow]▶[/]" : " ";
            yield return $" {mark} {step.Percent}% of the traffic to {Markup.Escape(migration.Spec.To)}, {(step.Hold is { } hold ? $"held for {hold}" : "until a person promotes it")}";
            if (!moved && step.Percent >= migration.Spec.Primary.MoveAtPercent)
            {
                yield return $"   primary to {Markup.Escape(migration.Spec.To)}";
                moved = true;
            }
        }

        if (migration.Spec.Decommission.Mode == "Remove")
        {
            yield return $"   members of {Markup.Escape(migration.Spec.From)} leave the set";
        }

        foreach (var edit in migration.Status?.SpecEdits ?? [])
        {
            yield return $"   Git: {Markup.Escape(edit.Target)} [bold]{Markup.Escape(edit.Field)}[/]: {Markup.Escape(edit.From ?? "-")} → {Markup.Escape(edit.To)}";
        }
    }
}
