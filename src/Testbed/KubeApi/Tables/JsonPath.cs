using System.Text.Json.Nodes;

namespace Modestano.Testbed.KubeApi.Tables;

/// <summary>
/// The JSONPath of printer columns: fields, indexes, wildcards and equality filters, as in
/// <c>.status.conditions[?(@.type=="Ready")].status</c>.
/// </summary>
internal sealed class JsonPath
{
    private readonly IReadOnlyList<Func<JsonNode, IEnumerable<JsonNode?>>> steps;

    private JsonPath(IReadOnlyList<Func<JsonNode, IEnumerable<JsonNode?>>> steps) => this.steps = steps;

    /// <exception cref="FormatException">The path is not understood; the message says where.</exception>
    public static JsonPath Parse(string text)
    {
        var steps = new List<Func<JsonNode, IEnumerable<JsonNode?>>>();
        var at = text.StartsWith('$') ? 1 : 0;
        while (at < text.Length)
        {
            switch (text[at])
            {
                case '.':
                    at++;
                    break;
                case '[':
                    var end = ClosingBracket(text, at);
                    steps.Add(Bracket(text[(at + 1)..end].Trim()));
                    at = end + 1;
                    break;
                default:
                    steps.Add(Field(Identifier(text, ref at)));
                    break;
            }
        }

        return new JsonPath(steps);
    }

    /// <summary>Everything that the path finds.</summary>
    public IReadOnlyList<JsonNode?> Find(JsonNode root)
    {
        List<JsonNode?> found = [root];
        foreach (var step in steps)
        {
            found = [.. found.Where(n => n is not null).SelectMany(n => step(n!))];
        }

        return found;
    }

    private static string Identifier(string text, ref int at)
    {
        var name = new System.Text.StringBuilder();
        while (at < text.Length && text[at] is not ('.' or '['))
        {
            // A backslash keeps a dot in a name, as in .metadata.annotations.example\.com/owner
            if (text[at] == '\\' && at + 1 < text.Length)
            {
                at++;
            }

            name.Append(text[at++]);
        }

        return name.ToString();
    }

    private static int ClosingBracket(string text, int open)
    {
        char? quote = null;
        for (var i = open + 1; i < text.Length; i++)
        {
            if (quote is not null)
            {
                quote = text[i] == quote ? null : quote;
            }
            else if (text[i] is '"' or '\'')
            {
                quote = text[i];
            }
            else if (text[i] == ']')
            {
                return i;
            }
        }

        throw new FormatException($"JSONPath '{text}': the bracket at position {open} is not closed.");
    }

    private static Func<JsonNode, IEnumerable<JsonNode?>> Bracket(string inner)
    {
        if (inner == "*")
        {
            return node => node switch
            {
                JsonArray array => array,
                JsonObject obj => obj.Select(p => p.Value),
                _ => [],
            };
        }

        if (int.TryParse(inner, System.Globalization.CultureInfo.InvariantCulture, out var index))
        {
            return node => node is JsonArray array && (index < 0 ? array.Count + index : index) is var i && i >= 0 && i < array.Count ? [array[i]] : [];
        }

        if (inner.StartsWith("?(", StringComparison.Ordinal) && inner.EndsWith(')'))
        {
            return Filter(inner[2..^1].Trim());
        }

        return inner.Length > 1 && inner[0] is '"' or '\'' && inner[^1] == inner[0]
            ? Field(inner[1..^1])
            : throw new FormatException($"JSONPath '[{inner}]' is not supported: an index, *, a quoted name or a filter ?(@.field==\"value\") is.");
    }

    private static Func<JsonNode, IEnumerable<JsonNode?>> Filter(string condition)
    {
        foreach (var (op, wanted) in new[] { ("==", true), ("!=", false) })
        {
            var split = condition.IndexOf(op, StringComparison.Ordinal);
            if (split < 0)
            {
                continue;
            }

            var left = Parse(condition[..split].Trim().TrimStart('@'));
            var right = condition[(split + 2)..].Trim().Trim('"', '\'');
            return node => Items(node).Where(item => item is not null && left.Find(item).Any(found => Text(found) == right) == wanted);
        }

        var exists = Parse(condition.TrimStart('@'));
        return node => Items(node).Where(item => item is not null && exists.Find(item).Count > 0);
    }

    private static IEnumerable<JsonNode?> Items(JsonNode node) => node as JsonArray ?? Enumerable.Empty<JsonNode?>();

    private static Func<JsonNode, IEnumerable<JsonNode?>> Field(string name) =>
        name == "*"
            ? Bracket("*")
            : node => node is JsonObject obj && obj.TryGetPropertyValue(name, out var value) ? [value] : [];

    /// <summary>A found value as text: strings bare, everything else as JSON.</summary>
    public static string Text(JsonNode? node) => node switch
    {
        null => "",
        JsonValue value when value.GetValueKind() == System.Text.Json.JsonValueKind.String => value.GetValue<string>(),
        _ => node.ToJsonString(),
    };
}
