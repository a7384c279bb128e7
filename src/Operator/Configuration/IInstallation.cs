using k8s;
using Modestano.Operator.Runtime;

namespace Modestano.Operator.Configuration;

/// <summary>
/// Who this installation is in what it marks as its own and where it assumes a role: two installations with all the defaults, in one cluster or
/// in two, never take each other for themselves.
/// </summary>
public interface IInstallation
{
    /// <summary><c>&lt;cluster UID&gt;/&lt;installation namespace&gt;/&lt;Lease name&gt;</c>; known once <see cref="ReadAsync"/> has ended.</summary>
    string Identity { get; }

    /// <summary>Reads what is not known yet; from then on it costs nothing.</summary>
    Task ReadAsync(CancellationToken cancellationToken);
}

/// <summary>From the API server: the UID of the namespace kube-system lives as long as the cluster.</summary>
internal sealed class KubernetesInstallation(IKubernetes kubernetes, RuntimeOptions options) : IInstallation
{
    private string? _identity;

    public string Identity => _identity ?? throw new InvalidOperationException("the installation's identity has not been read");

    public async Task ReadAsync(CancellationToken cancellationToken) =>
        _identity ??= $"{(await kubernetes.CoreV1.ReadNamespaceAsync("kube-system", cancellationToken: cancellationToken)).Metadata.Uid}/{options.InstallationNamespace}/{options.InstallationName}";
}
