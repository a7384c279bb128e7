using System.Text.Json;
using k8s;
using k8s.Models;

namespace Modestano.Operator.Runtime.Informers;

/// <summary>One object as read from LIST or WATCH; without <see cref="Entity"/> it could not be deserialised, and <see cref="Error"/> tells why.</summary>
internal sealed record ReadObject<TEntity>(ObjectKey Key, string Uid, string ResourceVersion, TEntity? Entity, string? Error, long Generation = 0)
    where TEntity : class, IKubernetesObject<V1ObjectMeta>
{
    /// <summary>Reads an object; null where it has not even a name.</summary>
    public static ReadObject<TEntity>? From(JsonElement json)
    {
        if (EntityJson.TextAt(json, "metadata", "name") is not { } name)
        {
            return null;
        }

        var key = new ObjectKey(EntityJson.TextAt(json, "metadata", "namespace") ?? "", name);
        var uid = EntityJson.TextAt(json, "metadata", "uid") ?? "";
        var version = EntityJson.TextAt(json, "metadata", "resourceVersion") ?? "";
        try
        {
            var entity = KubernetesJson.Deserialize<TEntity>(json);
            // Half of an object's bytes, and the server keeps its own where a PUT leaves it out.
            entity.Metadata.ManagedFields = null;
            return new ReadObject<TEntity>(key, uid, version, entity, null);
        }
        catch (Exception e) when (e is JsonException or FormatException or OverflowException
            or InvalidOperationException or ArgumentException or NotSupportedException)
        {
            return new ReadObject<TEntity>(key, uid, version, null, e.Message, GenerationOf(json));
        }
    }

    private static long GenerationOf(JsonElement json) =>
        json.GetProperty("metadata").TryGetProperty("generation", out var generation) && generation.TryGetInt64(out var value) ? value : 0;
}
