using System.CommandLine;
using System.Text.Json.Nodes;
using Modestano.Cli.Cluster;
using Modestano.Cli.Views;
using Modestano.Crds.V1Alpha1;
using Spectre.Console;

namespace Modestano.Cli.Commands;

/// <summary><c>plan mrs|rmig NAME</c>: what will happen, in order, before it happens.</summary>
internal static class PlanCommand
{
    public static Command Create(IAnsiConsole console) => ObjectCommand.Create(
        console, "plan", "Say what will happen, in order; of a migration also what Git must say at its end.", [KindName.ReplicaSet, KindName.Migration], async (call, cancellationToken) =>
        {
            if (call.Kind == KindName.ReplicaSet)
            {
                var set = await call.GetAsync<MongoReplicaSet>(cancellationToken);
                call.Answer(new JsonObject { ["planHash"] = set.Status?.PlanHash, ["plan"] = JsonText.Of(set.Status?.Plan ?? []) }, c => Write(c, set));
            }
            else
            {
                var migration = await call.GetAsync<RegionMigration>(cancellationToken);
                call.Answer(Json(migration), c => PlanText.Of(migration).ToList().ForEach(c.MarkupLine));
            }
        });

    private static void Write(IAnsiConsole console, MongoReplicaSet set)
    {
        if (set.Status?.Plan is not { Count: > 0 } plan)
        {
            console.WriteLine(set.Spec.Reconfiguration.Mode == "Observe" ? "no plan: spec.reconfiguration.mode is Observe" : "nothing is planned");
            return;
        }

        for (var i = 0; i < plan.Count; i++)
        {
            console.MarkupLine($"{i + 1,2}. {PlanText.Of(plan[i])}");
        }

        if (set.Status.PlanHash is { } hash)
        {
            console.MarkupLine($"plan [bold]{Markup.Escape(hash)}[/]");
        }
    }

    private static JsonObject Json(RegionMigration migration) => new()
    {
        ["phase"] = migration.Status?.Phase,
        ["trafficSteps"] = JsonText.Of(migration.Spec.TrafficSteps),
        ["step"] = JsonText.Of(migration.Status?.Step),
        ["specEdits"] = JsonText.Of(migration.Status?.SpecEdits ?? []),
    };
}
