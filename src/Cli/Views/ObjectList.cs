using k8s;
using k8s.Models;
using Modestano.Crds.V1Alpha1;
using Spectre.Console;
using Spectre.Console.Rendering;

namespace Modestano.Cli.Views;

/// <summary>Everything there is, a line each: what it is, whether it is well, where it stands.</summary>
internal static class ObjectList
{
    public static IRenderable Draw(IReadOnlyList<MongoReplicaSet> sets, IReadOnlyList<WeightedDnsRecord> records, IReadOnlyList<RegionMigration> migrations, string place)
    {
        if (sets.Count + records.Count + migrations.Count == 0)
        {
            return new Markup($"nothing of the operator's kinds is in {Markup.Escape(place)}: `kubectl modestano init` writes a first manifest, -A looks everywhere\n");
        }

        var rows = new List<string[]>();
        foreach (var migration in ByName(migrations))
        {
            var status = migration.Status;
            Row(rows, "rmig", migration, status?.Conditions,
                $"{status?.Phase ?? "-"}  {migration.Spec.From} → {migration.Spec.To}  traffic {status?.Traffic ?? "-"}  primary in {status?.PrimaryRegion ?? "-"}{(status?.WaitingFor is { } waiting ? $"  waiting for {waiting}" : "")}");
        }

        foreach (var set in ByName(sets))
        {
            var status = set.Status;
            Row(rows, "mrs", set, status?.Conditions,
                $"{status?.Phase ?? "-"}  primary {status?.Primary ?? "-"}  members {status?.Summary?.Members ?? "-"}  votes {status?.Summary?.Votes ?? "-"}  lag {status?.Summary?.WorstLag ?? "-"}");
        }

        foreach (var record in ByName(records))
        {
            Row(rows, "wdr", record, record.Status?.Conditions, $"{record.Spec.Name} {record.Spec.Type}  {record.Status?.Summary?.Served ?? "-"}");
        }

        // A grid of Spectre's would squeeze the columns of a narrow terminal; these lines wrap at their end.
        var widths = Enumerable.Range(0, 3).Select(i => rows.Max(r => Markup.Remove(r[i]).Length)).ToList();
        return new Rows(rows.Select(r => new Markup(string.Concat(widths.Select((width, i) => r[i] + new string(' ', width - Markup.Remove(r[i]).Length + 2))) + r[3])));
    }

    private static IEnumerable<T> ByName<T>(IEnumerable<T> objects)
        where T : IKubernetesObject<V1ObjectMeta> =>
        objects.OrderBy(o => o.Metadata.NamespaceProperty, StringComparer.Ordinal).ThenBy(o => o.Metadata.Name, StringComparer.Ordinal);

    private static void Row(List<string[]> rows, string kind, IKubernetesObject<V1ObjectMeta> of, IReadOnlyList<Condition>? conditions, string words)
    {
        var worst = ConditionText.Worth(conditions).FirstOrDefault();
        rows.Add(
        [
            kind,
            $"[bold]{Markup.Escape($"{of.Metadata.NamespaceProperty}/{of.Metadata.Name}")}[/]",
            ConditionText.Ready(conditions),
            Markup.Escape(words) + (worst is null ? "" : $"  {worst}"),
        ]);
    }
}
