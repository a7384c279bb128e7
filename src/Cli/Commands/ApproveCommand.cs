using System.CommandLine;
using System.Text.Json.Nodes;
using Modestano.Cli.Cluster;
using Modestano.Crds.V1Alpha1;
using Spectre.Console;

namespace Modestano.Cli.Commands;

/// <summary><c>approve mrs NAME</c>: prints the edit for Git. It writes nothing: a GitOps controller would take it back.</summary>
internal static class ApproveCommand
{
    public static Command Create(IAnsiConsole console) => ObjectCommand.Create(
        console, "approve", "Print the edit for Git that approves the plan. Nothing is written to the cluster.", [KindName.ReplicaSet], async (call, cancellationToken) =>
        {
            var set = await call.GetAsync<MongoReplicaSet>(cancellationToken);
            if (set.Status is not { PlanHash: { } hash, Plan: { Count: > 0 } plan })
            {
                throw new PluginException($"{call.Key} has no plan to approve: {(set.Spec.Reconfiguration.Mode == "Observe" ? "spec.reconfiguration.mode is Observe" : "nothing is to be done")}");
            }

            if (set.Spec.Reconfiguration.ApprovedPlanHash == hash)
            {
                throw new PluginException($"{call.Key}: plan {hash} is approved already");
            }

            call.Answer(
                new JsonObject { ["field"] = "spec.reconfiguration.approvedPlanHash", ["value"] = hash, ["plan"] = JsonText.Of(plan) },
                _ => WriteEdit(console.Profile.Out.Writer, call.Key, hash, plan));
        });

    // Without markup and wrapped lines: it is pasted into a file.
    private static void WriteEdit(TextWriter text, string key, string hash, IReadOnlyList<PlannedStep> plan)
    {
        text.WriteLine($"# {key}: commit this to its manifest; it holds for this plan only, once:");
        for (var i = 0; i < plan.Count; i++)
        {
            text.WriteLine($"#  {i + 1,2}. {plan[i].Summary}");
        }

        text.WriteLine($"spec:\n  reconfiguration:\n    approvedPlanHash: {hash}");
    }
}
