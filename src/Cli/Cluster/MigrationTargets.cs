using Modestano.Crds.V1Alpha1;

namespace Modestano.Cli.Cluster;

/// <summary>What a migration moves, as far as it exists.</summary>
/// <param name="Set">Its replica set; null: it does not exist.</param>
/// <param name="Records">Its records, in the order of its spec.</param>
internal sealed record MigrationTargets(MongoReplicaSet? Set, IReadOnlyList<WeightedDnsRecord> Records)
{
    /// <summary>Reads them.</summary>
    public static async Task<MigrationTargets> ReadAsync(ClusterClient client, RegionMigration migration, CancellationToken cancellationToken)
    {
        var set = await client.FindAsync<MongoReplicaSet>(KindName.ReplicaSet, migration.Spec.ReplicaSetRef.Name, cancellationToken);
        var records = new List<WeightedDnsRecord>();
        foreach (var reference in migration.Spec.DnsRecordRefs ?? [])
        {
            if (await client.FindAsync<WeightedDnsRecord>(KindName.DnsRecord, reference.Name, cancellationToken) is { } record)
            {
                records.Add(record);
            }
        }

        return new MigrationTargets(set, records);
    }
}
