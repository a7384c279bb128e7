using Modestano.Crds.V1Alpha1;
using Spectre.Console;

namespace Modestano.Cli.Views;

/// <summary>Plans in words, as Spectre markup.</summary>
internal static class PlanText
{
    private const string Done = "[green]✓[/]";
    private const string Now = "[bold yellow]▶[/]";
    private const string ToCome = " ";

    public static string Of(PlannedStep step) =>
        $"[aqua]{Markup.Escape(step.Kind)}[/] {Markup.Escape(step.Summary)}{(step.Votes is { } votes ? $" [grey]({Markup.Escape(votes)})[/]" : "")}";

    /// <summary>What a migration does, a line each, with a mark at what is done and at what is under way; last, what Git has to say.</summary>
    public static IEnumerable<string> Of(RegionMigration migration) =>
        (migration.Status?.Phase is MigrationPhases.RollingBack or MigrationPhases.RolledBack ? WayBack(migration) : Way(migration)).Concat(Edits(migration));

    private static IEnumerable<string> Way(RegionMigration migration)
    {
        var (spec, status) = (migration.Spec, migration.Status);
        var isOver = status?.Phase is MigrationPhases.Completed or MigrationPhases.Decommissioning;
        var at = isOver ? int.MaxValue : status?.Step?.Index ?? -1;
        var primary = $" {Primary(status, spec.To, isOver)} primary to {Markup.Escape(spec.To)}";
        var moved = false;
        for (var i = 0; i < spec.TrafficSteps.Count; i++)
        {
            var step = spec.TrafficSteps[i];
            if (!moved && spec.Primary.MoveAtPercent == 0)
            {
                yield return primary;
                moved = true;
            }

            var mark = i < at ? Done : i == at ? Now : ToCome;
            yield return $" {mark} {step.Percent}% of the traffic to {Markup.Escape(spec.To)}, {(step.Hold is { } hold ? $"held for {hold}" : "until a person promotes it")}";
            if (!moved && step.Percent >= spec.Primary.MoveAtPercent)
            {
                yield return primary;
                moved = true;
            }
        }

        if (spec.Decommission.Mode == "Remove")
        {
            var mark = status?.Phase switch { MigrationPhases.Completed => Done, MigrationPhases.Decommissioning => Now, _ => ToCome };
            yield return $" {mark} members of {Markup.Escape(spec.From)} leave the set";
        }
    }

    // Arrived is it where the set says so, and not where it was asked to.
    private static string Primary(RegionMigrationStatus? status, string region, bool isOver) =>
        status?.Override?.PrimaryRegion != region && !isOver ? ToCome
        : status?.Phase == MigrationPhases.MovingPrimary || status?.PrimaryRegion != region ? Now
        : Done;

    private static IEnumerable<string> WayBack(RegionMigration migration)
    {
        var (status, from) = (migration.Status!, migration.Status!.Origin?.PrimaryRegion ?? migration.Spec.From);
        var isOver = status.Phase == MigrationPhases.RolledBack;
        if (status.Origin is null)
        {
            yield return $" {Done} nothing had been asked of anybody: there was nothing to take back";
            yield break;
        }

        // First the weights, then the primary, then the votes: what is asked for later shows that the earlier has been reached.
        var votes = status.Override?.VotelessMembers is { Count: > 0 };
        var primary = votes || (status.Override?.PrimaryRegion == from && status.PrimaryRegion == from);
        var traffic = (status.Override?.Records ?? []).All(r => status.Origin.Records?.FirstOrDefault(o => o.Name == r.Name) is not { } began || r.Weights.All(w => began.Weights.GetValueOrDefault(w.Key) == w.Value));
        yield return $" {(isOver || (traffic && primary) ? Done : Now)} the traffic back where it was{Weights(status.Origin)}";
        yield return $" {(isOver || primary ? Done : traffic ? Now : ToCome)} primary back in {Markup.Escape(from)}";
        yield return $" {(isOver ? Done : votes ? Now : ToCome)} members of {Markup.Escape(migration.Spec.To)} stay, without votes";
    }

    private static string Weights(MigrationOrigin origin) => origin.Records is { Count: > 0 } records
        ? Markup.Escape($" ({string.Join("; ", records.Select(r => $"{r.Name} {string.Join(' ', r.Weights.OrderBy(w => w.Key, StringComparer.Ordinal).Select(w => $"{w.Key}:{w.Value}"))}"))})")
        : "";

    private static IEnumerable<string> Edits(RegionMigration migration) => (migration.Status?.SpecEdits ?? [])
        .Select(edit => $"   Git: {Markup.Escape(edit.Target)} [bold]{Markup.Escape(edit.Field)}[/]: {Markup.Escape(edit.From ?? "-")} → {Markup.Escape(edit.To)}");
}
