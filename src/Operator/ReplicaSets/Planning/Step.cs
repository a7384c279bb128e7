using Modestano.Operator.ReplicaSets.Observation;

namespace Modestano.Operator.ReplicaSets.Planning;

/// <summary>One server-side atomic action. After it: observe again.</summary>
public abstract record Step
{
    private protected Step()
    {
    }

    /// <summary>What it does, in a sentence, for status, events and plans.</summary>
    public required string Summary { get; init; }

    /// <summary>Reconfig, StepDown, Initiate or SetDefaultWriteConcern.</summary>
    public abstract string Kind { get; }
}

/// <summary><c>replSetInitiate</c> with one member, on that member; the others are added afterwards (a set of one has its primary at once).</summary>
public sealed record Initiate : Step
{
    /// <inheritdoc/>
    public override string Kind => "Initiate";

    /// <summary>The set's name.</summary>
    public required string SetName { get; init; }

    /// <summary>The first member: where the command runs.</summary>
    public required ConfigMember Member { get; init; }
}

/// <summary>
/// One <c>replSetReconfig</c>. The adapter reads the raw document, refuses unless its (version, term) is the base (R7), applies the typed
/// edits, raises the version by one and leaves every other field as it was.
/// </summary>
public sealed record Reconfig : Step
{
    /// <inheritdoc/>
    public override string Kind => "Reconfig";

    /// <summary>Why, for planner history and events.</summary>
    public required ReconfigPurpose Purpose { get; init; }

    /// <summary>host:port of the member that runs it: the primary, but for <see cref="Force"/>.</summary>
    public required string RunOn { get; init; }

    /// <summary>The version that it was computed from.</summary>
    public required long BaseVersion { get; init; }

    /// <summary>The term of that configuration; -1: none.</summary>
    public required long BaseTerm { get; init; }

    /// <summary>Changes to members that stay, keyed by <c>_id</c> and host.</summary>
    public IReadOnlyList<MemberEdit> Edits { get; init; } = [];

    /// <summary>New members, with their <c>_id</c>. Fields with MongoDB's default need not be written.</summary>
    public IReadOnlyList<ConfigMember> Additions { get; init; } = [];

    /// <summary>Members that leave.</summary>
    public IReadOnlyList<MemberRemoval> Removals { get; init; } = [];

    /// <summary>Settings to set; null fields are left as they are.</summary>
    public ConfigSettings? Settings { get; init; }

    /// <summary>Only under <c>spec.recovery</c> (R6).</summary>
    public bool Force { get; init; }
}

/// <summary>Changes to one member; null: left as it is.</summary>
/// <param name="Id"><c>_id</c> in the base configuration; with <paramref name="Host"/> it must match, else the step is void.</param>
/// <param name="Host">host:port in the base configuration.</param>
public sealed record MemberEdit(int Id, string Host)
{
    /// <summary>Another host:port by which the same process is to be known (<c>_id</c> and vote stay).</summary>
    public string? NewHost { get; init; }

    /// <summary>0 or 1.</summary>
    public int? Votes { get; init; }

    /// <summary>0 to 1000.</summary>
    public double? Priority { get; init; }

    /// <summary>Hidden.</summary>
    public bool? Hidden { get; init; }

    /// <summary>Seconds; the adapter writes the field under the name that the document uses.</summary>
    public long? SecondaryDelaySecs { get; init; }

    /// <summary>All tags as they shall be.</summary>
    public IReadOnlyDictionary<string, string>? Tags { get; init; }

    /// <summary>All horizons as they shall be; empty: the field goes away.</summary>
    public IReadOnlyDictionary<string, string>? Horizons { get; init; }
}

/// <summary>A member that leaves.</summary>
/// <param name="Id"><c>_id</c>.</param>
/// <param name="Host">host:port.</param>
public sealed record MemberRemoval(int Id, string Host);

/// <summary>What a reconfig is for: its most important effect.</summary>
public enum ReconfigPurpose
{
    /// <summary>Members join without vote, settings, tags or priorities change.</summary>
    Arrange,

    /// <summary>A member gains its vote.</summary>
    GainVote,

    /// <summary>A member gives its vote away, or leaves with it.</summary>
    YieldVote,

    /// <summary>Members without vote leave.</summary>
    Remove,

    /// <summary>Priorities for the hand-off: the wanted region as high as the primary, every other secondary 0.</summary>
    PrepareHandOff,

    /// <summary>Priorities of a hand-off that did not happen are put back.</summary>
    AbandonHandOff,

    /// <summary>A member gets another host name.</summary>
    Rename,

    /// <summary>A hand-made change is undone.</summary>
    CorrectDrift,

    /// <summary>R6.</summary>
    Recover,
}

/// <summary>
/// <c>replSetStepDown</c> on a direct connection to the primary, never with <c>force</c>. The adapter re-reads the term (R10) and the
/// configuration's version first, and does nothing when one of them differs.
/// </summary>
public sealed record StepDown : Step
{
    /// <inheritdoc/>
    public override string Kind => "StepDown";

    /// <summary>The primary that steps down.</summary>
    public required string PrimaryHost { get; init; }

    /// <summary>The term that it is primary in.</summary>
    public required long Term { get; init; }

    /// <summary>The configuration's version that the successors were chosen by: under another one somebody else might follow (R7). Null: not told.</summary>
    public long? ConfigVersion { get; init; }

    /// <summary><c>secondaryCatchUpPeriodSecs</c>: a step-down that fails refuses writes for this long (seen, manual: replSetStepDown).</summary>
    public required int CatchUpSecs { get; init; }

    /// <summary>Seconds for which the old primary does not stand for election; more than <see cref="CatchUpSecs"/>.</summary>
    public required int StepDownSecs { get; init; }

    /// <summary>Who may follow.</summary>
    public required IReadOnlyList<string> Successors { get; init; }
}

/// <summary><c>setDefaultRWConcern</c>: makes explicit what a plan would otherwise change by the way. It cannot be unset.</summary>
public sealed record SetDefaultWriteConcern : Step
{
    /// <inheritdoc/>
    public override string Kind => "SetDefaultWriteConcern";

    /// <summary><c>majority</c>, a number as text, or a custom mode.</summary>
    public required string W { get; init; }

    /// <summary>Milliseconds; 0: without limit.</summary>
    public int WtimeoutMillis { get; init; }
}
