using Modestano.Operator.ReplicaSets.Mongo;
using Modestano.Operator.ReplicaSets.Secrets;
using Modestano.Operator.ReplicaSets.Status;
using Modestano.Operator.Runtime;

namespace Modestano.Operator.ReplicaSets.Control;

/// <summary>All that this process keeps of a set outside of a pass: clients, connections, figures, memory.</summary>
internal sealed class ReplicaSetTraces(
    IReplicaSetGateway gateway, ConnectionSource connections, WaitingSets waiting, ReplicaSetMetrics metrics, ObservedReplicaSets memories)
{
    /// <summary>The object is gone.</summary>
    public void Forget(ObjectKey key)
    {
        waiting.Rests(key);
        gateway.Forget(key);
        connections.Forget(key);
        metrics.Forget(key);
        memories.Forget(key);
    }
}
