using System.Text.Json.Nodes;
using Modestano.Cli.Cluster;
using Modestano.Cli.Commands;
using Modestano.Crds.V1Alpha1;
using Spectre.Console.Rendering;

namespace Modestano.Cli.Views;

/// <summary>What one look at the cluster gives, for a program and for a person.</summary>
internal sealed record Picture(JsonNode Json, IRenderable Drawing)
{
    /// <summary>One object and what belongs to it.</summary>
    public static async Task<Picture> OfAsync(ClusterClient client, KindName kind, string name, CancellationToken cancellationToken)
    {
        if (kind == KindName.ReplicaSet)
        {
            var set = await client.GetAsync<MongoReplicaSet>(kind, name, cancellationToken);
            return new Picture(JsonText.Of(set)!, ReplicaSetTree.Draw(set));
        }

        if (kind == KindName.DnsRecord)
        {
            var record = await client.GetAsync<WeightedDnsRecord>(kind, name, cancellationToken);
            return new Picture(JsonText.Of(record)!, RecordTree.Draw(record));
        }

        var migration = await client.GetAsync<RegionMigration>(kind, name, cancellationToken);
        var (target, records) = await MigrationTargets.ReadAsync(client, migration, cancellationToken);
        var json = new JsonObject
        {
            ["migration"] = JsonText.Of(migration),
            ["replicaSet"] = JsonText.Of(target),
            ["records"] = new JsonArray([.. records.Select(JsonText.Of)]),
        };
        return new Picture(json, MigrationTree.Draw(migration, target, records));
    }

    /// <summary>All objects of a kind; without a kind, of all three.</summary>
    public static async Task<Picture> OfAllAsync(ClusterClient client, KindName? kind, bool everywhere, CancellationToken cancellationToken)
    {
        var sets = Wanted(KindName.ReplicaSet) ? await client.ListAsync<MongoReplicaSet>(KindName.ReplicaSet, everywhere, cancellationToken) : [];
        var records = Wanted(KindName.DnsRecord) ? await client.ListAsync<WeightedDnsRecord>(KindName.DnsRecord, everywhere, cancellationToken) : [];
        var migrations = Wanted(KindName.Migration) ? await client.ListAsync<RegionMigration>(KindName.Migration, everywhere, cancellationToken) : [];
        var json = new JsonObject
        {
            ["replicaSets"] = new JsonArray([.. sets.Select(JsonText.Of)]),
            ["records"] = new JsonArray([.. records.Select(JsonText.Of)]),
            ["migrations"] = new JsonArray([.. migrations.Select(JsonText.Of)]),
        };
        return new Picture(json, ObjectList.Draw(sets, records, migrations, everywhere ? "the cluster" : $"namespace {client.Namespace}"));

        bool Wanted(KindName one) => kind is null || kind == one;
    }
}
