using System.CommandLine;
using System.Text.Json.Nodes;
using Modestano.Cli.Cluster;
using Modestano.Cli.Views;
using Modestano.Crds.V1Alpha1;
using Spectre.Console;
using Spectre.Console.Rendering;

namespace Modestano.Cli.Commands;

/// <summary><c>status mrs|rmig NAME [-w]</c>: the object and what belongs to it as a tree.</summary>
internal static class StatusCommand
{
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(1);

    public static Command Create(IAnsiConsole console, TimeProvider time)
    {
        var command = new Command("status", "Draw regions, members, lag, votes, weights, phase and plan.");
        var kind = KindName.Argument(KindName.ReplicaSet, KindName.Migration);
        var name = new Argument<string>("NAME");
        var watch = new Option<bool>("--watch", "-w") { Description = "Draw anew whenever something changes, until Ctrl-C." };
        command.Arguments.Add(kind);
        command.Arguments.Add(name);
        command.Options.Add(watch);
        var cluster = new ClusterOptions(command);
        command.SetAction(async (parsed, cancellationToken) =>
        {
            using var client = cluster.Connect(parsed);
            string? drawn = null;
            do
            {
                var picture = await Picture.ReadAsync(client, parsed.GetRequiredValue(kind), parsed.GetRequiredValue(name), cancellationToken);
                if (picture.Json.ToJsonString() is var now && now != drawn)
                {
                    Show(console, picture, cluster.WantsJson(parsed), redraw: drawn is not null);
                    drawn = now;
                }

                if (parsed.GetValue(watch))
                {
                    await Task.Delay(Interval, time, cancellationToken);
                }
            }
            while (parsed.GetValue(watch));
            return 0;
        });
        return command;
    }

    private static void Show(IAnsiConsole console, Picture picture, bool json, bool redraw)
    {
        if (json)
        {
            JsonText.Write(console, picture.Json);
            return;
        }

        if (redraw && console.Profile.Capabilities.Ansi)
        {
            console.Clear();
        }
        else if (redraw)
        {
            console.WriteLine();
        }

        console.Write(picture.Drawing);
    }

    /// <summary>What one look at the cluster gives.</summary>
    private sealed record Picture(JsonNode Json, IRenderable Drawing)
    {
        public static async Task<Picture> ReadAsync(ClusterClient client, KindName kind, string name, CancellationToken cancellationToken)
        {
            if (kind == KindName.ReplicaSet)
            {
                var set = await client.GetAsync<MongoReplicaSet>(kind, name, cancellationToken);
                return new Picture(JsonText.Of(set)!, ReplicaSetTree.Draw(set));
            }

            var migration = await client.GetAsync<RegionMigration>(kind, name, cancellationToken);
            var target = await client.FindAsync<MongoReplicaSet>(KindName.ReplicaSet, migration.Spec.ReplicaSetRef.Name, cancellationToken);
            var records = new List<WeightedDnsRecord>();
            foreach (var reference in migration.Spec.DnsRecordRefs ?? [])
            {
                if (await client.FindAsync<WeightedDnsRecord>(KindName.DnsRecord, reference.Name, cancellationToken) is { } record)
                {
                    records.Add(record);
                }
            }

            var json = new JsonObject
            {
                ["migration"] = JsonText.Of(migration),
                ["replicaSet"] = JsonText.Of(target),
                ["records"] = new JsonArray([.. records.Select(JsonText.Of)]),
            };
            return new Picture(json, MigrationTree.Draw(migration, target, records));
        }
    }
}
