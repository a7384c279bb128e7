using System.Globalization;
using Modestano.Crds.V1Alpha1;
using Spectre.Console;

namespace Modestano.Cli.Views;

/// <summary>A replica set as a tree: regions, members, plan.</summary>
internal static class ReplicaSetTree
{
    public static Tree Draw(MongoReplicaSet set)
    {
        var status = set.Status;
        var tree = new Tree(
            $"[bold]MongoReplicaSet {Markup.Escape($"{set.Metadata.NamespaceProperty}/{set.Metadata.Name}")}[/]  {Markup.Escape(status?.Phase ?? "-")}  {ConditionText.Ready(status?.Conditions)}"
            + (status?.ConfigVersion is { } version ? $"  [grey]config {version} term {status.ConfigTerm}[/]" : ""));
        AddTo(tree, set);
        return tree;
    }

    /// <summary>Adds the parts below a root or below a migration's node.</summary>
    public static void AddTo(IHasTreeNodes tree, MongoReplicaSet set)
    {
        foreach (var condition in ConditionText.Worth(set.Status?.Conditions))
        {
            tree.AddNode(condition);
        }

        foreach (var region in (set.Status?.Members ?? []).GroupBy(m => m.Region ?? "no region").OrderBy(g => g.Key, StringComparer.Ordinal))
        {
            var isWanted = region.Key == (set.Status?.Override?.PrimaryRegion ?? set.Spec.PrimaryRegion);
            var node = tree.AddNode($"[bold]{Markup.Escape(region.Key)}[/]  votes {region.Sum(m => m.Votes ?? 0)}{(isWanted ? "  [aqua]primary belongs here[/]" : "")}");
            foreach (var member in region.OrderBy(m => m.Host, StringComparer.Ordinal))
            {
                node.AddNode(Member(member));
            }
        }

        if (set.Status?.Plan is { Count: > 0 } plan)
        {
            var node = tree.AddNode($"plan [grey]{Markup.Escape(set.Status.PlanHash ?? "")}[/]");
            foreach (var step in plan)
            {
                node.AddNode(PlanText.Of(step));
            }
        }

        if (set.Status?.LastAction is { } last)
        {
            tree.AddNode($"last action {Markup.Escape(last.Outcome)}: {Markup.Escape(last.Summary)}{(last.WriteGapMillis is { } gap ? $" (no writes for {gap} ms)" : "")}");
        }

        foreach (var accepted in ConditionText.Accepted(set.Status?.Conditions))
        {
            tree.AddNode(accepted);
        }
    }

    private static string Member(MemberStatus member)
    {
        var colour = member switch
        {
            { State: "PRIMARY" } => "bold green",
            { Healthy: false } or { State: "Unreachable" } => "red",
            { State: "SECONDARY" } => "green",
            { State: "ARBITER" } => "blue",
            _ => "yellow",
        };
        var parts = new List<string>
        {
            $"[{colour}]{Markup.Escape((member.State ?? "-").PadRight(9))}[/] {Markup.Escape(member.Host)}",
            $"votes {Change(member.Votes, member.PlannedVotes)}",
            $"priority {Change(member.Priority?.Value, member.PlannedPriority?.Value)}",
        };
        if (member.Lag is { } lag)
        {
            parts.Add($"lag {Markup.Escape(lag)}");
        }

        if (member.InitialSyncPercent is { } percent)
        {
            parts.Add($"[yellow]initial sync {percent}%[/]");
        }

        if (member.Zone is { } zone)
        {
            parts.Add($"[grey]{Markup.Escape(zone)}[/]");
        }

        if (member.Message is { Length: > 0 } message)
        {
            parts.Add($"[yellow]{Markup.Escape(message)}[/]");
        }

        return string.Join("  ", parts);
    }

    private static string Change(decimal? now, decimal? planned)
    {
        var text = now?.ToString(CultureInfo.InvariantCulture) ?? "-";
        return planned is { } later && later != now ? $"{text} [aqua]→ {later.ToString(CultureInfo.InvariantCulture)}[/]" : text;
    }
}
