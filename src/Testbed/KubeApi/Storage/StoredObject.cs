using System.Text.Json.Nodes;

namespace Modestano.Testbed.KubeApi.Storage;

/// <summary>An object as it is kept. Its JSON is never changed once it is stored; writers change a copy.</summary>
internal sealed class StoredObject(string key, JsonObject value, long revision)
{
    private byte[]? json;

    /// <summary><c>namespace/name</c>, or <c>name</c> for a cluster-scoped kind; lists are sorted by it.</summary>
    public string Key { get; } = key;

    public JsonObject Value { get; } = value;

    /// <summary>The resourceVersion.</summary>
    public long Revision { get; } = revision;

    /// <summary>Compact UTF-8 JSON.</summary>
    public ReadOnlyMemory<byte> Json => json ??= JsonText.Encode(Value);

    public string Namespace => ObjectMeta.Namespace(Value);

    public string Name => ObjectMeta.Name(Value);

    public JsonObject Copy() => (JsonObject)Value.DeepClone();

    public static string KeyOf(string? ns, string name) => string.IsNullOrEmpty(ns) ? name : $"{ns}/{name}";
}
