using System.Text.Json.Nodes;
using k8s;
using Modestano.Crds.Generation;
using YamlDotNet.RepresentationModel;

namespace Modestano.Operator.Tests.Runtime;

/// <summary>A field of a spec that takes only certain strings, found in the definitions that are shipped: a new one cannot be forgotten.</summary>
/// <param name="Kind">The kind.</param>
/// <param name="Path">As <c>gates.probes[name].scheme</c>: in brackets the key of a list.</param>
/// <param name="Allowed">What it takes.</param>
public sealed record ClosedSet(string Kind, string Path, IReadOnlyList<string> Allowed)
{
    private const string Item = "new";

    public static IReadOnlyList<ClosedSet> All { get; } = [.. CrdManifests.All().SelectMany(m => InDefinition(m.Yaml))];

    public static IEnumerable<ClosedSet> Of(string kind) => All.Where(s => s.Kind == kind);

    /// <summary>How a message names the field once <see cref="In"/> has set it.</summary>
    public string Told => "spec." + Path.Replace("]", $"={Item}]", StringComparison.Ordinal).Replace($"[={Item}]", "[0]", StringComparison.Ordinal);

    /// <summary>A copy of a spec with this field set; where it lies in a list, in a new last item.</summary>
    public T In<T>(T spec, string value)
    {
        var root = JsonNode.Parse(KubernetesJson.Serialize(spec))!.AsObject();
        var (at, names) = (root, Path.Split('.'));
        foreach (var name in names[..^1])
        {
            at = name.Split('[', ']') is [var list, var key, _] ? Added(at, list, key) : Child(at, name);
        }

        at[names[^1]] = value;
        return KubernetesJson.Deserialize<T>(root.ToJsonString());
    }

    public override string ToString() => $"{Kind} {Path}";

    private static JsonObject Child(JsonObject parent, string name)
    {
        if (parent[name] is not JsonObject)
        {
            parent[name] = new JsonObject();
        }

        return parent[name]!.AsObject();
    }

    private static JsonObject Added(JsonObject parent, string list, string key)
    {
        if (parent[list] is not JsonArray)
        {
            parent[list] = new JsonArray();
        }

        // A list without a key: its items are told by their number, and nothing else is in it.
        var item = key.Length == 0 ? [] : new JsonObject { [key] = Item };
        parent[list]!.AsArray().Add(item);
        return item;
    }

    private static IEnumerable<ClosedSet> InDefinition(string yaml)
    {
        var stream = new YamlStream();
        stream.Load(new StringReader(yaml));
        var spec = stream.Documents[0].RootNode["spec"];
        return Below($"{spec["names"]["kind"]}", "", spec["versions"][0]["schema"]["openAPIV3Schema"]["properties"]["spec"]);
    }

    private static IEnumerable<ClosedSet> Below(string kind, string path, YamlNode schema)
    {
        if (Find(schema, "enum") is YamlSequenceNode values)
        {
            return [new ClosedSet(kind, path, [.. values.Select(v => $"{v}")])];
        }

        var inner = Find(schema, "properties") is YamlMappingNode properties ? properties.SelectMany(p => Below(kind, path.Length == 0 ? $"{p.Key}" : $"{path}.{p.Key}", p.Value)) : [];
        var items = Find(schema, "items") is { } item ? Below(kind, $"{path}[{Find(schema, "x-kubernetes-list-map-keys")?[0]}]", item) : [];
        var entries = Find(schema, "additionalProperties") is YamlMappingNode value ? Below(kind, $"{path}[]", value) : [];
        return [.. inner, .. items, .. entries];
    }

    private static YamlNode? Find(YamlNode schema, string name) => schema is YamlMappingNode map && map.Children.TryGetValue(name, out var found) ? found : null;
}
