using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using YamlDotNet.Core;
using YamlDotNet.RepresentationModel;

namespace Modestano.Testbed.KubeApi.Http;

/// <summary>YAML to JSON nodes and back, with the scalar types of YAML 1.2's core schema.</summary>
internal static partial class YamlText
{
    /// <summary>Reads the first document. JSON is YAML too, but is read as JSON where it can be, which is exact about escapes and numbers.</summary>
    /// <exception cref="YamlException">The text is neither.</exception>
    public static JsonNode? Parse(string text)
    {
        if (text.TrimStart().StartsWith('{') && TryJson(text, out var json))
        {
            return json;
        }

        var stream = new YamlStream();
        stream.Load(new StringReader(text));
        return stream.Documents.Count == 0 ? null : Convert(stream.Documents[0].RootNode);
    }

    /// <summary>All documents of a text; an empty one is null.</summary>
    public static IReadOnlyList<JsonNode?> ParseAll(string text)
    {
        var stream = new YamlStream();
        stream.Load(new StringReader(text));
        return [.. stream.Documents.Select(d => Convert(d.RootNode))];
    }

    private static bool TryJson(string text, out JsonNode? node)
    {
        node = null;
        try
        {
            node = LastWins.Read(text);
            return true;
        }
        catch (JsonException)
        {
            // It may still be a YAML flow mapping.
            return false;
        }
    }

    public static string Write(JsonNode? node)
    {
        var stream = new YamlStream(new YamlDocument(Convert(node)));
        using var writer = new StringWriter();
        stream.Save(writer, assignAnchors: false);
        var text = writer.ToString();
        return text.EndsWith("...\n", StringComparison.Ordinal) ? text[..^4] : text;
    }

    private static JsonNode? Convert(YamlNode node)
    {
        switch (node)
        {
            case YamlMappingNode mapping:
                var obj = new JsonObject();
                foreach (var (key, value) in mapping.Children)
                {
                    obj[((YamlScalarNode)key).Value ?? ""] = Convert(value);
                }

                return obj;
            case YamlSequenceNode sequence:
                return new JsonArray([.. sequence.Children.Select(Convert)]);
            case YamlScalarNode scalar:
                return Scalar(scalar);
            default:
                throw new YamlException(node.Start, node.End, "unsupported node");
        }
    }

    private static JsonNode? Scalar(YamlScalarNode scalar)
    {
        var text = scalar.Value ?? "";
        if (scalar.Style is not (ScalarStyle.Plain or ScalarStyle.Any))
        {
            return JsonValue.Create(text);
        }

        return text switch
        {
            "" or "~" or "null" or "Null" or "NULL" => null,
            "true" or "True" or "TRUE" => JsonValue.Create(true),
            "false" or "False" or "FALSE" => JsonValue.Create(false),
            _ when JsonNumber().IsMatch(text) => JsonNode.Parse(text),
            _ when Hexadecimal().IsMatch(text) => JsonValue.Create(long.Parse(text.AsSpan(2), NumberStyles.HexNumber, CultureInfo.InvariantCulture)),
            _ => JsonValue.Create(text),
        };
    }

    private static YamlNode Convert(JsonNode? node) => node switch
    {
        null => new YamlScalarNode("null"),
        JsonObject obj => new YamlMappingNode(obj.OrderBy(p => p.Key, StringComparer.Ordinal).Select(p => KeyValuePair.Create<YamlNode, YamlNode>(Text(p.Key), Convert(p.Value)))),
        JsonArray array => new YamlSequenceNode(array.Select(Convert)),
        _ when node.GetValueKind() == JsonValueKind.String => Text(node.GetValue<string>()),
        _ => new YamlScalarNode(node.ToJsonString()),
    };

    private static YamlScalarNode Text(string text)
    {
        var needsQuotes = text.Length == 0 || Scalar(new YamlScalarNode(text)) is not JsonValue value
            || value.GetValueKind() != JsonValueKind.String || Date().IsMatch(text);
        return new YamlScalarNode(text) { Style = needsQuotes ? ScalarStyle.DoubleQuoted : ScalarStyle.Any };
    }

    [GeneratedRegex(@"^-?(0|[1-9][0-9]*)(\.[0-9]+)?([eE][-+]?[0-9]+)?$")]
    private static partial Regex JsonNumber();

    // Readers of YAML 1.1 take these for times.
    [GeneratedRegex(@"^\d{4}-\d{2}-\d{2}")]
    private static partial Regex Date();

    [GeneratedRegex("^0x[0-9a-fA-F]{1,15}$")]
    private static partial Regex Hexadecimal();
}
