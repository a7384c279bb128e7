using System.Text.Json;
using System.Text.Json.Nodes;
using k8s;
using k8s.Models;

namespace Modestano.Operator.Runtime;

/// <summary>Objects as JSON, in the client's own dialect.</summary>
internal static class EntityJson
{
    /// <summary>A copy that shares nothing with the original.</summary>
    public static TEntity Copy<TEntity>(TEntity entity)
        where TEntity : class, IKubernetesObject<V1ObjectMeta> =>
        KubernetesJson.Deserialize<TEntity>(KubernetesJson.Serialize(entity));

    /// <summary>The status as it would be sent; null where there is none.</summary>
    public static JsonNode? StatusOf<TEntity>(TEntity entity)
        where TEntity : class, IKubernetesObject<V1ObjectMeta> =>
        JsonNode.Parse(KubernetesJson.Serialize(entity))?["status"];

    /// <summary>A string at a path of property names; null where there is none.</summary>
    public static string? TextAt(JsonElement element, string parent, string name) =>
        element.ValueKind == JsonValueKind.Object
        && element.TryGetProperty(parent, out var inner)
        && inner.ValueKind == JsonValueKind.Object
        && inner.TryGetProperty(name, out var value)
        && value.ValueKind == JsonValueKind.String
            ? value.GetString()
            : null;
}
