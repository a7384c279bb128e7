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
        var watch = new Option<bool>("--watch", "-w") { Description = "Draw anew whenever something changes, until Ctrl-C." };
        KindName[] kinds = [KindName.ReplicaSet, KindName.Migration];
        return ObjectCommand.Create(console, "status", "Draw regions, members, lag, votes, weights, phase and plan.", kinds, async (call, cancellationToken) =>
        {
            string? drawn = null;
            while (true)
            {
                var picture = await Picture.ReadAsync(call.Client, call.Kind, call.Name, cancellationToken);
                if (picture.Json.ToJsonString() is var now && now != drawn)
                {
                    call.Answer(picture.Json, c => Draw(c, picture, redraw: drawn is not null));
                    drawn = now;
                }

                if (!call.Parsed.GetValue(watch))
                {
                    return;
                }

                await Task.Delay(Interval, time, cancellationToken);
            }
        }, watch);
    }

    private static void Draw(IAnsiConsole console, Picture picture, bool redraw)
    {
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
