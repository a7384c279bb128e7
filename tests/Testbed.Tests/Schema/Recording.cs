using System.Text.Json.Nodes;
using YamlDotNet.Core;
using YamlDotNet.RepresentationModel;

namespace Modestano.Testbed.Tests.Schema;

/// <summary>What a real API server (Kubernetes 1.24) was seen to answer to writes of widgets.</summary>
internal static class Recording
{
    /// <summary>The definition that the writes were made against.</summary>
    public static JsonObject WidgetDefinition()
    {
        var yaml = new YamlStream();
        yaml.Load(new StringReader(Read("widgets.yaml")));
        return (JsonObject)ToJson(yaml.Documents[0].RootNode)!;
    }

    public static JsonObject WidgetSchema() =>
        WidgetDefinition()["spec"]!["versions"]![0]!["schema"]!["openAPIV3Schema"]!.AsObject();

    /// <summary>The writes: what was sent (patches already merged), what was stored, or the causes of the refusal.</summary>
    public static IEnumerable<JsonObject> Writes() => JsonNode.Parse(Read("writes.json"))!.AsArray().Select(w => w!.AsObject());

    private static string Read(string name)
    {
        using var stream = typeof(Recording).Assembly.GetManifestResourceStream($"Schema/{name}")!;
        return new StreamReader(stream).ReadToEnd();
    }

    private static JsonNode? ToJson(YamlNode node) => node switch
    {
        YamlMappingNode map => new JsonObject(map.Select(e => KeyValuePair.Create(((YamlScalarNode)e.Key).Value!, ToJson(e.Value)))),
        YamlSequenceNode list => new JsonArray([.. list.Select(ToJson)]),
        YamlScalarNode { Style: ScalarStyle.Plain, Value: { } text } when text is "true" or "false" || double.TryParse(text, out _) => JsonNode.Parse(text),
        _ => JsonValue.Create(((YamlScalarNode)node).Value),
    };
}
