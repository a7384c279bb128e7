using System.Text.Json.Nodes;

namespace Modestano.Testbed.KubeApi.ServerSideApply;

/// <summary>Merges an applied configuration into a live object, and takes fields out of one.</summary>
internal static class TypedMerge
{
    public static JsonObject Merge(JsonObject live, JsonObject config, TypedSchema schema)
    {
        var result = (JsonObject)live.DeepClone();
        foreach (var (name, value) in config)
        {
            var child = schema.Child(name) ?? TypedSchema.Leaf;
            result[name] = result.TryGetPropertyValue(name, out var existing) ? MergeValue(existing, value, child) : value?.DeepClone();
        }

        return result;
    }

    /// <summary>The object without the members of a set.</summary>
    public static JsonObject Without(JsonObject obj, FieldSet removed, TypedSchema schema) => WithoutMap(obj, removed, schema) ?? [];

    private static JsonNode? MergeValue(JsonNode? live, JsonNode? config, TypedSchema schema) => (live, config) switch
    {
        (JsonObject a, JsonObject b) when !schema.IsAtomicMap => Merge(a, b, schema),
        (JsonArray a, JsonArray b) when schema.List != ListForm.Atomic => MergeLists(a, b, schema),
        _ => config?.DeepClone(),
    };

    /// <summary>
    /// Items of the configuration come in its order; items that only the live list has stay in front of the live neighbour that they stood before.
    /// </summary>
    private static JsonArray MergeLists(JsonArray live, JsonArray config, TypedSchema schema)
    {
        var liveItems = TypedValues.Items(live, schema, "", strict: false);
        var wanted = TypedValues.Items(config, schema, "", strict: false);
        var liveByElement = liveItems.ToDictionary(i => i.Element, i => i.Item, StringComparer.Ordinal);
        var wantedElements = wanted.Select(w => w.Element).ToHashSet(StringComparer.Ordinal);
        var shared = new Queue<string>(wanted.Select(w => w.Element).Where(liveByElement.ContainsKey));
        var result = new JsonArray();
        var at = 0;

        // Takes live-only items up to the shared one that the configuration wants next.
        void TakeLiveOnly()
        {
            while (at < liveItems.Count && (!wantedElements.Contains(liveItems[at].Element) || (shared.Count > 0 && liveItems[at].Element != shared.Peek())))
            {
                if (!wantedElements.Contains(liveItems[at].Element))
                {
                    result.Add(liveItems[at].Item?.DeepClone());
                }

                at++;
            }
        }

        foreach (var (element, item) in wanted)
        {
            TakeLiveOnly();
            if (liveByElement.TryGetValue(element, out var existing))
            {
                result.Add(MergeValue(existing, item, schema.Items));
                shared.Dequeue();
                if (at < liveItems.Count && liveItems[at].Element == element)
                {
                    at++;
                }
            }
            else
            {
                result.Add(item?.DeepClone());
            }
        }

        while (at < liveItems.Count)
        {
            if (!wantedElements.Contains(liveItems[at].Element))
            {
                result.Add(liveItems[at].Item?.DeepClone());
            }

            at++;
        }

        return result;
    }

    private static JsonNode? WithoutValue(JsonNode? value, FieldSet removed, TypedSchema schema) => value switch
    {
        JsonObject map when !schema.IsAtomicMap => WithoutMap(map, removed, schema),
        JsonArray list when schema.List != ListForm.Atomic => WithoutList(list, removed, schema),
        _ => value?.DeepClone(),
    };

    private static JsonObject? WithoutMap(JsonObject map, FieldSet removed, TypedSchema schema)
    {
        var result = new JsonObject();
        foreach (var (name, value) in map)
        {
            var below = removed.Find(PathElements.Field(name));
            if (below is null)
            {
                result[name] = value?.DeepClone();
            }
            else if (!below.IsMember && WithoutValue(value, below, schema.Child(name) ?? TypedSchema.Leaf) is { } kept)
            {
                result[name] = kept;
            }
        }

        return result.Count == 0 ? null : result;
    }

    private static JsonArray? WithoutList(JsonArray list, FieldSet removed, TypedSchema schema)
    {
        var result = new JsonArray();
        foreach (var (element, item) in TypedValues.Items(list, schema, "", strict: false))
        {
            var below = removed.Find(element);
            if (below is null)
            {
                result.Add(item?.DeepClone());
            }
            else if (!below.IsMember)
            {
                result.Add(WithoutValue(item, below, schema.Items));
            }
        }

        return result.Count == 0 ? null : result;
    }
}
