using System.CommandLine;
using System.Text.Json.Nodes;
using Modestano.Cli.Cluster;
using Modestano.Cli.Views;
using Modestano.Crds.V1Alpha1;
using Spectre.Console;

namespace Modestano.Cli.Commands;

/// <summary><c>grants [-A]</c>: the grants file that today's objects need, for whoever installs the operator.</summary>
internal static class GrantsCommand
{
    public static Command Create(IAnsiConsole console)
    {
        var all = new Option<bool>("--all-namespaces", "-A") { Description = "Of the whole cluster instead of one namespace." };
        var command = new Command("grants", "Print the grants file that the objects of today need, for the operator's installer to read and take over.") { all };
        var cluster = new ClusterOptions(command);
        command.SetAction(async (parsed, cancellationToken) =>
        {
            using var client = cluster.Connect(parsed);
            var everywhere = parsed.GetValue(all);
            var text = GrantsText.Of(
                await client.ListAsync<MongoReplicaSet>(KindName.ReplicaSet, everywhere, cancellationToken),
                await client.ListAsync<WeightedDnsRecord>(KindName.DnsRecord, everywhere, cancellationToken),
                await client.ListAsync<RegionMigration>(KindName.Migration, everywhere, cancellationToken));
            if (cluster.WantsJson(parsed))
            {
                JsonText.Write(console, new JsonObject { ["grants"] = text });
            }
            else
            {
                // Not by the console, which would wrap long lines.
                await console.Profile.Out.Writer.WriteAsync(text);
            }

            return 0;
        });
        return command;
    }
}
