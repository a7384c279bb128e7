using System.Runtime.CompilerServices;
using System.Text.Json.Nodes;
using Modestano.Testbed.KubeApi.Http;
using Modestano.Testbed.KubeApi.Storage;

namespace Modestano.Testbed.KubeApi.ServerSideApply;

internal enum ListForm
{
    /// <summary>Owned and replaced as a whole.</summary>
    Atomic,

    /// <summary>Each plain value is owned by itself.</summary>
    Set,

    /// <summary>Each item is owned by itself; keys tell items apart.</summary>
    Keyed,
}

/// <summary>What server-side apply must know of a schema: which fields there are, and how lists and maps are merged.</summary>
internal sealed class TypedSchema
{
    private static readonly ConditionalWeakTable<JsonObject, TypedSchema> Roots = [];

    // Nothing is declared and everything is allowed, below x-kubernetes-preserve-unknown-fields.
    private static readonly TypedSchema Untyped = new(null, null);

    private static readonly JsonObject Metadata = (JsonObject)LastWins.Read("""
        {"type":"object","properties":{
          "name":{},"generateName":{},"namespace":{},"selfLink":{},"uid":{},"resourceVersion":{},"generation":{},
          "creationTimestamp":{},"deletionTimestamp":{},"deletionGracePeriodSeconds":{},
          "labels":{"type":"object","additionalProperties":{}},
          "annotations":{"type":"object","additionalProperties":{}},
          "finalizers":{"type":"array","x-kubernetes-list-type":"set","items":{}},
          "ownerReferences":{"type":"array","x-kubernetes-list-type":"map","x-kubernetes-list-map-keys":["uid"],"items":{"type":"object","x-kubernetes-map-type":"atomic"}},
          "managedFields":{"type":"array","x-kubernetes-list-type":"atomic"}}}
        """)!;

    /// <summary>A value that is taken as a whole.</summary>
    public static readonly TypedSchema Leaf = new(new JsonObject { ["x-kubernetes-map-type"] = "atomic" }, null);

    private readonly JsonObject? schema;
    private readonly JsonObject? metadata;

    private TypedSchema(JsonObject? schema, JsonObject? metadata)
    {
        this.schema = schema;
        this.metadata = metadata;
        Keys = schema.Strings("x-kubernetes-list-map-keys");
    }

    public IReadOnlyList<string> Keys { get; }

    public JsonNode? Default => schema?["default"];

    public bool IsAtomicMap => schema.String("x-kubernetes-map-type") == "atomic";

    public ListForm List => schema.String("x-kubernetes-list-type") switch
    {
        "map" when Keys.Count > 0 => ListForm.Keyed,
        "set" => ListForm.Set,
        _ => ListForm.Atomic,
    };

    public TypedSchema Items => schema.Object("items") is { } items ? new TypedSchema(items, null) : Untyped;

    public static TypedSchema Of(ResourceKind kind) =>
        kind.Schema is { } schema ? Roots.GetValue(schema, s => new TypedSchema(s, Metadata)) : new TypedSchema(Open, Metadata);

    private static JsonObject Open { get; } = new() { ["type"] = "object", ["x-kubernetes-preserve-unknown-fields"] = true };

    /// <summary>A declared field of a structure; false for an entry of a map.</summary>
    public bool Declares(string field) => metadata is not null && field is "metadata" or "apiVersion" or "kind" || schema.Object("properties")?.ContainsKey(field) == true;

    /// <returns>Null where the schema has no such field.</returns>
    public TypedSchema? Child(string field)
    {
        if (metadata is not null && field is "metadata")
        {
            return new TypedSchema(metadata, null);
        }

        if (schema is null || (metadata is not null && field is "apiVersion" or "kind"))
        {
            return Untyped;
        }

        if (schema.Object("properties")?.TryGetPropertyValue(field, out var property) == true)
        {
            return new TypedSchema(property as JsonObject, null);
        }

        if (schema["additionalProperties"] is { } additional && additional is JsonObject || schema.Flag("additionalProperties"))
        {
            return schema.Object("additionalProperties") is { } entry ? new TypedSchema(entry, null) : Untyped;
        }

        return schema.Flag("x-kubernetes-preserve-unknown-fields") || IsUnstructured ? Untyped : null;
    }

    // {"type": "object"} without any properties, or nothing at all, declares nothing to compare with.
    private bool IsUnstructured => schema is not null && !schema.ContainsKey("properties") && schema.String("type") is null;
}
