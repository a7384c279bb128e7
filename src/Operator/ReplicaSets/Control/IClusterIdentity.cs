using k8s;

namespace Modestano.Operator.ReplicaSets.Control;

/// <summary>Tells this cluster from every other one: part of the owner tag (R11).</summary>
public interface IClusterIdentity
{
    /// <summary>The UID of the namespace kube-system, which lives as long as the cluster.</summary>
    Task<string> GetAsync(CancellationToken cancellationToken);
}

/// <summary>Over the API server; read once.</summary>
internal sealed class KubeSystemIdentity(IKubernetes kubernetes) : IClusterIdentity
{
    private string? _uid;

    public async Task<string> GetAsync(CancellationToken cancellationToken) =>
        _uid ??= (await kubernetes.CoreV1.ReadNamespaceAsync("kube-system", cancellationToken: cancellationToken)).Metadata.Uid;
}
