using Modestano.Crds.V1Alpha1;
using Modestano.Operator.Migrations.Planning;

namespace Modestano.Operator.Migrations.Gates;

/// <summary>Evaluates the gates that the next decision needs (<see cref="GateNeed"/>), all side by side.</summary>
public sealed class GateEvaluator(IReplicaSetHealthSource replicaSets, IEnumerable<IGateSource> sources)
{
    /// <summary>The results; empty where the decision needs none.</summary>
    public async Task<IReadOnlyList<GateStatus>> EvaluateAsync(MigrationContext context, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(context);
        var need = GateNeed.Of(context);
        if (need.Scope == GateScope.Nothing || context.ReplicaSet is not { } replicaSet)
        {
            return [];
        }

        // Asked first: while the outside answers, the set's own health is looked up.
        var outside = need.Scope == GateScope.All ? Task.WhenAll(sources.Select(s => s.EvaluateAsync(context, need.Region, cancellationToken))) : null;
        var own = need.Scope == GateScope.All ? Own(context, replicaSet, need.Region) : WayBack(context, replicaSet, need.Region);
        return outside is null ? own : [.. own, .. (await outside).SelectMany(g => g).Select(g => SteadyFigure.Apply(g, context.LastResult(g.Name), context.Now))];
    }

    private List<GateStatus> Own(MigrationContext context, MongoReplicaSet replicaSet, string region)
    {
        var health = replicaSets.Observe(replicaSet, null);
        var minOplogWindow = replicaSet.Spec.Reconfiguration.MinOplogWindow.Value;
        var gates = new List<GateStatus>(ReplicaSetGates.Evaluate(health, region, context.Spec.Gates, minOplogWindow, context.Now).Select(g => Persistence.Apply(g, context.LastResult(g.Name), context.Now)));
        if (context.Status is { Phase: MigrationPhases.Decommissioning, Override: { RetiredMembers: null } asked })
        {
            gates.AddRange(DecommissionGates.Evaluate(health, Targets.StayingDataBearing(replicaSet, context.Spec.From), asked.HiddenMembers ?? [], context.Now));
        }

        gates.AddRange(EndpointGates.Evaluate(context.ExistingRecords, region, context.Now));
        return gates;
    }

    // People roll back because something broke just now: what was seen before that says nothing about the region to go back to.
    private List<GateStatus> WayBack(MigrationContext context, MongoReplicaSet replicaSet, string region)
    {
        var notBefore = context.Status.PhaseStartTime is { } since ? new DateTimeOffset(DateTime.SpecifyKind(since, DateTimeKind.Utc)) : (DateTimeOffset?)null;
        return [.. WayBackGates.Evaluate(replicaSets.Observe(replicaSet, notBefore), region, context.Spec.Gates, context.Now)];
    }
}
