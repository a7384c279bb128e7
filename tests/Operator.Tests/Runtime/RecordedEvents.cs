using k8s;
using k8s.Models;
using Modestano.Operator.Runtime;

namespace Modestano.Operator.Tests.Runtime;

internal sealed class RecordedEvents : IEventRecorder
{
    public List<(string Type, string Name, string Reason, string Message)> All { get; } = [];

    public void Normal(IKubernetesObject<V1ObjectMeta> about, string reason, string message) => All.Add(("Normal", about.Metadata.Name, reason, message));

    public void Warning(IKubernetesObject<V1ObjectMeta> about, string reason, string message) => All.Add(("Warning", about.Metadata.Name, reason, message));
}
