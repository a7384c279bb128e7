using System.Text.Json.Nodes;
using YamlDotNet.Core;
using YamlDotNet.RepresentationModel;

namespace Modestano.Crds.Tests;

/// <summary>Files of the repository that the tests were built from, as they are committed.</summary>
internal static class Repository
{
    private static readonly Lazy<string> Root = new(FindRoot);

    public static string PathOf(string file) => Path.Combine(Root.Value, file);

    public static string Read(string file) => File.ReadAllText(PathOf(file));

    /// <summary>The documents of a YAML text as JSON.</summary>
    public static IEnumerable<JsonObject> Documents(string yaml)
    {
        var stream = new YamlStream();
        stream.Load(new StringReader(yaml));
        return [.. stream.Documents.Select(d => ToJson(d.RootNode)).OfType<JsonObject>()];
    }

    /// <summary>A value as text that does not depend on the order of members.</summary>
    public static string Canonical(JsonNode? node) => node switch
    {
        JsonObject map => "{" + string.Join(",", map.OrderBy(p => p.Key, StringComparer.Ordinal).Select(p => $"\"{p.Key}\":{Canonical(p.Value)}")) + "}",
        JsonArray list => "[" + string.Join(",", list.Select(Canonical)) + "]",
        _ => node?.ToJsonString() ?? "null",
    };

    private static string FindRoot()
    {
        var folder = new DirectoryInfo(AppContext.BaseDirectory);
        while (!File.Exists(Path.Combine(folder.FullName, "Modestano.Operator.sln")))
        {
            folder = folder.Parent ?? throw new InvalidOperationException("the repository's root was not found above the tests");
        }

        return folder.FullName;
    }

    private static JsonNode? ToJson(YamlNode node) => node switch
    {
        YamlMappingNode map => new JsonObject(map.Select(e => KeyValuePair.Create(((YamlScalarNode)e.Key).Value!, ToJson(e.Value)))),
        YamlSequenceNode list => new JsonArray([.. list.Select(ToJson)]),
        YamlScalarNode { Style: ScalarStyle.Plain, Value: "true" or "false" or "null" or "" } word => word.Value is "" ? null : JsonNode.Parse(word.Value!),
        YamlScalarNode { Style: ScalarStyle.Plain, Value: { } text } when double.TryParse(text, out _) => JsonNode.Parse(text),
        _ => JsonValue.Create(((YamlScalarNode)node).Value),
    };
}
