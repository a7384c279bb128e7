using System.Globalization;
using System.Text;
using System.Text.Json.Nodes;
using k8s.Models;
using Modestano.Cli.Cluster;
using Modestano.Cli.Views;
using Modestano.Crds.V1Alpha1;

namespace Modestano.Cli.Init;

/// <summary>What a move to another region needs beside what is there: the members, an endpoint of each record, the migration. Pure.</summary>
internal static class MigrationManifests
{
    /// <summary>The manifests, to be committed in this order.</summary>
    /// <param name="wish">What is wanted.</param>
    /// <param name="set">The replica set as it is in the cluster.</param>
    /// <param name="records">The records that it names.</param>
    /// <exception cref="PluginException">Something of the wish is missing or contradicts what is there.</exception>
    public static InitText Of(MigrationWish wish, MongoReplicaSet set, IReadOnlyList<WeightedDnsRecord> records)
    {
        var from = set.Spec.PrimaryRegion;
        if (from == wish.To)
        {
            throw new PluginException($"the primary of {set.Metadata.Name} belongs to {from} already: --to names the region that it is to go to");
        }

        var notes = new List<string>();
        var yaml = new StringBuilder();
        var extended = Extended(set, wish);
        if (!ReferenceEquals(extended, set.Spec))
        {
            notes.Add("where the members of the new region ask for a login and have no users yet, nobody can tell from afar that they were never in a set: then write uninitialised: true at each, on your word (docs/decisions/fresh-members-with-authorization.md)");
            Document(yaml, nameof(MongoReplicaSet), set.Metadata, WrittenSpec.Of(extended, new MongoReplicaSetSpec { Connection = new() { Tls = new() } }));
        }

        foreach (var record in records)
        {
            var with = WithEndpoint(record, wish, from);
            if (!ReferenceEquals(with, record.Spec))
            {
                Document(yaml, nameof(WeightedDnsRecord), record.Metadata, WrittenSpec.Of(with, new WeightedDnsRecordSpec { Type = "" }));
            }
        }

        if (records.Count == 0)
        {
            notes.Add("no --record is named: the primary moves, and no traffic");
        }

        yaml.Append("---\n# Later, once `kubectl modestano check` is content: this is what starts the move.\n");
        yaml.Append(CultureInfo.InvariantCulture, $"apiVersion: {ApiGroup.GroupVersion}\nkind: RegionMigration\nmetadata:\n  name: {YamlScalar.Of(wish.Name ?? $"{from}-to-{wish.To}")}\n  namespace: {YamlScalar.Of(set.Metadata.NamespaceProperty)}\nspec:\n");
        yaml.Append(CultureInfo.InvariantCulture, $"  replicaSetRef: {{name: {YamlScalar.Of(set.Metadata.Name)}}}\n  from: {YamlScalar.Of(from)}\n  to: {YamlScalar.Of(wish.To)}\n");
        if (records.Count > 0)
        {
            yaml.Append(CultureInfo.InvariantCulture, $"  dnsRecordRefs: [{string.Join(", ", records.Select(r => $"{{name: {YamlScalar.Of(r.Metadata.Name)}}}"))}]\n");
        }

        yaml.Append("  primary: {moveAtPercent: 50}\n  trafficSteps:\n  - {percent: 10, hold: 5m}\n  - {percent: 50, hold: 15m}\n  - {percent: 100, hold: 1h}\n  gates: {maxReplicationLag: 5s}\n");
        return new InitText(yaml.ToString(), notes);
    }

    private static MongoReplicaSetSpec Extended(MongoReplicaSet set, MigrationWish wish)
    {
        var there = set.Spec.Regions.FirstOrDefault(r => r.Name == wish.To);
        var known = set.Spec.Regions.SelectMany(r => r.Members).Select(m => m.Host).ToHashSet(StringComparer.OrdinalIgnoreCase);
        var news = wish.Members.Where(m => !known.Contains(m.Host)).ToList();
        if (there is null && news.Count == 0)
        {
            throw new PluginException($"{set.Metadata.Name} has no members in {wish.To}: name them by --member HOST:PORT@ZONE, once for each");
        }

        if (news.Count == 0)
        {
            return set.Spec;
        }

        var region = (there ?? new RegionSpec { Name = wish.To, Members = [] }) with { Members = [.. there?.Members ?? [], .. news] };
        return set.Spec with { Regions = [.. set.Spec.Regions.Where(r => r.Name != wish.To), region] };
    }

    private static WeightedDnsRecordSpec WithEndpoint(WeightedDnsRecord record, MigrationWish wish, string from)
    {
        if (record.Spec.Endpoints.All(e => e.Region != from))
        {
            throw new PluginException($"WeightedDnsRecord {record.Metadata.Name} has no endpoint with region: {from}: write the region at each endpoint first, as migrations shift by it");
        }

        if (record.Spec.Endpoints.Any(e => e.Region == wish.To))
        {
            return record.Spec;
        }

        var target = wish.Records[record.Metadata.Name] ?? throw new PluginException($"WeightedDnsRecord {record.Metadata.Name} has no endpoint in {wish.To}: name it by --record {record.Metadata.Name}=ADDRESS, or =alias:DNSNAME/ZONEID");
        var endpoint = new EndpointSpec { SetIdentifier = wish.To, Region = wish.To, Weight = 0 };
        if (target.StartsWith("alias:", StringComparison.Ordinal))
        {
            var parts = target["alias:".Length..].Split('/');
            endpoint = parts is [{ Length: > 0 } name, { Length: > 0 } zone]
                ? endpoint with { Alias = new AliasTargetSpec { DnsName = name, HostedZoneId = zone, EvaluateTargetHealth = true } }
                : throw new PluginException($"--record {record.Metadata.Name}: '{target}' is no alias: write alias:DNSNAME/ZONEID, the zone being the load balancer's own");
        }
        else
        {
            endpoint = endpoint with { Values = [target] };
        }

        return record.Spec with { Endpoints = [.. record.Spec.Endpoints, endpoint] };
    }

    private static void Document(StringBuilder yaml, string kind, V1ObjectMeta metadata, JsonObject spec)
    {
        var labels = metadata.Labels is { Count: > 0 } some ? new JsonObject(some.Select(l => KeyValuePair.Create(l.Key, (JsonNode?)l.Value))) : null;
        var head = new JsonObject { ["name"] = metadata.Name, ["namespace"] = metadata.NamespaceProperty };
        if (labels is not null)
        {
            head["labels"] = labels;
        }

        yaml.Append("---\n").Append(YamlBlock.Of(new JsonObject { ["apiVersion"] = ApiGroup.GroupVersion, ["kind"] = kind, ["metadata"] = head, ["spec"] = spec }));
    }
}

/// <summary>What is wanted of <c>init migration</c>.</summary>
/// <param name="Name">The migration's name; null: made of the regions.</param>
/// <param name="To">The new region.</param>
/// <param name="Members">Its members.</param>
/// <param name="Records">Records by name, with the target of their new endpoint; null: it is there.</param>
internal sealed record MigrationWish(string? Name, string To, IReadOnlyList<MemberSpec> Members, IReadOnlyDictionary<string, string?> Records);
