using System.CommandLine;
using Modestano.Cli.Cluster;
using Modestano.Crds.V1Alpha1;
using Spectre.Console;

namespace Modestano.Cli.Commands;

/// <summary><c>promote rmig NAME</c>: the annotation that ends the pause, or the rest of the hold, that the migration stands in.</summary>
internal static class PromoteCommand
{
    public static Command Create(IAnsiConsole console) => ObjectCommand.Create(
        console, "promote", "End the pause, or the rest of the hold, that a migration stands in. No gate is skipped by that.", [KindName.Migration], async (call, cancellationToken) =>
        {
            var migration = await call.GetAsync<RegionMigration>(cancellationToken);
            var status = migration.Status;
            if (status?.Pause is not { } pause)
            {
                throw new PluginException($"{call.Key} stands in no pause and no hold ({status?.Phase ?? "not looked at yet"}): there is nothing to promote; it waits for {status?.WaitingFor ?? "nothing"}");
            }

            if (status.Promoted?.Token == pause.Token)
            {
                throw new PluginException($"{call.Key}: {pause.Percent}% was promoted at {status.Promoted.Time:u}; it waits for {status.WaitingFor ?? "nothing"}");
            }

            await call.AnnotateAsync(Annotations.Promote, $"{pause.Percent}/{pause.Token}", $"{call.Key}: {pause.Percent}% is promoted{Still(status)}", cancellationToken);
        });

    // What a promotion does not end, said at once: who promotes expects it to go on.
    private static string Still(RegionMigrationStatus status) =>
        Condition(status, ConditionTypes.Held, "True") is { } held ? $"; it goes on when it is no longer held: {held.Message}"
        : Condition(status, ConditionTypes.GatesPassing, "True") is null && status.Conditions?.FirstOrDefault(c => c.Type == ConditionTypes.GatesPassing) is { } gates ? $"; it goes on when every gate passes: {gates.Message}"
        : "";

    private static Condition? Condition(RegionMigrationStatus status, string type, string value) => status.Conditions?.FirstOrDefault(c => c.Type == type && c.Status == value);
}
