using Modestano.Operator.ReplicaSets.Observation;
using Modestano.Operator.ReplicaSets.Planning.Situations;

namespace Modestano.Operator.ReplicaSets.Planning;

/// <summary>
/// What the planner needs to know of the past. The shell keeps it: in memory, and the part that must outlive a restart in status.
/// An empty history is always safe: it only forgets pauses and drift.
/// </summary>
public sealed record PlanningHistory
{
    /// <summary>Nothing is known.</summary>
    public static PlanningHistory Empty { get; } = new();

    /// <summary><c>status.replicaSetId</c>: the set that this object belongs to; null: none yet.</summary>
    public string? KnownReplicaSetId { get; init; }

    /// <summary>While no set is known: the pass before found members of several. A member that falls silent does not decide which one is meant.</summary>
    public bool SawSeveralSets { get; init; }

    /// <summary>The configuration as the pass before saw it; null: first pass.</summary>
    public ReplicaSetConfig? LastSeenConfig { get; init; }

    /// <summary>Whether the pass before saw a primary; null: first pass.</summary>
    public bool? LastSawPrimary { get; init; }

    /// <summary><c>status.configVersion</c> from before a restart: tells a forced jump where <see cref="LastSeenConfig"/> is not known. Null: not known.</summary>
    public long? LastKnownVersion { get; init; }

    /// <summary>Our steps of the last hour, oldest first.</summary>
    public IReadOnlyList<PastStep> Steps { get; init; } = [];

    /// <summary>Changes by others, oldest first; kept by <see cref="DriftTracker"/>.</summary>
    public IReadOnlyList<ForeignChange> ForeignChanges { get; init; } = [];

    /// <summary>The history with one more step of ours; what is older than an hour falls out.</summary>
    public PlanningHistory With(PastStep step) => this with { Steps = [.. Steps.Where(s => step.At - s.At <= Memory), step] };

    /// <summary>The history with every change by others acknowledged: a person edited the spec, or approved the plan that goes on from them.</summary>
    public PlanningHistory Acknowledged() => this with { ForeignChanges = [.. ForeignChanges.Select(c => c with { Acknowledged = true })] };

    /// <summary>How long steps and changes are remembered.</summary>
    public static TimeSpan Memory { get; } = TimeSpan.FromHours(1);

    /// <summary>True: a person approved what is planned now (adoption, manual approval, acknowledged drift).</summary>
    public bool PlanApproved { get; init; }

    /// <summary>Whether a preparation of ours set the member's priority to 0.</summary>
    public bool ZeroedForHandOff(string host) =>
        Steps.Any(s => s.Step is Reconfig { Purpose: ReconfigPurpose.PrepareHandOff } r && r.Edits.Any(e => e.Host == host && e.Priority == 0));

    /// <summary>True: <c>status.recovery</c> says that the permit in force was used, or may have been: nothing is forced under it again.</summary>
    public bool RecoveryUsed { get; init; }
}

/// <summary>A step of ours and what came of it.</summary>
/// <param name="At">When it ended.</param>
/// <param name="Step">The step.</param>
/// <param name="Outcome">What is known of it.</param>
/// <param name="Refusal">Why the server refused it; null: it did not, or the step was not sent.</param>
public sealed record PastStep(DateTimeOffset At, Step Step, StepOutcome Outcome, StepRefusal? Refusal = null)
{
    /// <summary>
    /// The answer was 50: the configuration was installed and on no majority yet. A fail-over may roll it back (seen), which is nobody's doing: it
    /// counts as ours to defend only once it was seen committed.
    /// </summary>
    public bool AwaitedMajority { get; init; }
}

/// <summary>Why the server refused a step.</summary>
/// <param name="Kind">What kind of refusal.</param>
/// <param name="Words">The server's own, redacted.</param>
public sealed record StepRefusal(RefusalKind Kind, string Words);

/// <summary>Refusals that are handled apart.</summary>
public enum RefusalKind
{
    /// <summary>109: another reconfig runs, the server's own among them.</summary>
    ReconfigRunning,

    /// <summary>308: the configuration in force is not on a majority yet.</summary>
    NotCommitted,

    /// <summary>10107 and its like: the member is not the primary any more.</summary>
    NotPrimary,

    /// <summary>74: too few voters of the new configuration answer the primary.</summary>
    NoQuorum,

    /// <summary>103, 93: the server does not take this configuration.</summary>
    Incompatible,

    /// <summary>103, 5.0 and later: it would change the implicit default write concern.</summary>
    ImplicitWriteConcern,

    /// <summary>104: the primary would not be electable in it.</summary>
    NotElectable,

    /// <summary>13: the operator's user may not do this.</summary>
    NotAuthorized,

    /// <summary>Anything else.</summary>
    Other,
}

/// <summary>What is known of a step.</summary>
public enum StepOutcome
{
    /// <summary>It is in force.</summary>
    Succeeded,

    /// <summary>The server refused it.</summary>
    Refused,

    /// <summary>The answer was lost: what is observed next tells.</summary>
    Unknown,
}

/// <summary>A reconfig that was not ours.</summary>
/// <param name="At">When it was seen.</param>
/// <param name="Kind">What kind of change.</param>
/// <param name="Version">The version that it made.</param>
/// <param name="Term">Its term.</param>
/// <param name="UndidOurs">True: it took back what a step of ours had changed.</param>
/// <param name="Summary">What it changed, in words for an event.</param>
/// <param name="Acknowledged">A person approved going on from it.</param>
public sealed record ForeignChange(DateTimeOffset At, ForeignChangeKind Kind, long Version, long Term, bool UndidOurs, string Summary = "", bool Acknowledged = false);

/// <summary>Kinds of reconfigs by others.</summary>
public enum ForeignChangeKind
{
    /// <summary>Somebody's <c>rs.reconfig()</c>: put back.</summary>
    Manual,

    /// <summary>Somebody's forced reconfig: held until acknowledged.</summary>
    Forced,

    /// <summary>Made while the set had no primary or no healthy majority: held until acknowledged.</summary>
    InTrouble,
}
