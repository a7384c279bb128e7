using System.Globalization;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Modestano.Testbed.KubeApi.Schema;

/// <summary>JSON values as a Kubernetes API server sees them: integers and floats are told apart by how they are written.</summary>
internal static class JsonForm
{
    // Beyond this a double does not hold every integer, and the server no longer takes a float for one.
    private const double LargestExactInteger = 9007199254740991;

    /// <summary>null, boolean, string, integer, number, array or object.</summary>
    public static string TypeOf(JsonNode? node) => node switch
    {
        null => "null",
        JsonObject => "object",
        JsonArray => "array",
        _ => node.GetValueKind() switch
        {
            JsonValueKind.String => "string",
            JsonValueKind.True or JsonValueKind.False => "boolean",
            JsonValueKind.Number => TryInteger(node, out _) ? "integer" : "number",
            _ => "null",
        },
    };

    /// <summary>True: written without point and exponent, and within int64.</summary>
    public static bool TryInteger(JsonNode node, out long value) =>
        long.TryParse(node.ToJsonString(), NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out value);

    /// <summary>The number as a double.</summary>
    public static double Double(JsonNode node) => double.Parse(node.ToJsonString(), NumberStyles.Float, CultureInfo.InvariantCulture);

    /// <summary>True for <c>1.0</c>: a float that the schema accepts where an integer is wanted.</summary>
    public static bool IsWhole(JsonNode node)
    {
        var value = Double(node);
        return Math.Abs(value) <= LargestExactInteger && value == Math.Truncate(value);
    }

    /// <summary>A value as Go prints it in an error: strings quoted, map keys sorted.</summary>
    public static string Print(JsonNode? node) => node switch
    {
        null => "null",
        JsonObject o => "map[string]interface {}{" + string.Join(", ", o.OrderBy(p => p.Key, StringComparer.Ordinal).Select(p => $"{Quote(p.Key)}:{Print(p.Value)}")) + "}",
        JsonArray a => "[]interface {}{" + string.Join(", ", a.Select(Print)) + "}",
        _ => node.GetValueKind() switch
        {
            JsonValueKind.String => Quote(node.GetValue<string>()),
            JsonValueKind.Number => TryInteger(node, out var whole) ? whole.ToString(CultureInfo.InvariantCulture) : Number(Double(node)),
            _ => node.ToJsonString(),
        },
    };

    /// <summary>A double without needless digits.</summary>
    public static string Number(double value) => value.ToString("R", CultureInfo.InvariantCulture);

    /// <summary>A string in double quotes with Go's escapes.</summary>
    public static string Quote(string text)
    {
        var quoted = new StringBuilder("\"");
        foreach (var c in text)
        {
            quoted.Append(c switch
            {
                '"' => "\\\"",
                '\\' => "\\\\",
                '\n' => "\\n",
                '\r' => "\\r",
                '\t' => "\\t",
                _ when char.IsControl(c) => $"\\x{(int)c:x2}",
                _ => c.ToString(),
            });
        }

        return quoted.Append('"').ToString();
    }

    /// <summary>Equal as JSON values; 1 and 1.0 are equal.</summary>
    public static bool Equal(JsonNode? left, JsonNode? right) => JsonNode.DeepEquals(left, right);

    /// <summary>Length in code points, as the server counts it.</summary>
    public static int Length(string text) => text.EnumerateRunes().Count();
}
