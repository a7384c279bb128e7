using Modestano.Crds.V1Alpha1;
using Spectre.Console;

namespace Modestano.Cli.Views;

/// <summary>The conditions that a person must know of, as Spectre markup.</summary>
internal static class ConditionText
{
    private static readonly HashSet<string> BadWhenTrue = [ConditionTypes.Stalled, ConditionTypes.Held, ConditionTypes.AwaitingApproval, ConditionTypes.OverrideOrphaned, ConditionTypes.Stale];

    private static readonly HashSet<string> BadWhenFalse =
        [ConditionTypes.ReplicationHealthy, ConditionTypes.InitialSyncHealthy, ConditionTypes.PrimaryInPreferredRegion, ConditionTypes.SurvivesZoneLoss, ConditionTypes.SurvivesRegionLoss, ConditionTypes.GatesPassing];

    public static string Ready(IReadOnlyList<Condition>? conditions) => conditions?.FirstOrDefault(c => c.Type == ConditionTypes.Ready)?.Status switch
    {
        "True" => "[green]Ready[/]",
        "False" => "[yellow]not ready[/]",
        "Unknown" => "[red]unknown[/]",
        _ => "[grey]not observed yet[/]",
    };

    public static IEnumerable<string> Worth(IReadOnlyList<Condition>? conditions) => (conditions ?? [])
        .Where(c => (c.Status == "True" && BadWhenTrue.Contains(c.Type)) || (c.Status == "False" && BadWhenFalse.Contains(c.Type)))
        .Select(c => $"[{(c.Type == ConditionTypes.Stalled ? "red" : "yellow")}]{Markup.Escape(c.Type)}{(c.Status == "False" ? "=False" : "")}[/] {Markup.Escape(c.Reason)}: {Markup.Escape(c.Message)}");
}
