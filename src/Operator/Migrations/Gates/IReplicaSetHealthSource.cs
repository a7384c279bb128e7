using Modestano.Crds.V1Alpha1;

namespace Modestano.Operator.Migrations.Gates;

/// <summary>What is known of a replica set now.</summary>
public interface IReplicaSetHealthSource
{
    /// <summary>Exact figures of a fresh observation; null: there is none.</summary>
    /// <param name="replicaSet">The set.</param>
    /// <param name="notBefore">An older observation does not count, however fresh; null: none is too old that is fresh.</param>
    ReplicaSetHealth? Observe(MongoReplicaSet replicaSet, DateTimeOffset? notBefore);
}
