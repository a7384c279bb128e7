using System.Text.Json.Nodes;

namespace Modestano.Testbed.KubeApi.ServerSideApply;

/// <summary>The fields in which two states of an object differ.</summary>
internal sealed class FieldComparison
{
    public FieldSet Added { get; } = new();

    public FieldSet Modified { get; } = new();

    public FieldSet Removed { get; } = new();

    public static FieldComparison Between(JsonObject old, JsonObject now, TypedSchema schema)
    {
        var comparison = new FieldComparison();
        comparison.Compare(old, now, schema, []);
        return comparison;
    }

    private void Compare(Optional old, Optional now, TypedSchema schema, IReadOnlyList<string> path)
    {
        var whole = old.Value ?? now.Value;
        switch (whole)
        {
            case JsonObject when !schema.IsAtomicMap && IsMap(old) && IsMap(now) && !(IsEmpty(old) && IsEmpty(now)):
                CompareMaps(old.Value as JsonObject, now.Value as JsonObject, schema, path);
                break;
            case JsonArray when schema.List != ListForm.Atomic && IsList(old) && IsList(now) && !(IsEmpty(old) && IsEmpty(now)):
                CompareLists(old.Value as JsonArray, now.Value as JsonArray, schema, path);
                break;
            default:
                if (old.Exists && now.Exists)
                {
                    if (!JsonNode.DeepEquals(old.Value, now.Value))
                    {
                        Insert(Modified, path);
                    }

                    return;
                }

                break;
        }

        if (path.Count > 0 && !old.Exists)
        {
            Insert(Added, path);
        }
        else if (path.Count > 0 && !now.Exists)
        {
            Insert(Removed, path);
        }
    }

    private void CompareMaps(JsonObject? old, JsonObject? now, TypedSchema schema, IReadOnlyList<string> path)
    {
        foreach (var name in (old ?? []).Concat(now ?? []).Select(p => p.Key).Distinct(StringComparer.Ordinal))
        {
            // What the schema no longer knows is compared as a whole.
            var child = schema.Child(name) ?? TypedSchema.Leaf;
            Compare(Of(old, name), Of(now, name), child, [.. path, PathElements.Field(name)]);
        }
    }

    private void CompareLists(JsonArray? old, JsonArray? now, TypedSchema schema, IReadOnlyList<string> path)
    {
        var before = TypedValues.Items(old ?? [], schema, "", strict: false).ToDictionary(i => i.Element, i => i.Item, StringComparer.Ordinal);
        var after = TypedValues.Items(now ?? [], schema, "", strict: false).ToDictionary(i => i.Element, i => i.Item, StringComparer.Ordinal);
        foreach (var element in before.Keys.Union(after.Keys, StringComparer.Ordinal))
        {
            Compare(
                before.TryGetValue(element, out var was) ? new Optional(true, was) : default,
                after.TryGetValue(element, out var isNow) ? new Optional(true, isNow) : default,
                schema.Items,
                [.. path, element]);
        }
    }

    private static Optional Of(JsonObject? map, string name) => map?.TryGetPropertyValue(name, out var value) == true ? new Optional(true, value) : default;

    private static bool IsMap(Optional value) => !value.Exists || value.Value is null or JsonObject;

    private static bool IsList(Optional value) => !value.Exists || value.Value is null or JsonArray;

    private static bool IsEmpty(Optional value) => value.Value is null or JsonObject { Count: 0 } or JsonArray { Count: 0 };

    private static void Insert(FieldSet set, IReadOnlyList<string> path)
    {
        var at = path.Aggregate(set, (node, element) => node.At(element));
        at.Include();
    }

    /// <summary>A value that may be absent, which is not the same as null.</summary>
    private readonly record struct Optional(bool Exists, JsonNode? Value)
    {
        public static implicit operator Optional(JsonObject value) => new(true, value);
    }
}
