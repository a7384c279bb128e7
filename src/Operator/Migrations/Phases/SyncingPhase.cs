using Modestano.Crds.V1Alpha1;
using Modestano.Operator.Migrations.Planning;
using Modestano.Operator.ReplicaSets.Topology;

namespace Modestano.Operator.Migrations.Phases;

/// <summary>Waits until every data-bearing member of the new region has the data. The replica set adds them by its own safe steps.</summary>
public sealed class SyncingPhase : IMigrationPhase
{
    /// <inheritdoc/>
    public string Name => MigrationPhases.Syncing;

    /// <inheritdoc/>
    public PhaseOutcome Evaluate(MigrationContext context)
    {
        var states = (context.ReplicaSet?.Status?.Members ?? []).ToDictionary(m => m.Host, HostNames.Comparer);
        foreach (var member in Targets.DataBearing(context.ReplicaSet!, context.Spec.To))
        {
            var seen = states.GetValueOrDefault(member.Host);
            if (seen?.State is not ("SECONDARY" or "PRIMARY"))
            {
                var progress = seen?.InitialSyncPercent is { } percent ? $", {percent}% copied" : "";
                var what = $"{member.Host} to become SECONDARY (now {seen?.State ?? "not seen"}{progress})";
                var conditions = context.ReplicaSet!.Status?.Conditions;
                return PhaseOutcome.Wait(context.Status, conditions?.Any(c => c is { Type: ConditionTypes.Stalled or ConditionTypes.Held or ConditionTypes.AwaitingApproval, Status: "True" }) == true
                    ? $"{what}; MongoReplicaSet {context.Spec.ReplicaSetRef.Name} says {Targets.Says(conditions)}"
                    : what);
            }
        }

        return PhaseOutcome.Enter(context.Status, MigrationPhases.Promoting, context.Now, $"Every member in {context.Spec.To} has the data");
    }
}
