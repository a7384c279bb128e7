using System.ComponentModel.DataAnnotations;
using Modestano.Crds.Schema;

namespace Modestano.Crds.V1Alpha1;

/// <summary>Where the migration is and what it asks its targets for.</summary>
public sealed record RegionMigrationStatus
{
    /// <summary>The generation of the spec that this status evaluated.</summary>
    public long? ObservedGeneration { get; init; }

    /// <summary>One of <see cref="MigrationPhases"/>. Holding is a condition, so the place is kept.</summary>
    public string? Phase { get; init; }

    /// <summary>When the phase was entered.</summary>
    public DateTime? PhaseStartTime { get; init; }

    /// <summary>The place in the traffic steps.</summary>
    public MigrationStep? Step { get; init; }

    /// <summary>The hold or pause that the migration stands in; absent: in none.</summary>
    public MigrationPause? Pause { get; init; }

    /// <summary>When the window opens that the next step waits for; absent: it waits for none.</summary>
    public DateTime? NextWindow { get; init; }

    /// <summary>The last promotion that counted, latched: what its annotation says later does not matter.</summary>
    public MigrationPromotion? Promoted { get; init; }

    /// <summary>What the promote annotation says and approves nothing; absent: it is not set, or it counted. At most 128 characters of it.</summary>
    [StringLength(128)]
    public string? IgnoredPromotion { get; init; }

    /// <summary>Share of the traffic in the new region, as <c>50%</c>.</summary>
    public string? Traffic { get; init; }

    /// <summary>The primary's region as observed.</summary>
    public string? PrimaryRegion { get; init; }

    /// <summary>What the next transition waits for; absent: nothing.</summary>
    [StringLength(1024)]
    public string? WaitingFor { get; init; }

    /// <summary>The override that the targets read.</summary>
    public MigrationOverride? Override { get; init; }

    /// <summary>The last result of each gate.</summary>
    [ListMap("name"), MaxLength(100)]
    public IReadOnlyList<GateStatus>? Gates { get; init; }

    /// <summary>A roll-back asked for by annotation, latched: re-applying Git does not undo it.</summary>
    public RollBackRequest? RollBack { get; init; }

    /// <summary>Primary and weights as they were when the migration began: what a roll-back returns to.</summary>
    public MigrationOrigin? Origin { get; init; }

    /// <summary>Milliseconds without a writable primary during the hand-off.</summary>
    public long? WriteGapMillis { get; init; }

    /// <summary>What Git must say so that the override can end.</summary>
    [MaxLength(500)]
    public IReadOnlyList<SpecEdit>? SpecEdits { get; init; }

    /// <summary>Targets whose override has ended, as <c>MongoReplicaSet/marketplace</c>; one-way.</summary>
    [MaxLength(101)]
    public IReadOnlyList<string>? Released { get; init; }

    /// <summary>Transitions, newest last, at most 50.</summary>
    [MaxLength(50)]
    public IReadOnlyList<TimelineEntry>? Timeline { get; init; }

    /// <summary>The conditions.</summary>
    [ListMap("type"), MaxLength(30)]
    public IReadOnlyList<Condition>? Conditions { get; init; }
}

/// <summary>Phases of a RegionMigration.</summary>
public static class MigrationPhases
{
    public const string Pending = "Pending";
    public const string Preflight = "Preflight";
    public const string Syncing = "Syncing";
    public const string Promoting = "Promoting";
    public const string Shifting = "Shifting";
    public const string MovingPrimary = "MovingPrimary";
    public const string Soaking = "Soaking";
    public const string Decommissioning = "Decommissioning";
    public const string Completed = "Completed";
    public const string RollingBack = "RollingBack";
    public const string RolledBack = "RolledBack";
}

/// <summary>The place in the traffic steps.</summary>
public sealed record MigrationStep
{
    /// <summary>Index in spec.trafficSteps; -1: no traffic has moved.</summary>
    [Required]
    public int Index { get; init; }

    /// <summary>The step's percentage.</summary>
    [Required]
    public int Percent { get; init; }

    /// <summary>When all records were seen in sync at this percentage: the hold counts from here.</summary>
    public DateTime? InSyncTime { get; init; }

    /// <summary>For the column, as <c>2/3 (50%)</c>.</summary>
    public string? Summary { get; init; }
}

/// <summary>What a migration asks its targets for. Targets latch it (<see cref="LatchedOverride"/>) and acknowledge the revision.</summary>
public sealed record MigrationOverride
{
    /// <summary>Rises with each change of what is asked for, never falls.</summary>
    [Required]
    public long Revision { get; init; }

    /// <summary>For the replica set: the region that the primary belongs to.</summary>
    public string? PrimaryRegion { get; init; }

