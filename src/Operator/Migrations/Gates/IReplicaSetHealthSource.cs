using Modestano.Crds.V1Alpha1;

namespace Modestano.Operator.Migrations.Gates;

/// <summary>Looks at a replica set now.</summary>
public interface IReplicaSetHealthSource
{
    /// <summary>Observes the members; null where that was not possible.</summary>
    Task<ReplicaSetHealth?> ObserveAsync(MongoReplicaSet replicaSet, CancellationToken cancellationToken);
}
