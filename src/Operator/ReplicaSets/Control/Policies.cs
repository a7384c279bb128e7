using Modestano.Crds.V1Alpha1;
using Modestano.Operator.ReplicaSets.Planning;

namespace Modestano.Operator.ReplicaSets.Control;

/// <summary>The planner's limits as a spec sets them.</summary>
internal static class Policies
{
    public static PlanningPolicy From(MongoReplicaSetSpec spec)
    {
        var how = spec.Reconfiguration;
        return new PlanningPolicy
        {
            MaxReplicationLag = how.MaxReplicationLag.Value,
            StabilizationWindow = how.StabilizationWindow.Value,
            MinOplogWindow = how.MinOplogWindow.Value,
            MaxTransactionAge = how.MaxTransactionAge.Value,
            MaxConcurrentInitialSyncs = how.MaxConcurrentInitialSyncs,
            AdoptionNeedsApproval = how.Adoption != "Automatic",
            EveryPlanNeedsApproval = how.Approval == "Manual",
            Recovery = spec.Recovery is { } r ? new RecoveryPermit(r.ConfigVersion, r.ConfigTerm, r.FencedHosts) : null,
        };
    }
}
