using Modestano.Crds.V1Alpha1;
using Modestano.Operator.ReplicaSets.Observation;
using Modestano.Operator.ReplicaSets.Planning;
using Modestano.Operator.ReplicaSets.Topology;

namespace Modestano.Operator.ReplicaSets.Control;

/// <summary>The planner's limits as a spec sets them.</summary>
internal static class Policies
{
    /// <param name="spec">The spec.</param>
    /// <param name="measuredBytesPerSecond">What an initial sync was last seen to copy a second; null: not measured yet.</param>
    /// <param name="config">The configuration, whose spelling of hosts counts; null: none yet.</param>
    public static PlanningPolicy From(MongoReplicaSetSpec spec, double? measuredBytesPerSecond = null, ReplicaSetConfig? config = null)
    {
        var how = spec.Reconfiguration;
        var assumed = new PlanningPolicy();
        return assumed with
        {
            InitialSyncBytesPerSecond = measuredBytesPerSecond ?? assumed.InitialSyncBytesPerSecond,
            MaxReplicationLag = how.MaxReplicationLag.Value,
            StabilizationWindow = how.StabilizationWindow.Value,
            MinOplogWindow = how.MinOplogWindow.Value,
            MaxTransactionAge = how.MaxTransactionAge.Value,
            MaxConcurrentInitialSyncs = how.MaxConcurrentInitialSyncs,
            RequireInitialSyncToFit = how.InitialSyncFit == "Require",
            AdoptionNeedsApproval = how.Adoption != "Automatic",
            EveryPlanNeedsApproval = how.Approval == "Manual",
            Recovery = spec.Recovery is { } r ? new RecoveryPermit(r.ConfigVersion, r.ConfigTerm, [.. r.FencedHosts.Select(h => h.SpelledAs(config?.Members.Select(m => m.Host) ?? []))]) : null,
        };
    }
}
