using System.ComponentModel.DataAnnotations;

namespace Modestano.Crds.V1Alpha1;

/// <summary>What a target keeps of the migration that steers it. Latched here so that a vanished migration moves nothing.</summary>
public sealed record LatchedOverride
{
    /// <summary>The migration's name.</summary>
    [Required]
    public string MigrationName { get; init; } = "";

    /// <summary>The migration's UID: a migration of the same name made later is another one.</summary>
    [Required]
    public string MigrationUid { get; init; } = "";

    /// <summary>The latest revision that this target has evaluated and latched.</summary>
    [Required]
    public long ObservedRevision { get; init; }

    /// <summary>True: the target has reached what this revision asks for and nothing is in flight.</summary>
    [Required]
    public bool Settled { get; init; }

    /// <summary>On a replica set: the region that the primary belongs to.</summary>
    public string? PrimaryRegion { get; init; }

    /// <summary>On a replica set: hosts that leave the set.</summary>
    [MaxLength(50)]
    public IReadOnlyList<string>? RetiredMembers { get; init; }

    /// <summary>On a replica set: hosts that stay in the set without a vote.</summary>
    [MaxLength(50)]
    public IReadOnlyList<string>? VotelessMembers { get; init; }

    /// <summary>On a replica set: hosts that stay in the set and that applications do not see.</summary>
    [MaxLength(50)]
    public IReadOnlyList<string>? HiddenMembers { get; init; }

    /// <summary>On a record: weight (0–255) by set identifier.</summary>
    public IReadOnlyDictionary<string, int>? Weights { get; init; }

    /// <summary>On a replica set: <c>spec.primaryRegion</c> as it was when the override was latched.</summary>
    public string? SpecPrimaryRegion { get; init; }

    /// <summary>On a record: weight by set identifier as the spec had it when the override was latched.</summary>
    public IReadOnlyDictionary<string, int>? SpecWeights { get; init; }

    /// <summary>
    /// On a record: what answers under each set identifier, as the spec had it when the weights in force were latched. An edit of what serves
    /// moves traffic as an edit of weights does, so it waits for the next step as well.
    /// </summary>
    [MaxLength(100)]
    public IReadOnlyList<LatchedEndpoint>? Endpoints { get; init; }

    /// <summary>On a record: the generation of the spec whose endpoints were last taken because a person said so (annotation <c>mongo.modestano.io/take-edits</c>).</summary>
    public long? TakenGeneration { get; init; }

    /// <summary>True: the migration no longer exists; the latched values hold until the overridden spec fields change.</summary>
    public bool? Orphaned { get; init; }
}

/// <summary>What answers under a set identifier while a migration decides on the weights.</summary>
public sealed record LatchedEndpoint
{
    /// <summary>The set identifier.</summary>
    [Required]
    public string SetIdentifier { get; init; } = "";

    /// <summary>The region.</summary>
    public string? Region { get; init; }

    /// <summary>The values; absent with an alias.</summary>
    [MaxLength(100)]
    public IReadOnlyList<string>? Values { get; init; }

    /// <summary>The alias target; absent with values.</summary>
    public AliasTargetSpec? Alias { get; init; }

    /// <summary>The health check; absent: none.</summary>
    public string? HealthCheckId { get; init; }
}
