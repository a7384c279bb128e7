using Modestano.Crds.V1Alpha1;
using Spectre.Console;

namespace Modestano.Cli.Views;

/// <summary>A migration as a tree: place, gates, records with weights, replica set, edits for Git.</summary>
internal static class MigrationTree
{
    public static Tree Draw(RegionMigration migration, MongoReplicaSet? set, IReadOnlyList<WeightedDnsRecord> records)
    {
        var status = migration.Status;
        var tree = new Tree(
            $"[bold]RegionMigration {Markup.Escape($"{migration.Metadata.NamespaceProperty}/{migration.Metadata.Name}")}[/]  {Markup.Escape(migration.Spec.From)} → {Markup.Escape(migration.Spec.To)}"
            + $"  [aqua]{Markup.Escape(status?.Phase ?? "-")}[/]  {ConditionText.Ready(status?.Conditions)}");
        foreach (var condition in ConditionText.Worth(status?.Conditions))
        {
            tree.AddNode(condition);
        }

        if (status?.RollBack is { } back)
        {
            tree.AddNode($"[red]rolls back[/] ({Markup.Escape(back.Source)}, from {Markup.Escape(back.FromPhase ?? "-")}): {Markup.Escape(back.Reason)}");
        }

        tree.AddNode($"step {Markup.Escape(status?.Step?.Summary ?? "-")}, traffic in {Markup.Escape(migration.Spec.To)} {Markup.Escape(status?.Traffic ?? "-")}, primary in {Markup.Escape(status?.PrimaryRegion ?? "-")}");
        if (status?.WaitingFor is { } waiting)
        {
            tree.AddNode($"waiting for {Markup.Escape(waiting)}");
        }

        if (status?.Pause is { } pause)
        {
            tree.AddNode(status.Promoted?.Token == pause.Token
                ? $"{pause.Percent}% was promoted at {status.Promoted.Time:u}"
                : pause.Until is { } until ? $"hold at {pause.Percent}% until {until:u}; `promote` ends it before" : $"[yellow]pause[/] at {pause.Percent}% since {pause.Since:u}, until a person runs `promote`");
        }

        AddGates(tree, status?.Gates ?? []);
        foreach (var reference in migration.Spec.DnsRecordRefs ?? [])
        {
            AddRecord(tree, reference.Name, records.FirstOrDefault(r => r.Metadata.Name == reference.Name));
        }

        var replicaSet = tree.AddNode($"[bold]MongoReplicaSet {Markup.Escape(migration.Spec.ReplicaSetRef.Name)}[/]  {(set is null ? "[red]does not exist[/]" : Markup.Escape(set.Status?.Phase ?? "-"))}");
        if (set is not null)
        {
            ReplicaSetTree.AddTo(replicaSet, set);
        }

        var plan = tree.AddNode("plan");
        foreach (var line in PlanText.Of(migration))
        {
            plan.AddNode(line.TrimStart());
        }

        return tree;
    }

    private static void AddGates(Tree tree, IReadOnlyList<GateStatus> gates)
    {
        if (gates.Count == 0)
        {
            return;
        }

        var node = tree.AddNode("gates");
        foreach (var gate in gates)
        {
            var colour = gate.Result switch { "Passing" => "green", "Failing" => "red", _ => "yellow" };
            node.AddNode($"[{colour}]{Markup.Escape(gate.Result)}[/] {Markup.Escape(gate.Name)}  {Markup.Escape(gate.Value ?? "-")} of {Markup.Escape(gate.Limit ?? "-")}  {Markup.Escape(gate.Message ?? "")}");
        }
    }

    private static void AddRecord(Tree tree, string name, WeightedDnsRecord? record)
    {
        if (record is null)
        {
            tree.AddNode($"[bold]WeightedDnsRecord {Markup.Escape(name)}[/]  [red]does not exist[/]");
            return;
        }

        RecordTree.AddTo(tree.AddNode($"[bold]WeightedDnsRecord {Markup.Escape(name)}[/]  {RecordTree.Title(record)}"), record);
    }
}
