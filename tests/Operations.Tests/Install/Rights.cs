using System.Text;
using k8s;
using k8s.Models;
using Modestano.Testbed.KubeApi;

namespace Modestano.Operations.Tests.Install;

/// <summary>Who may do what, as the API server itself answers it: a command of kubectl for each question would take minutes.</summary>
internal sealed class Rights(KubeApiServer server) : IDisposable
{
    /// <summary>The operator's user name in an installation.</summary>
    public const string Operator = $"system:serviceaccount:{Rendered.Namespace}:modestano-operator-controller-manager";

    private readonly Kubernetes _client = new(KubernetesClientConfiguration.BuildConfigFromConfigFile(new MemoryStream(Encoding.UTF8.GetBytes(server.KubeconfigYaml()))));

    /// <param name="user">A user name.</param>
    /// <param name="verb">As <c>get</c>.</param>
    /// <param name="resource">As <c>secrets</c>, <c>regionmigrations.mongo.modestano.io</c>, or one with <c>/status</c> at its end.</param>
    /// <param name="inNamespace">A namespace.</param>
    public async Task<bool> MayAsync(string user, string verb, string resource, string inNamespace)
    {
        var (whole, sub) = resource.Split('/') is [var r, var s] ? (r, s) : (resource, null);
        var (plural, group) = whole.Split('.', 2) is [var p, var g] ? (p, g) : (whole, "");
        var review = new V1SubjectAccessReview
        {
            Spec = new V1SubjectAccessReviewSpec
            {
                User = user,
                ResourceAttributes = new V1ResourceAttributes { Group = group, Resource = plural, Subresource = sub, Verb = verb, NamespaceProperty = inNamespace },
            },
        };
        return (await _client.AuthorizationV1.CreateSubjectAccessReviewAsync(review)).Status.Allowed;
    }

    public void Dispose() => _client.Dispose();
}
