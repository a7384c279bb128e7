using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Modestano.Crds.V1Alpha1;

namespace Modestano.Operator.Migrations.Planning;

/// <summary>
/// The hold of the step that a migration stands at: it ends by itself, or, where the step has none, when a person promotes it. It follows from
/// step, spec and time alone, so a restart or an edit of the steps changes nothing of what was approved. Pure.
/// </summary>
public static class Pauses
{
    private const int TokenLength = 8;

    /// <summary>The hold or pause that is not over by itself yet; null: there is none. Whether somebody promoted it does not count here.</summary>
    public static MigrationPause? Of(MigrationContext context, RegionMigrationStatus status)
    {
        var (since, percent, hold) = Place(context.Spec, status);
        if (since is not { } began || (hold is { } length && began + length.Value <= context.Now.UtcDateTime))
        {
            return null;
        }

        return new MigrationPause { Percent = percent, Token = Token(context.Uid, percent, began), Since = began, Until = began + hold?.Value };
    }

    /// <summary>What keeps the migration at its step: a hold or a pause that nobody has promoted; null: nothing.</summary>
    public static MigrationPause? Standing(MigrationContext context, RegionMigrationStatus status) =>
        Of(context, status) is { } pause && pause.Token != status.Promoted?.Token ? pause : null;

    /// <summary>What is waited for.</summary>
    public static string Words(MigrationContext context, MigrationPause pause) => pause.Until is { } until
        ? $"the hold of {new Duration(until - pause.Since)} at {pause.Percent}%"
        : $"a person to promote {pause.Percent}%: kubectl modestano promote rmig {context.Migration.Metadata.Name} -n {context.Migration.Metadata.NamespaceProperty}";

    /// <summary>The decision of a phase in which a hold runs.</summary>
    public static PhaseOutcome Wait(MigrationContext context, MigrationPause pause) => PhaseOutcome.Wait(
        context.Status, Words(context, pause), pause.Until is { } until ? new DateTimeOffset(until, TimeSpan.Zero) : null);

    // The last step's hold is the soak: it begins when the primary has moved too.
    private static (DateTime? Since, int Percent, Duration? Hold) Place(RegionMigrationSpec spec, RegionMigrationStatus status) => status.Phase switch
    {
        MigrationPhases.Shifting when status.Step is { Index: >= 0 } step && step.Index < spec.TrafficSteps.Count - 1 => (step.InSyncTime, step.Percent, spec.TrafficSteps[step.Index].Hold),
        MigrationPhases.Soaking => (status.PhaseStartTime, 100, spec.TrafficSteps[^1].Hold),
        _ => default,
    };

    // By the second: a moment that was stored and read back is another one below that. No two pauses of a migration begin at one share in one second.
    private static string Token(string uid, int percent, DateTime since)
    {
        var text = string.Create(CultureInfo.InvariantCulture, $"{uid}/{percent}/{new DateTimeOffset(DateTime.SpecifyKind(since, DateTimeKind.Utc)).ToUnixTimeSeconds()}");
        return Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text)))[..TokenLength];
    }
}
