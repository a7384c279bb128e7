using System.Globalization;
using System.Text;
using System.Text.Json.Nodes;
using Modestano.Cli.Cluster;
using Modestano.Cli.Views;
using Modestano.Crds.V1Alpha1;
using Modestano.Operator.Migrations.Phases;
using Modestano.Operator.Migrations.Planning;

namespace Modestano.Cli.Init;

/// <summary>The manifest of the way back of a migration that has ended, and what has to be done before it can begin. Pure.</summary>
internal static class ReverseManifest
{
    /// <summary>The manifest.</summary>
    /// <param name="migration">The migration that has ended.</param>
    /// <param name="name">The new one's name; null: made of the old one's.</param>
    /// <exception cref="PluginException">It has not ended, or went back itself.</exception>
    public static JsonObject Of(RegionMigration migration, string? name)
    {
        var key = $"RegionMigration {migration.Metadata.NamespaceProperty}/{migration.Metadata.Name}";
        switch (migration.Status?.Phase)
        {
            case MigrationPhases.Completed:
                break;
            case MigrationPhases.RolledBack:
                throw new PluginException($"{key} was rolled back: primary and traffic are in {migration.Spec.From} already");
            case MigrationPhases.Decommissioning when migration.Status.Override?.RetiredMembers is { Count: > 0 }:
                throw new PluginException($"{key} has not ended, members of {migration.Spec.From} leave the set: ask again when it is Completed");
            default:
                throw new PluginException($"{key} has not ended ({migration.Status?.Phase ?? "not looked at yet"}): the way back of one that runs is `kubectl modestano roll-back rmig {migration.Metadata.Name} --reason …`");
        }

        return new JsonObject
        {
            ["apiVersion"] = ApiGroup.GroupVersion,
            ["kind"] = KindName.Migration.Kind,
            ["metadata"] = new JsonObject { ["name"] = name ?? Back(migration.Metadata.Name), ["namespace"] = migration.Metadata.NamespaceProperty },
            ["spec"] = WrittenSpec.Of(Reversal.Of(migration), new RegionMigrationSpec()),
        };
    }

    /// <summary>The manifest as text, with comments on what has to be done before.</summary>
    /// <param name="manifest">As made by <see cref="Of"/>.</param>
    /// <param name="migration">The migration that has ended.</param>
    /// <param name="set">Its replica set; null: it is gone.</param>
    /// <param name="records">Its records; those that are gone are absent.</param>
    public static string Text(JsonObject manifest, RegionMigration migration, MongoReplicaSet? set, IReadOnlyList<WeightedDnsRecord> records)
    {
        var (from, to) = (migration.Spec.To, migration.Spec.From);
        var yaml = new StringBuilder();
        yaml.Append(CultureInfo.InvariantCulture, $"# The way back of {migration.Metadata.Name}: primary and traffic from {from} to {to}. It starts when it is applied.\n");
        foreach (var before in Before(migration, set, records))
        {
            yaml.Append(CultureInfo.InvariantCulture, $"# Before that: {YamlScalar.Comment(before)}\n");
        }

        return yaml.Append(YamlBlock.Of(manifest)).ToString();
    }

    private static IEnumerable<string> Before(RegionMigration migration, MongoReplicaSet? set, IReadOnlyList<WeightedDnsRecord> records)
    {
        var back = Reversal.Of(migration);
        if (migration.Status?.SpecEdits is { Count: > 0 } edits)
        {
            yield return $"commit the {edits.Count} edit(s) that `kubectl modestano edits rmig {migration.Metadata.Name}` prints; until then {migration.Metadata.Name} holds the targets (TargetClaimed).";
        }

        if (set is null || Targets.DataBearing(set, back.To).Count == 0)
        {
            yield return $"MongoReplicaSet {back.ReplicaSetRef.Name} has no member with data in {back.To}: list them in its spec again (RegionNotInReplicaSet).";
        }
        else if (PendingPhase.NobodyCouldBePrimary(set, back) is { } nobody)
        {
            yield return $"{nobody} (NobodyCouldBePrimary).";
        }

        foreach (var reference in back.DnsRecordRefs ?? [])
        {
            if (records.FirstOrDefault(r => r.Metadata.Name == reference.Name)?.Spec.Endpoints.Any(e => e.Region == back.To) != true)
            {
                yield return $"WeightedDnsRecord {reference.Name} has no endpoint in {back.To}: list it again (RegionNotInRecord).";
            }
        }
    }

    private static string Back(string name) => name.EndsWith("-back", StringComparison.Ordinal) ? name[..^"-back".Length] + "-again" : name + "-back";
}
