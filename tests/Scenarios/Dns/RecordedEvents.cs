using k8s;
using k8s.Models;
using Modestano.Operator.Runtime;

namespace Modestano.Scenarios.Dns;

/// <summary>Keeps events.</summary>
internal sealed class RecordedEvents : IEventRecorder
{
    public List<(string Kind, string Reason, string Message)> All { get; } = [];

    public IEnumerable<string> Reasons => All.Select(e => e.Reason);

    public void Normal(IKubernetesObject<V1ObjectMeta> about, string reason, string message) => All.Add(("Normal", reason, message));

    public void Warning(IKubernetesObject<V1ObjectMeta> about, string reason, string message) => All.Add(("Warning", reason, message));
}
