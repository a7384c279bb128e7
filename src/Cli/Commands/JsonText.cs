using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using k8s;
using Spectre.Console;

namespace Modestano.Cli.Commands;

/// <summary>JSON for programs: indented, without colour and without wrapped lines.</summary>
internal static class JsonText
{
    private static readonly JsonSerializerOptions Indented = new() { WriteIndented = true, Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    public static JsonNode? Of(object? value) => value is null ? null : JsonNode.Parse(KubernetesJson.Serialize(value));

    public static void Write(IAnsiConsole console, JsonNode? node) => console.Profile.Out.Writer.WriteLine(node?.ToJsonString(Indented) ?? "null");
}
