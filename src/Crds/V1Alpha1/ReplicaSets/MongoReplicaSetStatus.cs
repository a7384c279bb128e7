using System.ComponentModel.DataAnnotations;
using Modestano.Crds.Schema;

namespace Modestano.Crds.V1Alpha1;

/// <summary>What was seen of the replica set, and what is done about it.</summary>
public sealed record MongoReplicaSetStatus
{
    /// <summary>As many members as it holds. More come together only where members contradict each other, or the set has no configuration.</summary>
    public const int MostMembers = 100;

    /// <summary>The generation of the spec that this status evaluated.</summary>
    public long? ObservedGeneration { get; init; }

    /// <summary>One of <see cref="ReplicaSetPhases"/>.</summary>
    public string? Phase { get; init; }

    /// <summary>The set's identity (<c>settings.replicaSetId</c>), 24 hex digits.</summary>
    public string? ReplicaSetId { get; init; }

    /// <summary>host:port of the primary; absent: none is known.</summary>
    public string? Primary { get; init; }

    /// <summary>The primary's region.</summary>
    public string? PrimaryRegion { get; init; }

    /// <summary>The version of the configuration in force.</summary>
    public long? ConfigVersion { get; init; }

    /// <summary>The term of the configuration in force.</summary>
    public long? ConfigTerm { get; init; }

    /// <summary>Ready-made words for the columns of kubectl.</summary>
    public ReplicaSetSummary? Summary { get; init; }

    /// <summary>Every member of the configuration and of the spec.</summary>
    [ListMap("host"), MaxLength(MostMembers)]
    public IReadOnlyList<MemberStatus>? Members { get; init; }

    /// <summary>Preflight and health checks with their figures.</summary>
    [MaxLength(200)]
    public IReadOnlyList<CheckStatus>? Checks { get; init; }

    /// <summary>What will happen, in order.</summary>
    [MaxLength(100)]
    public IReadOnlyList<PlannedStep>? Plan { get; init; }

    /// <summary>Identifies <see cref="Plan"/>: what a person copies into approvedPlanHash.</summary>
    public string? PlanHash { get; init; }

    /// <summary>The approval that is being carried out; it cannot be used again.</summary>
    public ApprovedPlan? ApprovedPlan { get; init; }

    /// <summary>The latest effect.</summary>
    public LastAction? LastAction { get; init; }

    /// <summary>The latest hand-off of the primary, with its measured write gap.</summary>
    public LastAction? LastHandOff { get; init; }

    /// <summary>What somebody else made and is left as it is until acknowledged: a forced configuration, one made in trouble, or one that undid ours again.</summary>
    public HeldChange? HeldChange { get; init; }

    /// <summary>The use of spec.recovery: the same permit is not used again.</summary>
    public UsedRecovery? Recovery { get; init; }

    /// <summary>What a migration steers here.</summary>
    public LatchedOverride? Override { get; init; }

    /// <summary>The conditions.</summary>
    [ListMap("type"), MaxLength(30)]
    public IReadOnlyList<Condition>? Conditions { get; init; }
}

/// <summary>Phases of a MongoReplicaSet.</summary>
public static class ReplicaSetPhases
{
    /// <summary>Not yet observed.</summary>
    public const string Pending = "Pending";

    /// <summary>A member copies the data.</summary>
    public const string Syncing = "Syncing";

    /// <summary>Configurations are being changed.</summary>
    public const string Reconfiguring = "Reconfiguring";

    /// <summary>The primary is being handed over.</summary>
    public const string MovingPrimary = "MovingPrimary";

    /// <summary>The next step waits for something: Reconciling says for what.</summary>
    public const string Waiting = "Waiting";

    /// <summary>What is wanted is there.</summary>
    public const string Settled = "Settled";

    /// <summary>Stopped by a person, or a plan waits for approval.</summary>
    public const string Held = "Held";

    /// <summary>Cannot go on until somebody changes something.</summary>
    public const string Stalled = "Stalled";

    /// <summary>Its passes fail, so that nothing is known: Ready says why.</summary>
    public const string Unknown = "Unknown";
}

/// <summary>Words for the columns of kubectl.</summary>
public sealed record ReplicaSetSummary
{
    /// <summary>Healthy of all, as <c>6/6</c>.</summary>
    public string? Members { get; init; }

    /// <summary>Votes by region, the primary's first, as <c>eu-west-2:3 eu-west-1:2</c>.</summary>
    public string? Votes { get; init; }

    /// <summary>The worst lag of a member that should follow closely, bucketed, as <c>&lt;1s</c>, <c>10s</c>, <c>5m</c>.</summary>
    public string? WorstLag { get; init; }
}

/// <summary>One member as seen.</summary>
public sealed record MemberStatus
{
    /// <summary>host:port.</summary>
    [Required]
    public string Host { get; init; } = "";

    /// <summary>The region, from spec or tag.</summary>
    public string? Region { get; init; }

    /// <summary>The zone, from spec or tag.</summary>
    public string? Zone { get; init; }

