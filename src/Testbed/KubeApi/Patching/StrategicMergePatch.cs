using System.Text.Json.Nodes;
using Modestano.Testbed.KubeApi.Storage;
using Modestano.Testbed.KubeApi.Tables;

namespace Modestano.Testbed.KubeApi.Patching;

/// <summary>
/// Strategic merge patch: a merge patch in which some lists are merged item by item, and which may hold directives
/// (<c>$patch</c>, <c>$setElementOrder/…</c>, <c>$deleteFromPrimitiveList/…</c>, <c>$retainKeys</c>).
/// </summary>
/// <param name="mergeKey">The key of a list at a path such as <c>spec.template.spec.containers</c>; empty for a list of plain values that is merged; null for one that is replaced.</param>
internal sealed class StrategicMergePatch(Func<string, string?> mergeKey)
{
    private const string Directive = "$patch";
    private const string OrderPrefix = "$setElementOrder/";
    private const string DeletePrefix = "$deleteFromPrimitiveList/";
    private const string RetainKeys = "$retainKeys";

    /// <summary>The target with the patch applied; the target may be changed and must not be used afterwards.</summary>
    public JsonObject Apply(JsonObject target, JsonObject patch) => Merge(target, patch, "");

    private JsonObject Merge(JsonObject target, JsonObject patch, string path)
    {
        switch (patch.String(Directive))
        {
            case "replace":
                var replacement = (JsonObject)patch.DeepClone();
                replacement.Remove(Directive);
                return replacement;
            case "delete":
                return [];
            default:
                break;
        }

        if (patch.Array(RetainKeys) is not null)
        {
            var kept = patch.Strings(RetainKeys);
            foreach (var name in target.Select(p => p.Key).Except(kept, StringComparer.Ordinal).ToList())
            {
                target.Remove(name);
            }
        }

        foreach (var (name, value) in patch.Where(p => !p.Key.StartsWith('$')))
        {
            var at = path.Length == 0 ? name : $"{path}.{name}";
            switch (value)
            {
                case null:
                    target.Remove(name);
                    break;
                case JsonObject nested when nested.String(Directive) == "delete":
                    target.Remove(name);
                    break;
                case JsonObject nested:
                    target[name] = Merge((JsonObject)(target[name] as JsonObject ?? []).DeepClone(), nested, at);
                    break;
                case JsonArray list when mergeKey(at) is { } key:
                    target[name] = MergeList((JsonArray)(target[name] as JsonArray ?? []).DeepClone(), list, key, at);
                    break;
                default:
                    target[name] = value.DeepClone();
                    break;
            }
        }

        foreach (var (name, value) in patch.Where(p => p.Key.StartsWith(DeletePrefix, StringComparison.Ordinal)))
        {
            DeleteValues(target, name[DeletePrefix.Length..], (JsonArray)value!);
        }

        foreach (var (name, value) in patch.Where(p => p.Key.StartsWith(OrderPrefix, StringComparison.Ordinal)))
        {
            var field = name[OrderPrefix.Length..];
            Order(target, field, (JsonArray)value!, mergeKey(path.Length == 0 ? field : $"{path}.{field}") ?? "");
        }

        return target;
    }

    private JsonArray MergeList(JsonArray target, JsonArray patch, string key, string path)
    {
        if (patch.OfType<JsonObject>().Any(i => i.String(Directive) == "replace"))
        {
            return [.. patch.Where(i => (i as JsonObject)?.ContainsKey(Directive) != true).Select(i => i?.DeepClone())];
        }

        foreach (var item in patch)
        {
            var at = IndexOf(target, item, key);
            switch (item)
            {
                case JsonObject obj when obj.String(Directive) == "delete":
                    if (at >= 0)
                    {
                        target.RemoveAt(at);
                    }

                    break;
                case JsonObject obj when at >= 0:
                    target[at] = Merge((JsonObject)target[at]!.DeepClone(), obj, path);
                    break;
                case var _ when at < 0:
                    target.Add(item?.DeepClone());
                    break;
                default:
                    break;
            }
        }

        return target;
    }

    private static int IndexOf(JsonArray list, JsonNode? item, string key)
    {
        for (var i = 0; i < list.Count; i++)
        {
            var same = key.Length == 0
                ? JsonNode.DeepEquals(list[i], item)
                : list[i] is JsonObject a && item is JsonObject b && JsonNode.DeepEquals(a[key], b[key]);
            if (same)
            {
                return i;
            }
        }

        return -1;
    }

    private static void DeleteValues(JsonObject target, string field, JsonArray values)
    {
        if (target.Array(field) is { } list)
        {
            target[field] = new JsonArray([.. list.Where(i => !values.Any(v => JsonNode.DeepEquals(i, v))).Select(i => i?.DeepClone())]);
        }
    }

    /// <summary>Items named in the order come in that order; the others keep their place behind the item that they followed.</summary>
    private static void Order(JsonObject target, string field, JsonArray order, string key)
    {
        if (target.Array(field) is not { } list)
        {
            return;
        }

        string Identity(JsonNode? node) => JsonPath.Text(key.Length > 0 && node is JsonObject obj ? obj[key] : node);
        var position = order.Select(Identity).Select((id, index) => (id, index)).DistinctBy(p => p.id).ToDictionary(p => p.id, p => p.index, StringComparer.Ordinal);
        var rank = -1;
        var ranked = new List<(int Rank, int Index, JsonNode? Item)>();
        for (var i = 0; i < list.Count; i++)
        {
            rank = position.TryGetValue(Identity(list[i]), out var named) ? named : rank;
            ranked.Add((rank, i, list[i]));
        }

        target[field] = new JsonArray([.. ranked.OrderBy(r => r.Rank).ThenBy(r => r.Index).Select(r => r.Item?.DeepClone())]);
    }
}
