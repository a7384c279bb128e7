using Modestano.Crds.V1Alpha1;

namespace Modestano.Operator.Migrations.Planning;

/// <summary>What a phase decided: the status as it should be, and what it waits for.</summary>
/// <param name="Status">The next status, before revision and timeline are brought up to date.</param>
/// <param name="WaitingFor">What the next transition waits for; null: nothing, look again at once.</param>
/// <param name="Recheck">When to look again although nothing reports; null: when a target reports.</param>
/// <param name="Happened">A sentence for the timeline and the event; null: nothing worth telling.</param>
/// <param name="StalledReason">A CamelCase reason where only a person can help.</param>
public sealed record PhaseOutcome(
    RegionMigrationStatus Status, string? WaitingFor, DateTimeOffset? Recheck = null, string? Happened = null, string? StalledReason = null)
{
    private static readonly TimeSpan GateInterval = TimeSpan.FromSeconds(2);

    /// <summary>Stay and wait.</summary>
    public static PhaseOutcome Wait(RegionMigrationStatus status, string waitingFor, DateTimeOffset? recheck = null) => new(status, waitingFor, recheck);

    /// <summary>Stay until a gate holds: nobody reports that, so look again soon.</summary>
    public static PhaseOutcome AwaitGate(MigrationContext context, string gate) => new(context.Status, gate, context.Now + GateInterval);

    /// <summary>Stay until a person changes something.</summary>
    public static PhaseOutcome Stalled(RegionMigrationStatus status, string reason, string message) => new(status, message, StalledReason: reason);

    /// <summary>Go to another phase.</summary>
    public static PhaseOutcome Enter(RegionMigrationStatus status, string phase, DateTimeOffset now, string happened) =>
        new(status with { Phase = phase, PhaseStartTime = now.UtcDateTime }, null, now, happened);

    /// <summary>Stay in the phase, but ask the targets for something new.</summary>
    public static PhaseOutcome Ask(RegionMigrationStatus status, string? waitingFor, string? happened, DateTimeOffset? recheck = null) =>
        new(status, waitingFor, recheck, happened);
}