    /// <summary>MongoDB's own word: PRIMARY, SECONDARY, STARTUP2, …; Absent: not in the configuration; LoginRefused: answers, and does not tell whether it is; Unreachable: does not answer.</summary>
    public string? State { get; init; }

    /// <summary>Whether the set sees it healthy.</summary>
    public bool? Healthy { get; init; }

    /// <summary>Votes in the configuration in force.</summary>
    public int? Votes { get; init; }

    /// <summary>Priority in the configuration in force.</summary>
    public Fraction? Priority { get; init; }

    /// <summary>Votes when settled.</summary>
    public int? PlannedVotes { get; init; }

    /// <summary>Priority when settled.</summary>
    public Fraction? PlannedPriority { get; init; }

    /// <summary>Behind the primary, bucketed, as <c>&lt;1s</c>.</summary>
    public string? Lag { get; init; }

    /// <summary>Time between the first and the last oplog entry, bucketed.</summary>
    public string? OplogWindow { get; init; }

    /// <summary>The member that it copies from.</summary>
    public string? SyncSource { get; init; }

    /// <summary>Initial sync: per cent of the data copied, 0 to 100, in steps of 5.</summary>
    public int? InitialSyncPercent { get; init; }

    /// <summary>Initial sync: bytes copied a second, bucketed, as <c>64MiB/s</c>.</summary>
    public string? InitialSyncRate { get; init; }

    /// <summary>Initial sync: when it is estimated to end, in steps of five minutes.</summary>
    public DateTime? InitialSyncEnd { get; init; }

    /// <summary>The server's own message, or why it cannot be added.</summary>
    public string? Message { get; init; }
}

/// <summary>One check with its figure.</summary>
public sealed record CheckStatus
{
    /// <summary>The check's name in CamelCase.</summary>
    [Required]
    public string Name { get; init; } = "";

    /// <summary>The member that was checked; absent: the whole set.</summary>
    public string? Member { get; init; }

    /// <summary>Passed, Failed, Unknown, or Warning: it failed, and nothing waits for it.</summary>
    [Required]
    public string Result { get; init; } = "";

    /// <summary>The figure, bucketed.</summary>
    public string? Value { get; init; }

    /// <summary>What is allowed.</summary>
    public string? Limit { get; init; }

    /// <summary>What to do where it failed, or warns.</summary>
    public string? Message { get; init; }
}

/// <summary>A step that will be taken.</summary>
public sealed record PlannedStep
{
    /// <summary>Reconfig, StepDown, Initiate, SetDefaultWriteConcern or Wait.</summary>
    [Required]
    public string Kind { get; init; } = "";

    /// <summary>What it does, in a sentence.</summary>
    [Required]
    public string Summary { get; init; } = "";

    /// <summary>Votes by region after it, the votes that make a majority behind a slash, as <c>eu-west-1:3 eu-west-2:1 /3</c>.</summary>
    public string? Votes { get; init; }
}

/// <summary>An approval in use.</summary>
public sealed record ApprovedPlan
{
    /// <summary>The hash that was approved.</summary>
    [Required]
    public string Hash { get; init; } = "";

    /// <summary>When the operator took it up.</summary>
    [Required]
    public DateTime Time { get; init; }

    /// <summary>Running, Completed or Void (reality left the plan).</summary>
    [Required]
    public string State { get; init; } = "";

    /// <summary>The steps of the plan that are not done yet.</summary>
    [MaxLength(100)]
    public IReadOnlyList<string>? RemainingSteps { get; init; }
}

/// <summary>
/// A permit of spec.recovery in use. It is written before the forced reconfig is sent, so that no restart can repeat it; it goes when
/// spec.recovery goes.
/// </summary>
public sealed record UsedRecovery
{
    /// <summary>The version of the permit.</summary>
    [Required]
    public long ConfigVersion { get; init; }

    /// <summary>Its term.</summary>
    [Required]
    public long ConfigTerm { get; init; }

    /// <summary>Its fenced hosts.</summary>
    [MaxLength(50)]
    public IReadOnlyList<string>? FencedHosts { get; init; }

    /// <summary>When it was taken up.</summary>
    [Required]
    public DateTime Time { get; init; }

    /// <summary>Sending (the operator ended before it knew), Succeeded or Unknown.</summary>
    [Required]
    public string Outcome { get; init; } = "";
}

/// <summary>Somebody else's change of the configuration that nothing is done about until a person acknowledges it.</summary>
public sealed record HeldChange
{
    /// <summary>Forced; InTrouble: made while there was no primary or no healthy majority; Contested: it undid the operator's changes a second time.</summary>
    [Required]
    public string Kind { get; init; } = "";

    /// <summary>The version that it made.</summary>
    [Required]
    public long ConfigVersion { get; init; }

    /// <summary>Its term; absent: it has none, as after a force.</summary>
    public long? ConfigTerm { get; init; }

    /// <summary>When it was seen.</summary>
    [Required]
    public DateTime Time { get; init; }

    /// <summary>What it changed.</summary>
    [StringLength(1024)]
    public string? Summary { get; init; }
}
