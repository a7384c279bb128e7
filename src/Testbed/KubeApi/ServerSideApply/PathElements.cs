using System.Text;
using System.Text.Json.Nodes;
using Modestano.Testbed.KubeApi.Storage;

namespace Modestano.Testbed.KubeApi.ServerSideApply;

/// <summary>Elements of field paths, and paths as messages show them.</summary>
internal static class PathElements
{
    public static string Field(string name) => $"f:{name}";

    public static string Value(JsonNode? value) => $"v:{JsonText.Text(value)}";

    /// <summary>The element of an item in a list that is keyed; defaults of keys count.</summary>
    /// <returns>Null where the item has none of the keys.</returns>
    public static string? Key(JsonObject item, TypedSchema list)
    {
        var keys = new JsonObject();
        foreach (var name in list.Keys.Order(StringComparer.Ordinal))
        {
            var value = item.TryGetPropertyValue(name, out var given) ? given : list.Items.Child(name)?.Default;
            if (value is not null)
            {
                keys[name] = value.DeepClone();
            }
        }

        return keys.Count == 0 ? null : $"k:{JsonText.Text(keys)}";
    }

    /// <summary>A path as <c>.spec.ports[name="http"].port</c>.</summary>
    public static string Text(IEnumerable<string> path)
    {
        var text = new StringBuilder();
        foreach (var element in path)
        {
            text.Append(Text(element));
        }

        return text.ToString();
    }

    public static string Text(string element)
    {
        var content = element[2..];
        return element[0] switch
        {
            'f' => $".{content}",
            'k' => $"[{string.Join(",", ((JsonObject)JsonNode.Parse(content)!).Select(p => $"{p.Key}={JsonText.Text(p.Value)}"))}]",
            'v' => $"[={content}]",
            _ => $"[{content}]",
        };
    }
}
