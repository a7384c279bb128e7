using k8s.Models;
using Modestano.Crds.V1Alpha1;
using Modestano.Operator.Configuration;

namespace Modestano.Operator.Migrations.Planning;

/// <summary>Everything that a decision about a migration may depend on: one consistent look at it and its targets.</summary>
/// <param name="Now">The moment of the look, UTC.</param>
/// <param name="Migration">The migration as stored.</param>
/// <param name="ReplicaSet">The replica set it names; null: there is none.</param>
/// <param name="Records">The records it names, by name; a missing one is absent.</param>
/// <param name="Rivals">Every other migration in the namespace.</param>
/// <param name="Gates">The gates as evaluated just now.</param>
public sealed record MigrationContext(
    DateTimeOffset Now,
    RegionMigration Migration,
    MongoReplicaSet? ReplicaSet,
    IReadOnlyDictionary<string, WeightedDnsRecord> Records,
    IReadOnlyList<RegionMigration> Rivals,
    IReadOnlyList<GateStatus> Gates)
{
    /// <summary>The spec.</summary>
    public RegionMigrationSpec Spec => Migration.Spec;

    /// <summary>The status as the plan so far has it.</summary>
    public RegionMigrationStatus Status { get; init; } = Migration.Status ?? new RegionMigrationStatus();

    /// <summary>Times in which the operator's configuration lets nothing begin.</summary>
    internal IReadOnlyList<Freeze> Freezes { get; init; } = [];

    /// <summary>The migration's UID.</summary>
    public string Uid => Migration.Metadata.Uid ?? "";

    /// <summary>Whether somebody deleted the migration; a finalizer keeps it.</summary>
    public bool IsBeingDeleted => Migration.Metadata.DeletionTimestamp is not null;

    /// <summary>The records that the spec names, in its order.</summary>
    public IReadOnlyList<MigratedDnsRecord> RecordRefs => Spec.DnsRecordRefs ?? [];

    /// <summary>The records themselves, in the spec's order; only those that exist.</summary>
    public IEnumerable<WeightedDnsRecord> ExistingRecords => RecordRefs.Where(r => Records.ContainsKey(r.Name)).Select(r => Records[r.Name]);

    /// <summary>The step that the traffic is at; index -1 before the first.</summary>
    public MigrationStep Step => Status.Step ?? new MigrationStep { Index = -1, Percent = 0 };

    /// <summary>Whether the replica set was told to bring its primary to the new region.</summary>
    public bool PrimaryMoveAsked => Status.Override?.PrimaryRegion == Spec.To;

    /// <summary>A gate's last result; null: none.</summary>
    public GateStatus? LastResult(string gate) => Status.Gates?.FirstOrDefault(g => g.Name == gate);

    /// <summary>The text of an annotation; null: not set.</summary>
    public string? Annotation(string name) => Migration.GetAnnotation(name);
}
