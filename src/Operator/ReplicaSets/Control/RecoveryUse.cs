using Modestano.Crds.V1Alpha1;
using Modestano.Operator.ReplicaSets.Planning;
using Modestano.Operator.Runtime;

namespace Modestano.Operator.ReplicaSets.Control;

/// <summary>
/// R6: one permit is for one forced reconfig. That it was used is in status before the command is sent, as memory dies with the process and
/// the configuration may not show it: the member that was forced may be down again.
/// </summary>
internal static class RecoveryUse
{
    private const string Sending = "Sending";

    /// <summary>Whether the permit in the spec is the one that was used.</summary>
    public static bool Covers(UsedRecovery? used, RecoverySpec? permit) => used is not null && permit is not null
        && (used.ConfigVersion, used.ConfigTerm) == (permit.ConfigVersion, permit.ConfigTerm)
        && (used.FencedHosts ?? []).ToHashSet(StringComparer.Ordinal).SetEquals(permit.FencedHosts);

    /// <summary>The mark in status, unless this process knows that nothing was sent under it.</summary>
    public static UsedRecovery? Sent(UsedRecovery? used, UsedRecovery? unsent) => unsent is not null && used is { Outcome: Sending }
        && (used.ConfigVersion, used.ConfigTerm, used.Time) == (unsent.ConfigVersion, unsent.ConfigTerm, unsent.Time) ? null : used;

    /// <summary>The mark that is written before the command is sent.</summary>
    public static UsedRecovery TakenUp(RecoverySpec permit, DateTimeOffset now) => new()
    {
        ConfigVersion = permit.ConfigVersion,
        ConfigTerm = permit.ConfigTerm,
        FencedHosts = permit.FencedHosts,
        Time = WholeSeconds.Of(now),
        Outcome = Sending,
    };

    /// <summary>The mark after this pass: it goes with the permit, and where the server refused, as then nothing was done under it.</summary>
    public static UsedRecovery? After(UsedRecovery? used, RecoverySpec? permit, StepOutcome? outcome) => permit is null ? null
        : outcome is null ? used
        : outcome == StepOutcome.Refused ? null
        : used! with { Outcome = outcome.Value.ToString() };
}
