using System.Net;
using System.Text.Json;
using System.Text.Json.Nodes;
using k8s;
using k8s.Autorest;
using k8s.Models;
using Modestano.Crds.V1Alpha1;

namespace Modestano.Cli.Cluster;

/// <summary>The few calls that the plugin makes, in one namespace; refusals in words.</summary>
public sealed class ClusterClient(IKubernetes kubernetes, string space) : IDisposable
{
    /// <summary>The namespace.</summary>
    public string Namespace => space;

    /// <summary>Reads an object.</summary>
    /// <exception cref="PluginException">There is none, or the API server refused.</exception>
    public async Task<TEntity> GetAsync<TEntity>(KindName kind, string name, CancellationToken cancellationToken)
        where TEntity : class, IKubernetesObject<V1ObjectMeta> =>
        await FindAsync<TEntity>(kind, name, cancellationToken)
            ?? throw new PluginException($"there is no {kind.Kind} {space}/{name}: `kubectl get {kind.ShortName} -A` lists those that exist");

    /// <summary>Reads an object; null: there is none.</summary>
    public async Task<TEntity?> FindAsync<TEntity>(KindName kind, string name, CancellationToken cancellationToken)
        where TEntity : class, IKubernetesObject<V1ObjectMeta>
    {
        ArgumentNullException.ThrowIfNull(kind);
        try
        {
            return await CallAsync($"reading {kind.Kind} {space}/{name}", () => kubernetes.CustomObjects.GetNamespacedCustomObjectAsync<TEntity>(
                ApiGroup.Name, ApiGroup.Version, space, kind.Plural, name, cancellationToken));
        }
        catch (NotFoundException e) when (e.IsObject)
        {
            return null;
        }
        catch (NotFoundException)
        {
            throw NotInstalled(kind);
        }
    }

    /// <summary>Reads all objects of a kind, in the namespace or everywhere.</summary>
    public async Task<IReadOnlyList<TEntity>> ListAsync<TEntity>(KindName kind, bool everywhere, CancellationToken cancellationToken)
        where TEntity : class, IKubernetesObject<V1ObjectMeta>
    {
        ArgumentNullException.ThrowIfNull(kind);
        var objects = kubernetes.CustomObjects;
        try
        {
            var list = await CallAsync($"listing {kind.Plural}", () => everywhere
                ? objects.ListClusterCustomObjectAsync<JsonElement>(ApiGroup.Name, ApiGroup.Version, kind.Plural, cancellationToken: cancellationToken)
                : objects.ListNamespacedCustomObjectAsync<JsonElement>(ApiGroup.Name, ApiGroup.Version, space, kind.Plural, cancellationToken: cancellationToken));
            return [.. list.GetProperty("items").EnumerateArray().Select(item => KubernetesJson.Deserialize<TEntity>(item.GetRawText()))];
        }
        catch (NotFoundException)
        {
            throw NotInstalled(kind);
        }
    }

    /// <summary>Reads the annotations of an object.</summary>
    public async Task<IDictionary<string, string>> AnnotationsAsync(KindName kind, string name, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(kind);
        IKubernetesObject<V1ObjectMeta> found = kind == KindName.ReplicaSet ? await GetAsync<MongoReplicaSet>(kind, name, cancellationToken)
            : kind == KindName.DnsRecord ? await GetAsync<WeightedDnsRecord>(kind, name, cancellationToken)
            : await GetAsync<RegionMigration>(kind, name, cancellationToken);
        return found.Metadata.Annotations ?? new Dictionary<string, string>();
    }

    /// <summary>Sets an annotation, or takes it away where <paramref name="value"/> is null.</summary>
    public Task AnnotateAsync(KindName kind, string name, string annotation, string? value, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(kind);
        var patch = new JsonObject { ["metadata"] = new JsonObject { ["annotations"] = new JsonObject { [annotation] = value } } };
        return CallAsync($"annotating {kind.Kind} {space}/{name}", () => kubernetes.CustomObjects.PatchNamespacedCustomObjectAsync<JsonElement>(
            new V1Patch(patch.ToJsonString(), V1Patch.PatchType.MergePatch), ApiGroup.Name, ApiGroup.Version, space, kind.Plural, name, fieldManager: "kubectl-modestano", cancellationToken: cancellationToken));
    }

    /// <inheritdoc/>
    public void Dispose() => kubernetes.Dispose();

    private static PluginException NotInstalled(KindName kind) =>
        new($"the cluster does not know {kind.Plural}.{ApiGroup.Name}: the operator's definitions are not installed, or --context names another cluster");

    private static async Task<T> CallAsync<T>(string doing, Func<Task<T>> call)
    {
        try
        {
            return await call();
        }
        catch (HttpOperationException e) when (e.Response.StatusCode == HttpStatusCode.NotFound)
        {
            throw new NotFoundException(Said(e)?["details"]?["name"] is not null);
        }
        catch (HttpOperationException e)
        {
            throw new PluginException($"{doing}: the API server answered {(int)e.Response.StatusCode}: {Said(e)?["message"]?.ToString() ?? e.Message}");
        }
        catch (Exception e) when (e is HttpRequestException or TaskCanceledException { InnerException: TimeoutException })
        {
            throw new PluginException($"{doing}: the API server did not answer: {e.InnerException?.Message ?? e.Message}");
        }
    }

    private static JsonNode? Said(HttpOperationException e)
    {
        try
        {
            return JsonNode.Parse(e.Response.Content ?? "");
        }
        catch (JsonException)
        {
            // A proxy's page instead of a Status: the code alone has to do.
            return null;
        }
    }

    private sealed class NotFoundException(bool isObject) : Exception
    {
        public bool IsObject => isObject;
    }
}
