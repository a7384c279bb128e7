using System.CommandLine;
using Modestano.Cli.Cluster;
using Modestano.Cli.Init;
using Modestano.Crds.V1Alpha1;
using Spectre.Console;

namespace Modestano.Cli.Commands;

/// <summary><c>reverse rmig NAME</c>: prints the migration in the other direction. It writes nothing.</summary>
internal static class ReverseCommand
{
    public static Command Create(IAnsiConsole console)
    {
        var newName = new Option<string?>("--name") { Description = "The new migration's name; without it: the old one's with -back." };
        return ObjectCommand.Create(console, "reverse", "Print the manifest of the way back of a migration that has ended. Nothing is written to the cluster.", [KindName.Migration], async (call, cancellationToken) =>
        {
            var migration = await call.GetAsync<RegionMigration>(cancellationToken);
            var manifest = ReverseManifest.Of(migration, call.Parsed.GetValue(newName));
            var (set, records) = await MigrationTargets.ReadAsync(call.Client, migration, cancellationToken);

            // Not by the console, which would wrap long lines.
            call.Answer(manifest, _ => console.Profile.Out.Writer.Write(ReverseManifest.Text(manifest, migration, set, records)));
        }, newName);
    }
}
