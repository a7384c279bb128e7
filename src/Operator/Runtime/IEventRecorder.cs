using k8s;
using k8s.Models;

namespace Modestano.Operator.Runtime;

/// <summary>Writes Kubernetes Events: on transitions only; repeats of one (object, reason, message) are counted, not multiplied. Never throws, never blocks a pass.</summary>
public interface IEventRecorder
{
    /// <summary>Something went as it should.</summary>
    void Normal(IKubernetesObject<V1ObjectMeta> about, string reason, string message);

    /// <summary>Something needs a person's eye.</summary>
    void Warning(IKubernetesObject<V1ObjectMeta> about, string reason, string message);
}
