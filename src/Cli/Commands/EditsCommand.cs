using System.CommandLine;
using System.Text.Json.Nodes;
using Modestano.Cli.Cluster;
using Modestano.Cli.Views;
using Modestano.Crds.V1Alpha1;
using Spectre.Console;

namespace Modestano.Cli.Commands;

/// <summary><c>edits rmig NAME</c>: what Git must say at a migration's end, as patches for a kustomization.</summary>
internal static class EditsCommand
{
    public static Command Create(IAnsiConsole console) => ObjectCommand.Create(
        console, "edits", "Print what Git must say at a migration's end, as the patches of a kustomization.", [KindName.Migration], async (call, cancellationToken) =>
        {
            var migration = await call.GetAsync<RegionMigration>(cancellationToken);
            var targets = await MigrationTargets.ReadAsync(call.Client, migration, cancellationToken);
            call.Answer(
                new JsonObject { ["specEdits"] = JsonText.Of(migration.Status?.SpecEdits ?? []) },
                // Not by the console, which would wrap long lines.
                _ => console.Profile.Out.Writer.Write(EditPatch.Of(migration, targets)));
        });
}
