using System.Text.Json.Nodes;

namespace Modestano.Testbed.KubeApi.Http;

/// <summary>The protobuf messages that kubectl sends where it never sends JSON.</summary>
internal static class ProtobufBody
{
    public static JsonObject Decode(byte[] bytes, string kind) =>
        throw ApiErrors.UnsupportedMediaType("application/json, application/yaml");
}
