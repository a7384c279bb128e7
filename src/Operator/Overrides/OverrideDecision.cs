using Modestano.Crds.V1Alpha1;

namespace Modestano.Operator.Overrides;

/// <summary>Which override is in force for a target, and what its status must say before anything is done.</summary>
/// <param name="Latch">What <c>status.override</c> must hold; null: the spec alone counts.</param>
/// <param name="MustLatchFirst">The latch differs from the one in status: write it, do nothing else in this pass.</param>
/// <param name="State">Where the values come from.</param>
/// <param name="Hold">Start nothing.</param>
/// <param name="Immediate">Weights go in one batch (D2).</param>
/// <param name="PermittedUntil">Under a latch no weight may rise after this moment, nor at all where it is null (D5).</param>
/// <param name="Refused">Migrations that claim this target although another one has it.</param>
public sealed record OverrideDecision(
    LatchedOverride? Latch,
    bool MustLatchFirst,
    OverrideState State,
    bool Hold,
    bool Immediate,
    DateTime? PermittedUntil,
    IReadOnlyList<string> Refused)
{
    /// <summary>A live migration that names the target and has claimed nothing yet: a new one, or one that was restored without its status.</summary>
    public UntakenTarget? Untaken { get; init; }

    /// <summary>
    /// Whether an effect that was planned under <paramref name="earlier"/> may still happen now that the migration was read live:
    /// the same migration asks for the same revision, and nobody holds.
    /// </summary>
    public bool StillAllows(OverrideDecision earlier)
    {
        ArgumentNullException.ThrowIfNull(earlier);
        return !MustLatchFirst
            && !Hold
            && State == earlier.State
            && Untaken == earlier.Untaken
            && Latch?.MigrationUid == earlier.Latch?.MigrationUid
            && Latch?.ObservedRevision == earlier.Latch?.ObservedRevision;
    }
}

/// <summary>A target that a migration names and has not taken up.</summary>
/// <param name="MigrationName">The migration.</param>
/// <param name="To">The region that it moves to: nothing leaves there before it has said where things are.</param>
public sealed record UntakenTarget(string MigrationName, string To);

/// <summary>Where the values in force come from.</summary>
public enum OverrideState
{
    /// <summary>No override: the spec alone counts.</summary>
    None,

    /// <summary>A live migration steers.</summary>
    Active,

    /// <summary>The latch's migration lives but asks for nothing, or for an older revision than is latched: hold the latch, start nothing.</summary>
    Silent,

    /// <summary>The latch's migration is gone: the latched values hold until the overridden spec fields change.</summary>
    Orphaned,
}