    /// <summary>For the replica set: hosts that leave it.</summary>
    [MaxLength(50)]
    public IReadOnlyList<string>? RetiredMembers { get; init; }

    /// <summary>For the replica set: hosts that keep the data and follow, without a vote (where a roll-back ends).</summary>
    [MaxLength(50)]
    public IReadOnlyList<string>? VotelessMembers { get; init; }

    /// <summary>For the replica set: hosts that stay and that applications do not see, so that they let go of them (before decommissioning).</summary>
    [MaxLength(50)]
    public IReadOnlyList<string>? HiddenMembers { get; init; }

    /// <summary>For the records.</summary>
    [ListMap("name"), MaxLength(100)]
    public IReadOnlyList<RecordOverride>? Records { get; init; }

    /// <summary>True: targets finish what is in flight and start nothing.</summary>
    public bool? Hold { get; init; }

    /// <summary>True: weights go to where they are asked for in one batch (roll-back and evacuation, D2).</summary>
    public bool? Immediate { get; init; }
}

/// <summary>The weights that a migration asks one record for.</summary>
public sealed record RecordOverride
{
    /// <summary>The WeightedDnsRecord's name.</summary>
    [Required]
    public string Name { get; init; } = "";

    /// <summary>Weight by set identifier.</summary>
    [Required]
    public IReadOnlyDictionary<string, int> Weights { get; init; } = new Dictionary<string, int>();

    /// <summary>
    /// Region by set identifier as the endpoints were when they came under the migration: what the spec says later does not count, and an
    /// endpoint that leaves the spec keeps its part until the migration has ended.
    /// </summary>
    public IReadOnlyDictionary<string, string>? Regions { get; init; }

    /// <summary>No weight may rise after this moment: the gates were seen to hold shortly before it.</summary>
    public DateTime? PermittedUntil { get; init; }
}

/// <summary>The last result of a gate.</summary>
public sealed record GateStatus
{
    /// <summary>The gate's name.</summary>
    [Required]
    public string Name { get; init; } = "";

    /// <summary>Passing, Failing or Unknown (no data).</summary>
    [Required]
    public string Result { get; init; } = "";

    /// <summary>The figure.</summary>
    public string? Value { get; init; }

    /// <summary>What is allowed.</summary>
    public string? Limit { get; init; }

    /// <summary>What was seen.</summary>
    [StringLength(1024)]
    public string? Message { get; init; }

    /// <summary>When it was evaluated.</summary>
    public DateTime? Time { get; init; }

    /// <summary>Since when it does not hold, without a break; absent: it holds, or there is no data.</summary>
    public DateTime? FailingSince { get; init; }

    /// <summary>Failing evaluations in a row.</summary>
    public int? Failures { get; init; }
}

/// <summary>A latched request to roll back.</summary>
public sealed record RollBackRequest
{
    /// <summary>Why, in the words of who asked.</summary>
    [Required]
    public string Reason { get; init; } = "";

    /// <summary>Annotation, Intent, GateFailure or Deletion.</summary>
    [Required]
    public string Source { get; init; } = "";

    /// <summary>When.</summary>
    [Required]
    public DateTime Time { get; init; }

    /// <summary>The phase that it began in.</summary>
    public string? FromPhase { get; init; }
}

/// <summary>Where a migration began.</summary>
public sealed record MigrationOrigin
{
    /// <summary>The primary's region.</summary>
    [Required]
    public string PrimaryRegion { get; init; } = "";

    /// <summary>Weights by record.</summary>
    [ListMap("name"), MaxLength(100)]
    public IReadOnlyList<RecordOverride>? Records { get; init; }
}

/// <summary>An edit that Git needs.</summary>
public sealed record SpecEdit
{
    /// <summary>The object, as <c>MongoReplicaSet/marketplace</c>.</summary>
    [Required]
    public string Target { get; init; } = "";

    /// <summary>The field, as <c>spec.primaryRegion</c> or <c>spec.endpoints[setIdentifier=eu-west-2].weight</c>.</summary>
    [Required]
    public string Field { get; init; } = "";

    /// <summary>What Git says now.</summary>
    public string? From { get; init; }

    /// <summary>What it must say.</summary>
    [Required]
    public string To { get; init; } = "";
}

/// <summary>One transition.</summary>
public sealed record TimelineEntry
{
    /// <summary>When.</summary>
    [Required]
    public DateTime Time { get; init; }

    /// <summary>The phase that was entered, or in which something happened.</summary>
    [Required]
    public string Phase { get; init; } = "";

    /// <summary>What happened, in a sentence.</summary>
    [Required, StringLength(1024)]
    public string Message { get; init; } = "";
}
