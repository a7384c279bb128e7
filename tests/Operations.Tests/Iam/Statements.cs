using System.Text.Json.Nodes;

namespace Modestano.Operations.Tests.Iam;

/// <summary>The statements of an IAM policy in one form, so that documents in different languages can be compared.</summary>
internal static class Statements
{
    /// <summary>One line a statement; a single value and a list of one are the same, and the order of keys does not count.</summary>
    public static string[] Of(JsonNode policy) => [.. policy["Statement"]!.AsArray().Select(statement => Written(statement!)).Order(StringComparer.Ordinal)];

    private static string Written(JsonNode node) => node switch
    {
        JsonObject map => "{" + string.Join(", ", map.OrderBy(e => e.Key, StringComparer.Ordinal).Select(e => $"{e.Key}: {Written(e.Value!)}")) + "}",
        JsonArray list => "[" + string.Join(", ", list.Select(e => e!.GetValue<string>())) + "]",
        _ => $"[{node.GetValue<string>()}]",
    };
}
