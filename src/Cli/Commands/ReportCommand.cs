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
            var targets = await MigrationTargets.ReadAsync(call.Client, migration, cancellationToken);
            var account = MigrationAccount.Of(migration, targets, migration.Status?.SpecEdits is { Count: > 0 } ? EditPatch.Of(migration, targets) : null);

            // Not by the console, which would wrap long lines.
            call.Answer(JsonText.Of(account), _ => console.Profile.Out.Writer.Write(call.Format == Html ? HtmlReport.Of(account) : MarkdownReport.Of(account)));
        });
}
