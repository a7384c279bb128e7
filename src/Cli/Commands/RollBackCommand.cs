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
        var reason = ObjectCommand.Reason("Why; it is kept in status and in the timeline.");
        return ObjectCommand.Create(console, "roll-back", "Take a migration back to where it began. It cannot be taken back itself.", [KindName.Migration], async (call, cancellationToken) =>
        {
            var migration = await call.GetAsync<RegionMigration>(cancellationToken);
            if (migration.Status?.RollBack is { } latched)
            {
                throw new PluginException($"{call.Key} goes back already, since {latched.Time:u}: {latched.Reason}");
            }

            if (migration.Status?.Override?.RetiredMembers is { Count: > 0 })
            {
                throw new PluginException($"{call.Key} is decommissioning: members of {migration.Spec.From} leave the set, there is no way back; make a migration from {migration.Spec.To} to {migration.Spec.From}");
            }

            var why = call.Parsed.GetRequiredValue(reason);
            await call.AnnotateAsync(Annotations.RollBack, why, $"{call.Key} rolls back to {migration.Spec.From}: {why}", cancellationToken);
        }, reason);
    }
}
