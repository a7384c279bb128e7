using System.CommandLine;
using Modestano.Cli.Cluster;
using Modestano.Cli.Reports;
using Modestano.Cli.Views;
using Modestano.Crds.V1Alpha1;
using Spectre.Console;

namespace Modestano.Cli.Commands;

/// <summary><c>report rmig NAME</c>: what a migration did, for the people who were asleep.</summary>
internal static class ReportCommand
{
    public const string Markdown = "markdown";
    public const string Html = "html";

    public static Command Create(IAnsiConsole console) => ObjectCommand.Create(
        console, "report", "Print what a migration did: phases and their times, the write gap, weights and shares, gates, who asked for what, what Git must still say.",
        [KindName.Migration],
        [Markdown, Html],
        async (call, cancellationToken) =>
        {
            var migration = await call.GetAsync<RegionMigration>(cancellationToken);
            var set = await call.Client.FindAsync<MongoReplicaSet>(KindName.ReplicaSet, migration.Spec.ReplicaSetRef.Name, cancellationToken);
            var records = await call.FindRecordsAsync((migration.Spec.DnsRecordRefs ?? []).Select(r => r.Name), cancellationToken);
            var account = MigrationAccount.Of(migration, set, records, Edits(migration, set, records));

            // Not by the console, which would wrap long lines.
            call.Answer(JsonText.Of(account), _ => console.Profile.Out.Writer.Write(call.Format == Html ? HtmlReport.Of(account) : MarkdownReport.Of(account)));
        });

    private static string? Edits(RegionMigration migration, MongoReplicaSet? set, IReadOnlyList<WeightedDnsRecord> records)
    {
        if (migration.Status?.SpecEdits is not { Count: > 0 })
        {
            return null;
        }

        var targets = records.ToDictionary(r => $"{KindName.DnsRecord.Kind}/{r.Metadata.Name}", object (r) => r, StringComparer.Ordinal);
        if (set is not null)
        {
            targets[$"{KindName.ReplicaSet.Kind}/{set.Metadata.Name}"] = set;
        }

        return EditPatch.Of(migration, targets);
    }
}
