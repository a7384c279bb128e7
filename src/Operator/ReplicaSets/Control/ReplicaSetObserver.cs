using Modestano.Crds.V1Alpha1;
using Modestano.Operator.ReplicaSets.Mongo;
using Modestano.Operator.ReplicaSets.Observation;
using Modestano.Operator.ReplicaSets.Secrets;
using Modestano.Operator.Runtime;

namespace Modestano.Operator.ReplicaSets.Control;

/// <summary>Reads the members and folds what they say into the set's memory.</summary>
internal sealed class ReplicaSetObserver(IReplicaSetGateway gateway, ConnectionSource connections, TimeProvider time)
{
    /// <summary>One observation.</summary>
    public async Task<(ReplicaSetTarget Target, ObservedReplicaSet Observed)> ObserveAsync(MongoReplicaSet set, ReplicaSetMemory memory, CancellationToken cancellationToken)
    {
        var key = ObjectKey.Of(set);
        var target = new ReplicaSetTarget(key, await connections.GetAsync(set, cancellationToken));
        var wanted = set.Spec.Regions.SelectMany(r => r.Members).Select(m => m.Host).ToList();
        var known = memory.Observed?.Config?.Members.Select(m => m.Host) ?? [];
        var replies = await gateway.ObserveAsync(target, [.. wanted.Union(known, StringComparer.Ordinal)], cancellationToken);
        if (replies.Any(r => r.Connection?.Kind == MongoFailureKind.AuthenticationFailed))
        {
            connections.Doubt(key);
        }

        var wasInTrouble = InTrouble(memory.Observed);
        var built = ObservationBuilder.Build(replies, wanted, set.Status?.ReplicaSetId, time.GetUtcNow());
        (memory.Stability, var observed) = memory.Stability.Fold(built, set.Spec.Reconfiguration.MaxReplicationLag.Value);
        memory.History = HistoryKeeper.Saw(memory.History, observed, wasInTrouble) with { KnownReplicaSetId = set.Status?.ReplicaSetId };
        memory.Observed = observed;
        return (target, observed);
    }

    private static bool InTrouble(ObservedReplicaSet? observed) =>
        observed is { Config: { } config }
        && (observed.Primary is null || config.Voters.Count(v => observed.Member(v.Host).Healthy == true) < config.ElectionMajority);
}
