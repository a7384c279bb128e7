using Modestano.Crds.V1Alpha1;
using Modestano.Operator.Migrations.Planning;
using Modestano.Operator.Runtime;

namespace Modestano.Operator.Migrations.Gates;

/// <summary>
/// What has to be asked before a decision. Hold, roll-back and deletion are decided first: none of them waits for an answer. On the way back
/// only the replica set in the region that it goes to counts (D5): no probe and no query may keep traffic where they fail. Pure.
/// </summary>
/// <param name="Scope">How much.</param>
/// <param name="Region">The region that must be fit; empty where nothing is asked.</param>
internal readonly record struct GateNeed(GateScope Scope, string Region)
{
    private static readonly GateNeed Nothing = new(GateScope.Nothing, "");

    /// <summary>What the migration needs now.</summary>
    public static GateNeed Of(MigrationContext context)
    {
        // A spec that is not understood moves nothing, and a probe may be what is not known.
        if (!Guards(context.Status.Phase) || KnownValues.Unknown(context.Spec) is not null)
        {
            return Nothing;
        }

        var isGoingBack = context.Status.Phase == MigrationPhases.RollingBack;
        if ((!isGoingBack && RollBacks.AskedFor(context) is not null) || Place.IsForgotten(context) || Holding.Reason(context) is not null)
        {
            return Nothing;
        }

        return isGoingBack ? new GateNeed(GateScope.WayBack, context.Spec.From) : new GateNeed(GateScope.All, context.Spec.To);
    }

    /// <summary>Whether gates count in the phase.</summary>
    public static bool Guards(string? phase) =>
        phase is MigrationPhases.Shifting or MigrationPhases.MovingPrimary or MigrationPhases.Soaking or MigrationPhases.Decommissioning or MigrationPhases.RollingBack;
}

/// <summary>How much is asked.</summary>
internal enum GateScope
{
    /// <summary>Nobody.</summary>
    Nothing,

    /// <summary>The replica set alone: majority, lag and health of the region to go back to.</summary>
    WayBack,

    /// <summary>Every gate of the spec and those that each migration has.</summary>
    All,
}
