using System.Text.Json.Nodes;
using YamlDotNet.Core;
using YamlDotNet.RepresentationModel;

namespace Modestano.Tests.Shared;

/// <summary>Texts of the repository, and YAML as JSON.</summary>
internal static class Repository
{
    public static string PathOf(string file) => RepositoryRoot.PathOf(file);

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

    private static JsonNode? ToJson(YamlNode node) => node switch
    {
        YamlMappingNode map => new JsonObject(map.Select(e => KeyValuePair.Create(((YamlScalarNode)e.Key).Value!, ToJson(e.Value)))),
        YamlSequenceNode list => new JsonArray([.. list.Select(ToJson)]),
        YamlScalarNode { Style: ScalarStyle.Plain, Value: "true" or "false" or "null" or "" } word => word.Value is "" ? null : JsonNode.Parse(word.Value!),
        YamlScalarNode { Style: ScalarStyle.Plain, Value: { } text } when double.TryParse(text, out _) => JsonNode.Parse(text),
        _ => JsonValue.Create(((YamlScalarNode)node).Value),
    };
}
