using Modestano.Crds.V1Alpha1;
using Modestano.Operator.Migrations.Planning;

namespace Modestano.Operator.Migrations.Gates;

/// <summary>Evaluates all gates of a migration, in the phases in which they count.</summary>
public sealed class GateEvaluator(IReplicaSetHealthSource replicaSets, IEnumerable<IGateSource> sources)
{
    /// <summary>The results; empty in phases that no gate guards.</summary>
    public async Task<IReadOnlyList<GateStatus>> EvaluateAsync(MigrationContext context, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(context);
        if (RegionToCheck(context) is not { } region || context.ReplicaSet is not { } replicaSet)
        {
            return [];
        }

        // People roll back because something broke just now: what was seen before that says nothing about the region to go back to.
        var notBefore = context.Status is { Phase: MigrationPhases.RollingBack, PhaseStartTime: { } since } ? new DateTimeOffset(DateTime.SpecifyKind(since, DateTimeKind.Utc)) : (DateTimeOffset?)null;
        var health = replicaSets.Observe(replicaSet, notBefore);
        var minOplogWindow = replicaSet.Spec.Reconfiguration.MinOplogWindow.Value;
        var gates = new List<GateStatus>(ReplicaSetGates.Evaluate(health, region, context.Spec.Gates, minOplogWindow, context.Now).Select(g => Persistence.Apply(g, context.LastResult(g.Name), context.Now)));
        if (context.Status is { Phase: MigrationPhases.Decommissioning, Override: { RetiredMembers: null } asked })
        {
            gates.AddRange(DecommissionGates.Evaluate(health, Targets.StayingDataBearing(replicaSet, context.Spec.From), asked.HiddenMembers ?? [], context.Now));
        }

        gates.AddRange(EndpointGates.Evaluate(context.ExistingRecords, region, context.Now));
        foreach (var source in sources)
        {
            gates.AddRange(await source.EvaluateAsync(context, region, cancellationToken));
        }

        return gates;
    }

    /// <summary>Whether gates count in the phase.</summary>
    public static bool Guards(string? phase) =>
        phase is MigrationPhases.Shifting or MigrationPhases.MovingPrimary or MigrationPhases.Soaking or MigrationPhases.Decommissioning or MigrationPhases.RollingBack;

    // On the way back it is the old region that must be fit (D5).
    private static string? RegionToCheck(MigrationContext context) =>
        !Guards(context.Status.Phase) ? null : context.Status.Phase == MigrationPhases.RollingBack ? context.Spec.From : context.Spec.To;
}
