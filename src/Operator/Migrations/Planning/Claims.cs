using Modestano.Crds.V1Alpha1;

namespace Modestano.Operator.Migrations.Planning;

/// <summary>A target belongs to one live migration at a time; a second one is refused all of its targets.</summary>
public static class Claims
{
    /// <summary>The rival that holds one of this migration's targets and what it holds; null: all are free.</summary>
    public static (RegionMigration Rival, string Target)? HeldByAnother(MigrationContext context)
    {
        var mine = Targets(context.Spec).ToHashSet(StringComparer.Ordinal);
        foreach (var rival in context.Rivals.Where(r => Comes(r, context.Migration)).OrderBy(r => r.Metadata.Name, StringComparer.Ordinal))
        {
            if (Targets(rival.Spec).FirstOrDefault(t => mine.Contains(t) && !Releases.IsReleased(rival.Status ?? new(), t)) is { } target)
            {
                return (rival, target);
            }
        }

        return null;
    }

    /// <summary>The migration's targets, as <c>MongoReplicaSet/name</c> and <c>WeightedDnsRecord/name</c>.</summary>
    public static IEnumerable<string> Targets(RegionMigrationSpec spec) =>
        (spec.DnsRecordRefs ?? []).Select(r => $"WeightedDnsRecord/{r.Name}").Prepend($"MongoReplicaSet/{spec.ReplicaSetRef.Name}");

    // One that has published an override holds its targets; between two that have not, the older one comes first.
    private static bool Comes(RegionMigration rival, RegionMigration mine)
    {
        if (rival.Metadata.Uid == mine.Metadata.Uid)
        {
            return false;
        }

        var (rivalHolds, mineHolds) = (rival.Status?.Override is not null, mine.Status?.Override is not null);
        if (rivalHolds != mineHolds)
        {
            return rivalHolds;
        }

        var age = (rival.Metadata.CreationTimestamp ?? DateTime.MaxValue).CompareTo(mine.Metadata.CreationTimestamp ?? DateTime.MaxValue);
        return age != 0 ? age < 0 : string.CompareOrdinal(rival.Metadata.Uid, mine.Metadata.Uid) < 0;
    }
}
