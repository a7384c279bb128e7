using System.Globalization;
using Modestano.Crds.V1Alpha1;
using Modestano.Operator.Migrations.Planning;
using Modestano.Operator.Schedules;

namespace Modestano.Operator.Migrations.Windows;

/// <summary>
/// Whether a step, the hand-off or a part of the decommissioning may begin now, by the migration's windows and the freezes of the operator's
/// configuration. What has begun goes on; the way back, holds and repairs never ask here. Pure.
/// </summary>
internal static class Openings
{
    /// <summary>What is waited for; null: it may begin.</summary>
    /// <param name="context">The migration.</param>
    /// <param name="what">What is to begin, for the message.</param>
    /// <param name="takes">An estimate of how long that takes.</param>
    public static PhaseOutcome? Awaited(MigrationContext context, string what, TimeSpan takes)
    {
        var windows = context.Spec.Windows ?? [];
        if (windows.Count == 0 && context.Freezes.Count == 0)
        {
            return null;
        }

        var read = Read(windows, out var wrong);
        if (wrong is not null)
        {
            return PhaseOutcome.Stalled(context.Status, MigrationReasons.WrongWindow, wrong);
        }

        var plan = new WindowPlan([.. read["Allow"]], [.. read["Deny"], .. context.Freezes.Select(f => f.Window)]);
        if (plan.FirstStart(context.Now, takes) is not { } opens)
        {
            return PhaseOutcome.Stalled(
                context.Status, MigrationReasons.NoWindow, $"{what} takes about {Words(takes)}, and within a year no window is open for so long (spec.windows, freezes of the operator's configuration)");
        }

        return opens <= context.Now
            ? null
            : PhaseOutcome.Wait(context.Status with { NextWindow = opens.UtcDateTime }, $"the window that opens at {opens.UtcDateTime.ToString("yyyy-MM-dd HH:mm", CultureInfo.InvariantCulture)} UTC, to begin {what}{Frozen(context)}", opens);
    }

    /// <summary>A window that could never be evaluated, as a sentence; null: all can.</summary>
    public static string? Wrong(RegionMigrationSpec spec)
    {
        Read(spec.Windows ?? [], out var wrong);
        return wrong;
    }

    /// <summary>The windows by their kind, and what is wrong with the first that cannot be read.</summary>
    private static ILookup<string, RecurringWindow> Read(IReadOnlyList<MigrationWindow> windows, out string? wrong)
    {
        wrong = null;
        var read = new List<(string Kind, RecurringWindow Window)>();
        for (var i = 0; i < windows.Count; i++)
        {
            if (RecurringWindow.Read(windows[i].Schedule, windows[i].Duration.Value, windows[i].TimeZone, out var mistake) is { } window)
            {
                read.Add((windows[i].Kind, window));
            }
            else
            {
                wrong ??= $"spec.windows[{i}].{mistake}";
            }
        }

        return read.ToLookup(r => r.Kind, r => r.Window, StringComparer.Ordinal);
    }

    private static string Frozen(MigrationContext context) =>
        context.Freezes.FirstOrDefault(f => f.Window.EndContaining(context.Now) is not null) is { } freeze ? $"; {freeze.Name} is a freeze of the operator's configuration" : "";

    private static string Words(TimeSpan length) => $"{Math.Ceiling(length.TotalMinutes):0} min";
}
