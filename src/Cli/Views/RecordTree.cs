using System.Globalization;
using Modestano.Crds.V1Alpha1;
using Spectre.Console;

namespace Modestano.Cli.Views;

/// <summary>A record as a tree: endpoints with weights and shares, what is under way, what a person must know of.</summary>
internal static class RecordTree
{
    public static Tree Draw(WeightedDnsRecord record)
    {
        var tree = new Tree(
            $"[bold]WeightedDnsRecord {Markup.Escape($"{record.Metadata.NamespaceProperty}/{record.Metadata.Name}")}[/]  {Title(record)}  {ConditionText.Ready(record.Status?.Conditions)}");
        AddTo(tree, record);
        if (record.Status?.NextStepTime is { } next)
        {
            tree.AddNode($"next step at {next.ToUniversalTime():u}");
        }

        if (record.Status?.LastAction is { } last)
        {
            tree.AddNode($"last action {Markup.Escape(last.Outcome)}: {Markup.Escape(last.Summary)}");
        }

        if (record.Status?.Fingerprint is { } fingerprint)
        {
            tree.AddNode($"fingerprint [grey]{Markup.Escape(fingerprint)}[/]");
        }

        return tree;
    }

    /// <summary>Name, type and the state of the latest change.</summary>
    public static string Title(WeightedDnsRecord record) =>
        $"{Markup.Escape(record.Spec.Name)} {Markup.Escape(record.Spec.Type)}  {Markup.Escape(record.Status?.Change?.State ?? "")}".TrimEnd();

    /// <summary>Adds the endpoints and conditions below a root or below a migration's node.</summary>
    public static void AddTo(IHasTreeNodes tree, WeightedDnsRecord record)
    {
        foreach (var endpoint in record.Status?.Endpoints ?? [])
        {
            var wanted = endpoint.WantedWeight != endpoint.ServedWeight ? $" [aqua]→ {endpoint.WantedWeight?.ToString(CultureInfo.InvariantCulture) ?? "-"}[/]" : "";
            tree.AddNode($"{Markup.Escape(endpoint.SetIdentifier)}  weight {endpoint.ServedWeight?.ToString(CultureInfo.InvariantCulture) ?? "-"}{wanted}  share {Markup.Escape(endpoint.ServedShare ?? "-")}%"
                + (endpoint.Health is { } health ? $"  {Markup.Escape(health)}" : ""));
        }

        foreach (var condition in ConditionText.Worth(record.Status?.Conditions))
        {
            tree.AddNode(condition);
        }
    }
}
