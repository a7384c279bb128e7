using System.CommandLine;
using System.Text.Json.Nodes;
using Modestano.Cli.Cluster;
using Modestano.Cli.Views;
using Modestano.Crds.V1Alpha1;
using Spectre.Console;

namespace Modestano.Cli.Commands;

/// <summary><c>check [KIND [NAME]] [-A]</c>: everything that can be known before anything is changed, with figures and advice.</summary>
internal static class CheckCommand
{
    /// <summary>The exit code of rows that a person has to look at.</summary>
    private const int NotWell = 1;

    public static Command Create(IAnsiConsole console)
    {
        var all = new Option<bool>("--all-namespaces", "-A") { Description = "Of the whole cluster instead of one namespace." };
        var strict = new Option<bool>("--strict") { Description = "Exit with 1 for warnings and for what is not known, too." };
        var kind = KindName.Argument(KindName.ReplicaSet, KindName.DnsRecord, KindName.Migration);
        kind.Arity = ArgumentArity.ZeroOrOne;
        var name = new Argument<string?>("NAME") { Arity = ArgumentArity.ZeroOrOne, Description = "Without it: all of that kind; without a kind: everything." };
        var command = new Command("check", "Tell everything that can be known before anything is changed, as the operator sees it. Exit code 1: something failed.") { kind, name, all, strict };
        var cluster = new ClusterOptions(command);
        command.SetAction(async (parsed, cancellationToken) =>
        {
            using var client = cluster.Connect(parsed);
            var rows = parsed.GetValue(name) is { } one
                ? await OfOneAsync(client, parsed.GetRequiredValue(kind), one, cancellationToken)
                : await OfAllAsync(client, parsed.GetValue(kind), parsed.GetValue(all), cancellationToken);
            if (rows.Count == 0)
            {
                throw new PluginException("nothing of the operator's kinds is here: `kubectl modestano init` writes a first manifest, -A looks everywhere");
            }

            var worst = CheckRow.Worst(rows);
            if (cluster.WantsJson(parsed))
            {
                JsonText.Write(console, new JsonObject { ["result"] = worst, ["rows"] = new JsonArray([.. rows.Select(Json)]) });
            }
            else
            {
                CheckTable.Write(console, rows);
            }

            return worst == CheckRow.Failed || (parsed.GetValue(strict) && worst != CheckRow.Passed) ? NotWell : 0;
        });
        return command;
    }

    private static async Task<List<CheckRow>> OfOneAsync(ClusterClient client, KindName kind, string name, CancellationToken cancellationToken)
    {
        if (kind == KindName.ReplicaSet)
        {
            return [.. CheckRows.Of(await client.GetAsync<MongoReplicaSet>(kind, name, cancellationToken))];
        }

        if (kind == KindName.DnsRecord)
        {
            return [.. CheckRows.Of(await client.GetAsync<WeightedDnsRecord>(kind, name, cancellationToken))];
        }

        // A migration is as ready as what it moves.
        var migration = await client.GetAsync<RegionMigration>(kind, name, cancellationToken);
        var rows = CheckRows.Of(migration).ToList();
        rows.AddRange(CheckRows.Of(await client.GetAsync<MongoReplicaSet>(KindName.ReplicaSet, migration.Spec.ReplicaSetRef.Name, cancellationToken)));
        foreach (var reference in migration.Spec.DnsRecordRefs ?? [])
        {
            rows.AddRange(CheckRows.Of(await client.GetAsync<WeightedDnsRecord>(KindName.DnsRecord, reference.Name, cancellationToken)));
        }

        return rows;
    }

    private static async Task<List<CheckRow>> OfAllAsync(ClusterClient client, KindName? kind, bool everywhere, CancellationToken cancellationToken)
    {
        var rows = new List<CheckRow>();
        if (kind is null || kind == KindName.ReplicaSet)
        {
            rows.AddRange((await client.ListAsync<MongoReplicaSet>(KindName.ReplicaSet, everywhere, cancellationToken)).SelectMany(CheckRows.Of));
        }

        if (kind is null || kind == KindName.DnsRecord)
        {
            rows.AddRange((await client.ListAsync<WeightedDnsRecord>(KindName.DnsRecord, everywhere, cancellationToken)).SelectMany(CheckRows.Of));
        }

        if (kind is null || kind == KindName.Migration)
        {
            rows.AddRange((await client.ListAsync<RegionMigration>(KindName.Migration, everywhere, cancellationToken)).SelectMany(CheckRows.Of));
        }

        return rows;
    }

    private static JsonObject Json(CheckRow row) => new()
    {
        ["object"] = row.Object,
        ["check"] = row.Check,
        ["subject"] = row.Subject,
        ["result"] = row.Result,
        ["value"] = row.Value,
        ["limit"] = row.Limit,
        ["advice"] = row.Advice,
    };
}
