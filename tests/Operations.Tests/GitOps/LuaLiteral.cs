using System.Text.Json.Nodes;

namespace Modestano.Operations.Tests.GitOps;

/// <summary>JSON as a Lua table, as Argo CD hands objects to its scripts.</summary>
internal static class LuaLiteral
{
    public static string Of(JsonNode? node) => node switch
    {
        JsonObject map => "{" + string.Join(", ", map.Select(e => $"[\"{e.Key}\"] = {Of(e.Value)}")) + "}",
        JsonArray list => "{" + string.Join(", ", list.Select(Of)) + "}",
        null => "nil",
        _ => node.ToJsonString(),
    };
}
