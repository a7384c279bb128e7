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
    public static Command Create(IAnsiConsole console)
    {
        var command = new Command("plan", "Say what will happen, in order; of a migration also what Git must say at its end.");
        var kind = KindName.Argument(KindName.ReplicaSet, KindName.Migration);
        var name = new Argument<string>("NAME");
        command.Arguments.Add(kind);
        command.Arguments.Add(name);
        var cluster = new ClusterOptions(command);
        command.SetAction(async (parsed, cancellationToken) =>
        {
            using var client = cluster.Connect(parsed);
            if (parsed.GetRequiredValue(kind) == KindName.ReplicaSet)
            {
                var set = await client.GetAsync<MongoReplicaSet>(KindName.ReplicaSet, parsed.GetRequiredValue(name), cancellationToken);
                Write(console, set, cluster.WantsJson(parsed));
            }
            else
            {
                var migration = await client.GetAsync<RegionMigration>(KindName.Migration, parsed.GetRequiredValue(name), cancellationToken);
                Write(console, migration, cluster.WantsJson(parsed));
            }

            return 0;
        });
        return command;
    }

    private static void Write(IAnsiConsole console, MongoReplicaSet set, bool json)
    {
        if (json)
        {
            JsonText.Write(console, new JsonObject { ["planHash"] = set.Status?.PlanHash, ["plan"] = JsonText.Of(set.Status?.Plan ?? []) });
            return;
        }

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

    private static void Write(IAnsiConsole console, RegionMigration migration, bool json)
    {
        if (json)
        {
            JsonText.Write(console, new JsonObject
            {
                ["phase"] = migration.Status?.Phase,
                ["trafficSteps"] = JsonText.Of(migration.Spec.TrafficSteps),
                ["step"] = JsonText.Of(migration.Status?.Step),
                ["specEdits"] = JsonText.Of(migration.Status?.SpecEdits ?? []),
            });
            return;
        }

        foreach (var line in PlanText.Of(migration))
        {
            console.MarkupLine(line);
        }
    }
}
