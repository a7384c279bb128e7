
namespace Modestano.Operator.ReplicaSets.Planning;

/// <summary>The limits that the planner keeps; from <c>spec.reconfiguration</c> and the operator's own constants.</summary>
public sealed record PlanningPolicy
{
    /// <summary>A member further behind gets no vote and no primary.</summary>
    public TimeSpan MaxReplicationLag { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>Healthy and close for this long before it counts.</summary>
    public TimeSpan StabilizationWindow { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>A candidate for primary must have at least this much oplog.</summary>
    public TimeSpan MinOplogWindow { get; init; } = TimeSpan.FromHours(24);

    /// <summary>No vote change and no hand-off while an older transaction runs.</summary>
    public TimeSpan MaxTransactionAge { get; init; } = TimeSpan.FromSeconds(60);

    /// <summary>How many members may copy the data at the same time.</summary>
    public int MaxConcurrentInitialSyncs { get; init; } = 1;

    /// <summary>True: a set that nobody owns is changed only after its plan was approved; one of another owner always is (R11).</summary>
    public bool AdoptionNeedsApproval { get; init; } = true;

    /// <summary>Other owners whose set may be taken over by an approved plan, as somebody other than the applicant allows it.</summary>
    public IReadOnlyList<string> MayFollow { get; init; } = [];

    /// <summary>True: every plan needs approval.</summary>
    public bool EveryPlanNeedsApproval { get; init; }

    /// <summary>Members whose clock is off by more are not added.</summary>
    public TimeSpan MaxClockSkew { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>Bytes per second that an initial sync copies, for its estimate; the shell puts in what it measured.</summary>
    public double InitialSyncBytesPerSecond { get; init; } = 20 * 1024 * 1024;

    /// <summary>The oplog must reach back this many times the estimated initial sync.</summary>
    public double InitialSyncSafetyFactor { get; init; } = 2;

    /// <summary>True: a member whose initial sync is not estimated to fit oplog and disk is not added; false: status warns of it.</summary>
    public bool RequireInitialSyncToFit { get; init; }

    /// <summary>Seconds that a step-down waits for a successor: writes are refused for this long when it fails.</summary>
    public int CatchUpSecs { get; init; } = 2;

    /// <summary>Seconds for which the old primary stays out of elections.</summary>
    public int StepDownSecs { get; init; } = 30;

    /// <summary>The first pause after a hand-off that did not happen; doubles up to <see cref="MaxHandOffBackoff"/>.</summary>
    public TimeSpan HandOffBackoff { get; init; } = TimeSpan.FromMinutes(1);

    /// <summary>The longest such pause.</summary>
    public TimeSpan MaxHandOffBackoff { get; init; } = TimeSpan.FromMinutes(15);

    /// <summary>Undone twice within this time: contested (R11).</summary>
    public TimeSpan ContestWindow { get; init; } = TimeSpan.FromMinutes(10);

    /// <summary>Priorities, tags and additions wait up to this long for a vote change that they can ride on.</summary>
    public TimeSpan RideAlong { get; init; } = TimeSpan.FromMinutes(2);

    /// <summary>R6: what a person attested; null: nothing is ever forced.</summary>
    public RecoveryPermit? Recovery { get; init; }
}

/// <summary>A person's word for one forced reconfig (R6).</summary>
/// <param name="ConfigVersion">The version that may be overridden.</param>
/// <param name="ConfigTerm">Its term.</param>
/// <param name="FencedHosts">Every unreachable voter, attested to be stopped.</param>
public sealed record RecoveryPermit(long ConfigVersion, long ConfigTerm, IReadOnlyList<string> FencedHosts);
