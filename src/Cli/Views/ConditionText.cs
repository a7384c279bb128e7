using Modestano.Crds.V1Alpha1;
using Spectre.Console;

namespace Modestano.Cli.Views;

/// <summary>The conditions that a person must know of, as Spectre markup.</summary>
internal static class ConditionText
{
    private static readonly HashSet<string> BadWhenTrue = [ConditionTypes.Stalled, ConditionTypes.Held, ConditionTypes.AwaitingApproval, ConditionTypes.OverrideOrphaned, ConditionTypes.Stale];

    private static readonly HashSet<string> BadWhenFalse =
        [ConditionTypes.ReplicationHealthy, ConditionTypes.InitialSyncHealthy, ConditionTypes.PrimaryInPreferredRegion, ConditionTypes.GatesPassing];

    /// <summary>What follows from how a set is laid out, and does not change by itself: two regions cannot survive the loss of the one with the majority.</summary>
    private static readonly HashSet<string> Lasting = [ConditionTypes.SurvivesZoneLoss, ConditionTypes.SurvivesRegionLoss];

    public static string Ready(IReadOnlyList<Condition>? conditions) => conditions?.FirstOrDefault(c => c.Type == ConditionTypes.Ready)?.Status switch
    {
        "True" => "[green]Ready[/]",
        "False" => "[yellow]not ready[/]",
        "Unknown" => "[red]unknown[/]",
        _ => "[grey]not observed yet[/]",
    };

    public static IEnumerable<string> Worth(IReadOnlyList<Condition>? conditions) => (conditions ?? [])
        .Where(c => (c.Status == "True" && BadWhenTrue.Contains(c.Type)) || (c.Status == "False" && BadWhenFalse.Contains(c.Type)))
        .Select(c => Words(c, c.Type == ConditionTypes.Stalled ? "red" : "yellow"));

    /// <summary>What a person has accepted with the layout, for the end of a picture.</summary>
    public static IEnumerable<string> Accepted(IReadOnlyList<Condition>? conditions) =>
        (conditions ?? []).Where(c => c.Status == "False" && Lasting.Contains(c.Type)).Select(c => Words(c, "grey"));

    private static string Words(Condition condition, string colour) =>
        $"[{colour}]{Markup.Escape(condition.Type)}{(condition.Status == "False" ? "=False" : "")}[/] {Markup.Escape(condition.Reason)}: {Markup.Escape(condition.Message)}";
}
