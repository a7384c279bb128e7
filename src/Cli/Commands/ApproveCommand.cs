using System.CommandLine;
using System.Text.Json.Nodes;
using Modestano.Cli.Cluster;
using Modestano.Crds.V1Alpha1;
using Spectre.Console;

namespace Modestano.Cli.Commands;

/// <summary><c>approve mrs NAME</c>: prints the edit for Git. It writes nothing: a GitOps controller would take it back.</summary>
internal static class ApproveCommand
{
    public static Command Create(IAnsiConsole console)
    {
        var command = new Command("approve", "Print the edit for Git that approves the plan. Nothing is written to the cluster.");
        var kind = KindName.Argument(KindName.ReplicaSet);
        var name = new Argument<string>("NAME");
        command.Arguments.Add(kind);
        command.Arguments.Add(name);
        var cluster = new ClusterOptions(command);
        command.SetAction(async (parsed, cancellationToken) =>
        {
            using var client = cluster.Connect(parsed);
            var set = await client.GetAsync<MongoReplicaSet>(KindName.ReplicaSet, parsed.GetRequiredValue(name), cancellationToken);
            var key = $"MongoReplicaSet {client.Namespace}/{set.Metadata.Name}";
            if (set.Status is not { PlanHash: { } hash, Plan: { Count: > 0 } plan })
            {
                throw new PluginException($"{key} has no plan to approve: {(set.Spec.Reconfiguration.Mode == "Observe" ? "spec.reconfiguration.mode is Observe" : "nothing is to be done")}");
            }

            if (set.Spec.Reconfiguration.ApprovedPlanHash == hash)
            {
                throw new PluginException($"{key}: plan {hash} is approved already");
            }

            if (cluster.WantsJson(parsed))
            {
                JsonText.Write(console, new JsonObject { ["field"] = "spec.reconfiguration.approvedPlanHash", ["value"] = hash, ["plan"] = JsonText.Of(plan) });
                return 0;
            }

            var text = console.Profile.Out.Writer;
            await text.WriteLineAsync($"# {key}: commit this to its manifest; it holds for this plan only, once:");
            for (var i = 0; i < plan.Count; i++)
            {
                await text.WriteLineAsync($"#  {i + 1,2}. {plan[i].Summary}");
            }

            await text.WriteLineAsync($"spec:\n  reconfiguration:\n    approvedPlanHash: {hash}");
            return 0;
        });
        return command;
    }
}
