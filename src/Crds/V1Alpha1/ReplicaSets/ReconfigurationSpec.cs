using System.ComponentModel.DataAnnotations;
using Modestano.Crds.Schema;

namespace Modestano.Crds.V1Alpha1;

/// <summary>How changes are made.</summary>
public sealed record ReconfigurationSpec
{
    /// <summary>Observe: status only; Plan: status.plan too; Apply: do it.</summary>
    [AllowedValues("Observe", "Plan", "Apply"), SchemaDefault("\"Apply\"")]
    public string Mode { get; init; } = "Apply";

    /// <summary>Manual: nothing is done until <see cref="ApprovedPlanHash"/> equals status.planHash.</summary>
    [AllowedValues("Automatic", "Manual"), SchemaDefault("\"Automatic\"")]
    public string Approval { get; init; } = "Automatic";

    /// <summary>The hash of the plan that a person approves; used once.</summary>
    [StringLength(128)]
    public string? ApprovedPlanHash { get; init; }

    /// <summary>Manual: a set that this object does not own yet is changed only after its first plan was approved.</summary>
    [AllowedValues("Manual", "Automatic"), SchemaDefault("\"Manual\"")]
    public string Adoption { get; init; } = "Manual";

    /// <summary>The owner that the members' tag modestano-owner names where it is another's: cluster/namespace/name. It counts only where that object or the operator's grants allow it.</summary>
    [StringLength(512, MinimumLength = 1)]
    public string? PreviousOwner { get; init; }

    /// <summary>Retain: members absent from the spec stay.</summary>
    [AllowedValues("Remove", "Retain"), SchemaDefault("\"Remove\"")]
    public string Removal { get; init; } = "Remove";

    /// <summary>A member further behind than this gets no vote and no primary.</summary>
    [DurationRange("1s", "1h"), SchemaDefault("\"10s\"")]
    public Duration MaxReplicationLag { get; init; } = Duration.FromSeconds(10);

    /// <summary>A member counts as caught up after it has been healthy and close for this long.</summary>
    [DurationRange("0s", "24h"), SchemaDefault("\"30s\"")]
    public Duration StabilizationWindow { get; init; } = Duration.FromSeconds(30);

    /// <summary>A candidate for primary must hold at least this much oplog: change streams resume from it.</summary>
    [DurationRange("0s", "8760h"), SchemaDefault("\"24h\"")]
    public Duration MinOplogWindow { get; init; } = new(TimeSpan.FromHours(24));

    /// <summary>No vote change and no hand-off while a transaction older than this runs.</summary>
    [DurationRange("0s", "24h"), SchemaDefault("\"60s\"")]
    public Duration MaxTransactionAge { get; init; } = Duration.FromSeconds(60);

    /// <summary>How many members may copy the data at the same time.</summary>
    [Range(1, 50), SchemaDefault("1")]
    public int MaxConcurrentInitialSyncs { get; init; } = 1;

    /// <summary>
    /// A member whose initial sync is estimated to outlast the oplog, or whose disk is too small. Warn: it is added, and status.checks warns.
    /// Require: it is not added.
    /// </summary>
    [AllowedValues("Warn", "Require"), SchemaDefault("\"Warn\"")]
    public string InitialSyncFit { get; init; } = "Warn";
}

/// <summary>Replica-set settings; only what is set is managed, the rest of the server's settings document is left alone.</summary>
public sealed record ReplicaSetSettings
{
    /// <summary>Milliseconds without a primary before a secondary calls an election.</summary>
    [Range(1, int.MaxValue)]
    public int? ElectionTimeoutMillis { get; init; }

    /// <summary>Milliseconds between heartbeats.</summary>
    [Range(1, int.MaxValue)]
    public int? HeartbeatIntervalMillis { get; init; }

    /// <summary>Seconds until a silent member counts as down.</summary>
    [Range(1, int.MaxValue)]
    public int? HeartbeatTimeoutSecs { get; init; }

    /// <summary>Milliseconds that a new primary waits for newer entries; -1: without limit.</summary>
    [Range(-1, int.MaxValue)]
    public int? CatchUpTimeoutMillis { get; init; }

    /// <summary>Milliseconds that a better candidate waits before it takes over a catching-up primary; -1: never.</summary>
    [Range(-1, int.MaxValue)]
    public int? CatchUpTakeoverDelayMillis { get; init; }

    /// <summary>Whether secondaries may sync from secondaries.</summary>
    public bool? ChainingAllowed { get; init; }

    /// <summary>Custom write concerns: mode to (tag to number of distinct values).</summary>
    [MaxLength(20)]
    public IReadOnlyDictionary<string, IReadOnlyDictionary<string, int>>? GetLastErrorModes { get; init; }
}

/// <summary>The cluster-wide default write concern.</summary>
public sealed record DefaultWriteConcern
{
    /// <summary><c>majority</c>, a number of members as a string, or a custom mode.</summary>
    [Required, StringLength(127, MinimumLength = 1)]
    public string W { get; init; } = "";

    /// <summary>Milliseconds that a write waits for it; absent: without limit.</summary>
    [Range(0, int.MaxValue)]
    public int? Wtimeout { get; init; }
}

/// <summary>The configuration that a forced reconfig may override, attested by a person (invariant R6); one-shot.</summary>
public sealed record RecoverySpec
{
    /// <summary>The version of the configuration that may be overridden.</summary>
    [Required, Range(1, int.MaxValue)]
    public long ConfigVersion { get; init; }

    /// <summary>Its term; -1: it has none, as after a forced reconfig.</summary>
    [Required, Range(-1, int.MaxValue)]
    public long ConfigTerm { get; init; }

    /// <summary>Every unreachable voter, attested to be stopped.</summary>
    [Required, MaxLength(50)]
    public IReadOnlyList<string> FencedHosts { get; init; } = [];
}
