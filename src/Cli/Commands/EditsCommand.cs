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
            var targets = new Dictionary<string, object>(StringComparer.Ordinal);
            foreach (var target in (migration.Status?.SpecEdits ?? []).Select(e => e.Target).Distinct())
            {
                var name = target[(target.IndexOf('/', StringComparison.Ordinal) + 1)..];
                object? found = target.StartsWith(KindName.ReplicaSet.Kind, StringComparison.Ordinal)
                    ? await call.Client.FindAsync<MongoReplicaSet>(KindName.ReplicaSet, name, cancellationToken)
                    : await call.Client.FindAsync<WeightedDnsRecord>(KindName.DnsRecord, name, cancellationToken);
                if (found is not null)
                {
                    targets[target] = found;
                }
            }

            call.Answer(
                new JsonObject { ["specEdits"] = JsonText.Of(migration.Status?.SpecEdits ?? []) },
                // Not by the console, which would wrap long lines.
                _ => console.Profile.Out.Writer.Write(EditPatch.Of(migration, targets)));
        });
}
