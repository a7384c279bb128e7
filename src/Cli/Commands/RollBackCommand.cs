using System.CommandLine;
using Modestano.Cli.Cluster;
using Modestano.Crds.V1Alpha1;
using Spectre.Console;

namespace Modestano.Cli.Commands;

/// <summary><c>roll-back rmig NAME</c>: the annotation that the operator latches; re-applying Git does not undo it.</summary>
internal static class RollBackCommand
{
    public static Command Create(IAnsiConsole console)
    {
        var command = new Command("roll-back", "Take a migration back to where it began. It cannot be taken back itself.");
        var kind = KindName.Argument(KindName.Migration);
        var name = new Argument<string>("NAME");
        var reason = HoldCommands.Reason("Why; it is kept in status and in the timeline.");
        command.Arguments.Add(kind);
        command.Arguments.Add(name);
        command.Options.Add(reason);
        var cluster = new ClusterOptions(command);
        command.SetAction(async (parsed, cancellationToken) =>
        {
            using var client = cluster.Connect(parsed);
            var migration = await client.GetAsync<RegionMigration>(KindName.Migration, parsed.GetRequiredValue(name), cancellationToken);
            var key = $"RegionMigration {client.Namespace}/{migration.Metadata.Name}";
            if (migration.Status?.RollBack is { } latched)
            {
                throw new PluginException($"{key} goes back already, since {latched.Time:u}: {latched.Reason}");
            }

            if (migration.Status?.Override?.RetiredMembers is { Count: > 0 })
            {
                throw new PluginException($"{key} is decommissioning: members of {migration.Spec.From} leave the set, there is no way back; make a migration from {migration.Spec.To} to {migration.Spec.From}");
            }

            var why = parsed.GetRequiredValue(reason);
            await client.AnnotateAsync(KindName.Migration, migration.Metadata.Name, Annotations.RollBack, why, cancellationToken);
            HoldCommands.Tell(
                console, cluster.WantsJson(parsed), client, KindName.Migration, migration.Metadata.Name, Annotations.RollBack, why,
                $"{key} rolls back to {migration.Spec.From}: {why}");
            return 0;
        });
        return command;
    }
}
