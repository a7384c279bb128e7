using System.Text.Json.Nodes;
using Modestano.Testbed.KubeApi.Http;

namespace Modestano.Testbed.Tests.Schema;

/// <summary>What a real API server (Kubernetes 1.24) was seen to answer to writes of widgets.</summary>
internal static class Recording
{
    /// <summary>The definition that the writes were made against.</summary>
    public static JsonObject WidgetDefinition() => YamlText.Parse(Read("widgets.yaml"))!.AsObject();

    public static JsonObject WidgetSchema() =>
        WidgetDefinition()["spec"]!["versions"]![0]!["schema"]!["openAPIV3Schema"]!.AsObject();

    /// <summary>The writes: what was sent (patches already merged), what was stored, or the causes of the refusal.</summary>
    public static IEnumerable<JsonObject> Writes() => JsonNode.Parse(Read("writes.json"))!.AsArray().Select(w => w!.AsObject());

    private static string Read(string name)
    {
        using var stream = typeof(Recording).Assembly.GetManifestResourceStream($"Schema/{name}")!;
        return new StreamReader(stream).ReadToEnd();
    }
}
