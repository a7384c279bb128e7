using System.Text.Json.Nodes;
using k8s;
using k8s.Models;

namespace Modestano.Testbed.Demo.Manifests;

/// <summary>Applies manifests server-side, as <c>kubectl apply --server-side</c> does; the world's part of a GitOps controller.</summary>
public sealed class ManifestApplier(IKubernetes client, string fieldManager)
{
    private static readonly Dictionary<string, (string Plural, bool Namespaced)> Kinds = new()
    {
        ["Namespace"] = ("namespaces", false),
        ["Secret"] = ("secrets", true),
        ["ServiceAccount"] = ("serviceaccounts", true),
        ["CustomResourceDefinition"] = ("customresourcedefinitions", false),
        ["ClusterRole"] = ("clusterroles", false),
        ["ClusterRoleBinding"] = ("clusterrolebindings", false),
        ["Role"] = ("roles", true),
        ["RoleBinding"] = ("rolebindings", true),
        ["MongoReplicaSet"] = ("mongoreplicasets", true),
        ["WeightedDnsRecord"] = ("weighteddnsrecords", true),
        ["RegionMigration"] = ("regionmigrations", true),
    };

    /// <summary>Applies one object.</summary>
    /// <param name="manifest">The object; one without a namespace goes to <paramref name="defaultNamespace"/>.</param>
    /// <param name="defaultNamespace">A namespace.</param>
    /// <param name="cancellationToken">Stops the call.</param>
    /// <exception cref="InvalidDataException">The kind is none that the samples use.</exception>
    public async Task ApplyAsync(JsonObject manifest, string defaultNamespace, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(manifest);
        var kind = (string?)manifest["kind"] ?? "";
        if (!Kinds.TryGetValue(kind, out var resource))
        {
            throw new InvalidDataException($"kind {kind} is not known here; known are {string.Join(", ", Kinds.Keys)}");
        }

        var apiVersion = (string?)manifest["apiVersion"] ?? "";
        var (group, version) = apiVersion.Split('/') is [var g, var v] ? (g, v) : ("", apiVersion);
        var name = (string)manifest["metadata"]!["name"]!;
        var body = new V1Patch(manifest.ToJsonString(), V1Patch.PatchType.ApplyPatch);
        if (resource.Namespaced)
        {
            var ns = (string?)manifest["metadata"]!["namespace"] ?? defaultNamespace;
            await client.CustomObjects.PatchNamespacedCustomObjectAsync(body, group, version, ns, resource.Plural, name, fieldManager: fieldManager, force: true, cancellationToken: cancellationToken);
        }
        else
        {
            await client.CustomObjects.PatchClusterCustomObjectAsync(body, group, version, resource.Plural, name, fieldManager: fieldManager, force: true, cancellationToken: cancellationToken);
        }
    }
}
