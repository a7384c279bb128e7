using System.Globalization;
using k8s.Models;
using Modestano.Crds.V1Alpha1;

namespace Modestano.Operator.Overrides;

/// <summary>What one live migration asks one target for: its <c>status.override</c> seen from that target.</summary>
/// <param name="MigrationName">The migration's name.</param>
/// <param name="MigrationUid">Its UID.</param>
/// <param name="CreationTime">When it was made: of two that claim an unclaimed target the older one gets it.</param>
/// <param name="Revision">The revision of what is asked for.</param>
/// <param name="Values">What is asked for.</param>
/// <param name="Hold">Finish what is in flight and start nothing.</param>
/// <param name="Immediate">Weights go in one batch (D2).</param>
/// <param name="PermittedUntil">No weight may rise after this moment.</param>
/// <param name="Released">This target's override has ended; one-way.</param>
public sealed record MigrationClaim(
    string MigrationName,
    string MigrationUid,
    DateTime CreationTime,
    long Revision,
    OverrideValues Values,
    bool Hold,
    bool Immediate,
    DateTime? PermittedUntil,
    bool Released)
{
    /// <summary>The claim that a migration has on a replica set; null where it names another one or has asked for nothing yet.</summary>
    public static MigrationClaim? OnReplicaSet(RegionMigration migration, string replicaSet)
    {
        ArgumentNullException.ThrowIfNull(migration);
        return migration.Spec.ReplicaSetRef.Name == replicaSet && migration.Status?.Override is { } asked
            ? Make(migration, asked, new OverrideValues(asked.PrimaryRegion, asked.RetiredMembers, null) { VotelessMembers = asked.VotelessMembers, HiddenMembers = asked.HiddenMembers }, null, TargetName("MongoReplicaSet", replicaSet))
            : null;
    }

    /// <summary>The claim that a migration has on a record; null where it does not name the record or has asked for nothing yet.</summary>
    public static MigrationClaim? OnRecord(RegionMigration migration, string record)
    {
        ArgumentNullException.ThrowIfNull(migration);
        if (migration.Spec.DnsRecordRefs?.Any(r => r.Name == record) != true || migration.Status?.Override is not { } asked)
        {
            return null;
        }

        var weights = asked.Records?.FirstOrDefault(r => r.Name == record);
        return Make(migration, asked, new OverrideValues(null, null, weights?.Weights), weights?.PermittedUntil, TargetName("WeightedDnsRecord", record));
    }

    /// <summary>How <c>status.released</c> of a migration names a target: <c>MongoReplicaSet/marketplace</c>.</summary>
    public static string TargetName(string kind, string name) => $"{kind}/{name}";

    private static MigrationClaim Make(RegionMigration migration, MigrationOverride asked, OverrideValues values, DateTime? permittedUntil, string target) =>
        new(
            migration.Metadata.Name,
            migration.Metadata.Uid ?? "",
            migration.Metadata.CreationTimestamp ?? DateTime.MaxValue,
            asked.Revision,
            values,
            asked.Hold ?? false,
            asked.Immediate ?? false,
            permittedUntil,
            migration.Status?.Released?.Contains(target) ?? false);
}

/// <summary>The values that an override carries; what does not concern a kind of target is null.</summary>
/// <param name="PrimaryRegion">On a replica set: the region that the primary belongs to.</param>
/// <param name="RetiredMembers">On a replica set: hosts that leave it.</param>
/// <param name="Weights">On a record: weight (0–255) by set identifier.</param>
public sealed record OverrideValues(string? PrimaryRegion, IReadOnlyList<string>? RetiredMembers, IReadOnlyDictionary<string, int>? Weights)
{
    /// <summary>On a replica set: hosts that stay in it without a vote.</summary>
    public IReadOnlyList<string>? VotelessMembers { get; init; }

    /// <summary>On a replica set: hosts that stay in it hidden from applications.</summary>
    public IReadOnlyList<string>? HiddenMembers { get; init; }
}

/// <summary>What the target's own spec says in the fields that an override can reach.</summary>
/// <param name="PrimaryRegion">On a replica set: <c>spec.primaryRegion</c>.</param>
/// <param name="Members">On a replica set: every host in the spec.</param>
/// <param name="Weights">On a record: weight by set identifier.</param>
public sealed record OverriddenSpec(string? PrimaryRegion, IReadOnlyCollection<string> Members, IReadOnlyDictionary<string, int>? Weights)
{
    /// <summary>On a replica set: every host that the spec does not tell to have no vote.</summary>
    public IReadOnlyCollection<string> MayVote { get; init; } = [];

    /// <summary>On a replica set: every host that the spec does not hide.</summary>
    public IReadOnlyCollection<string> MayBeSeen { get; init; } = [];

    /// <summary>On a replica set: the hosts in the region that <c>spec.primaryRegion</c> names.</summary>
    public IReadOnlyCollection<string> AtHome { get; init; } = [];

    /// <summary>On a record: what answers under each set identifier.</summary>
    public IReadOnlyList<LatchedEndpoint>? Endpoints { get; init; }

    /// <summary>On a record: its generation, where a person said to take the endpoints as they are in it; null: nobody did.</summary>
    public long? Taken { get; init; }

    /// <summary>The fields of a replica set.</summary>
    public static OverriddenSpec Of(MongoReplicaSetSpec spec)
    {
        ArgumentNullException.ThrowIfNull(spec);
        var members = spec.Regions.SelectMany(r => r.Members).ToList();
        return new(spec.PrimaryRegion, [.. members.Select(m => m.Host)], null)
        {
            MayVote = [.. members.Where(m => m.Votes != 0).Select(m => m.Host)],
            MayBeSeen = [.. members.Where(m => m.Hidden != true).Select(m => m.Host)],
            AtHome = [.. spec.Regions.Where(r => r.Name == spec.PrimaryRegion).SelectMany(r => r.Members).Select(m => m.Host)],
        };
    }

    /// <summary>The fields of a record, and what a person said about them.</summary>
    public static OverriddenSpec Of(WeightedDnsRecord record)
    {
        ArgumentNullException.ThrowIfNull(record);
        var generation = record.Metadata.Generation;
        return Of(record.Spec) with
        {
            Taken = record.GetAnnotation(Annotations.TakeEdits) is { } said && said.Trim() == generation?.ToString(CultureInfo.InvariantCulture) ? generation : null,
        };
    }

    /// <summary>The fields of a record.</summary>
    public static OverriddenSpec Of(WeightedDnsRecordSpec spec)
    {
        ArgumentNullException.ThrowIfNull(spec);
        return new(null, [], spec.Endpoints.ToDictionary(e => e.SetIdentifier, e => e.Weight, StringComparer.Ordinal))
        {
            Endpoints = [.. spec.Endpoints.Select(e => new LatchedEndpoint
            {
                SetIdentifier = e.SetIdentifier,
                Region = e.Region,
                Values = e.Values,
                Alias = e.Alias,
                HealthCheckId = e.HealthCheckId,
            })],
        };
    }
}
