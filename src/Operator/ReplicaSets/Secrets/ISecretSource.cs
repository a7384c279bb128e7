using System.Net;
using k8s;
using k8s.Autorest;
using k8s.Models;
using Modestano.Operator.Runtime;

namespace Modestano.Operator.ReplicaSets.Secrets;

/// <summary>Reads Secrets one by one: the operator's role has <c>get</c> only, so that it can neither list nor watch them.</summary>
public interface ISecretSource
{
    /// <summary>The Secret; null where it does not exist.</summary>
    /// <exception cref="SecretNotReadableException">The API server refused, or did not answer.</exception>
    Task<V1Secret?> GetAsync(string @namespace, string name, CancellationToken cancellationToken);
}

/// <summary>A Secret could not be read, for another reason than that it does not exist.</summary>
public sealed class SecretNotReadableException(string message, Exception inner) : Exception(message, inner);

/// <summary>Over the API server.</summary>
internal sealed class KubernetesSecretSource(IKubernetes kubernetes) : ISecretSource
{
    public async Task<V1Secret?> GetAsync(string @namespace, string name, CancellationToken cancellationToken)
    {
        try
        {
            return await kubernetes.CoreV1.ReadNamespacedSecretAsync(name, @namespace, cancellationToken: cancellationToken);
        }
        catch (HttpOperationException e) when (e.Response.StatusCode == HttpStatusCode.NotFound)
        {
            return null;
        }
        catch (HttpOperationException e)
        {
            throw new SecretNotReadableException(new ApiRefusedException($"reading Secret {@namespace}/{name}", e).Message, e);
        }
    }
}
