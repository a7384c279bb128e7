using Modestano.Crds.V1Alpha1;

namespace Modestano.Operator.Migrations.Gates;

/// <summary>What is known of a replica set now.</summary>
public interface IReplicaSetHealthSource
{
    /// <summary>Exact figures of a fresh observation; null: there is none.</summary>
    ReplicaSetHealth? Observe(MongoReplicaSet replicaSet);
}
