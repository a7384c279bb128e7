using Modestano.Crds.V1Alpha1;
using Modestano.Operator.Runtime;

namespace Modestano.Operator.Migrations.Planning;

/// <summary>
/// A person's word that a step has stood long enough. It ends one pause, or the rest of one hold, and nothing else: not a gate, not a hold that
/// somebody asked for, and no later pause, whatever stays in Git. Pure.
/// </summary>
public static class Promotions
{
    // As status takes it.
    private const int LongestTold = 128;

    /// <summary>The status in which the promotion counts; null: nobody promotes what the migration stands in.</summary>
    public static PhaseOutcome? Taken(MigrationContext context)
    {
        if (Said(context) is not { } said || Pauses.Standing(context, context.Status) is not { } pause || said != Value(pause.Percent, pause.Token))
        {
            return null;
        }

        var promoted = new MigrationPromotion { Percent = pause.Percent, Token = pause.Token, Time = context.Now.UtcDateTime };
        return new PhaseOutcome(context.Status with { Promoted = promoted }, null, context.Now, $"{pause.Percent}% is promoted by a person: its {(pause.Until is null ? "pause" : "hold")} is over");
    }

    /// <summary>What the annotation says where that approves nothing; null: it is not set, it counted, or it waits for a hold to be lifted.</summary>
    public static string? Ignored(MigrationContext context, RegionMigrationStatus status)
    {
        if (Said(context) is not { } said || (status.Promoted is { } last && said == Value(last.Percent, last.Token)))
        {
            return null;
        }

        return status.Pause is { } pause && said == Value(pause.Percent, pause.Token) ? null : OneLine.Of(said, LongestTold);
    }

    /// <summary>Why it approves nothing, as a sentence.</summary>
    /// <param name="status">The status with what is ignored.</param>
    public static string WhyIgnored(RegionMigrationStatus status)
    {
        var what = $"annotation {Annotations.Promote}: \"{status.IgnoredPromotion}\" approves nothing";
        return status.Pause is { } pause
            ? $"{what}: the step stands at {Value(pause.Percent, pause.Token)} (status.pause)"
            : $"{what}: no step is held now, and each pause has a token of its own in status.pause";
    }

    private static string Value(int percent, string token) => $"{percent}/{token}";

    private static string? Said(MigrationContext context) => context.Annotation(Annotations.Promote)?.Trim();
}
