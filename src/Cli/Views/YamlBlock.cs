using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Modestano.Cli.Views;

/// <summary>JSON as block YAML, in its own order. Pure.</summary>
internal static class YamlBlock
{
    /// <summary>The text, with a line break at its end.</summary>
    public static string Of(JsonObject map)
    {
        var yaml = new StringBuilder();
        Map(yaml, map, 0);
        return yaml.ToString();
    }

    private static void Map(StringBuilder yaml, JsonObject map, int indent, bool afterDash = false)
    {
        var first = afterDash;
        foreach (var (key, value) in map)
        {
            yaml.Append(' ', first ? 0 : indent).Append(YamlScalar.Of(key)).Append(':');
            first = false;
            Value(yaml, value, indent);
        }
    }

    private static void Value(StringBuilder yaml, JsonNode? value, int indent)
    {
        switch (value)
        {
            case JsonObject { Count: > 0 } map:
                yaml.Append('\n');
                Map(yaml, map, indent + 2);
                break;
            case JsonArray { Count: > 0 } list:
                yaml.Append('\n');
                foreach (var item in list)
                {
                    // A list stands below its key, as people and kubectl write it.
                    yaml.Append(' ', indent).Append('-');
                    if (item is JsonObject { Count: > 0 } map)
                    {
                        yaml.Append(' ');
                        Map(yaml, map, indent + 2, afterDash: true);
                    }
                    else
                    {
                        Value(yaml, item, indent + 2);
                    }
                }

                break;
            default:
                yaml.Append(' ').Append(Scalar(value)).Append('\n');
                break;
        }
    }

    private static string Scalar(JsonNode? value) => value switch
    {
        null => "null",
        JsonObject => "{}",
        JsonArray => "[]",
        JsonValue v when v.GetValueKind() == JsonValueKind.String => YamlScalar.Of(v.GetValue<string>()),
        _ => value.ToJsonString(),
    };
}
