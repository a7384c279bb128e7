using System.Collections.Concurrent;
using k8s;
using k8s.Models;
using Modestano.Operator.Runtime;

namespace Modestano.Scenarios.Dns;

/// <summary>Keeps events.</summary>
internal sealed class RecordedEvents : IEventRecorder
{
    private readonly ConcurrentQueue<(string Kind, string Reason, string Message)> _all = new();

    public IReadOnlyList<(string Kind, string Reason, string Message)> All => [.. _all];

    public IEnumerable<string> Reasons => All.Select(e => e.Reason);

    public void Normal(IKubernetesObject<V1ObjectMeta> about, string reason, string message) => _all.Enqueue(("Normal", reason, message));

    public void Warning(IKubernetesObject<V1ObjectMeta> about, string reason, string message) => _all.Enqueue(("Warning", reason, message));
}
