using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using YamlDotNet.Core;
using YamlDotNet.Core.Events;

namespace Modestano.Crds.Generation;

/// <summary>Writes JSON values as YAML, the same text for the same value.</summary>
public static partial class YamlText
{
    /// <summary>A document of its own, with a line that says where it comes from.</summary>
    internal static string Of(JsonObject document) =>
        "# Generated from the types in src/Crds; `make manifests` writes it.\n" + Of(document, text => IsPlain(text) ? ScalarStyle.Plain : ScalarStyle.SingleQuoted);

    /// <summary>A document in blocks, in the order of its fields; a list stands below its key.</summary>
    /// <param name="document">The document.</param>
    /// <param name="styleOf">How a text is written so that no reader takes it for something else.</param>
    public static string Of(JsonObject document, Func<string, ScalarStyle> styleOf)
    {
        using var text = new StringWriter(CultureInfo.InvariantCulture) { NewLine = "\n" };
        var emitter = new Emitter(text, new EmitterSettings(2, int.MaxValue, false, 1024, skipAnchorName: false, indentSequences: false, newLine: "\n"));
        emitter.Emit(new StreamStart());
        emitter.Emit(new DocumentStart(null, null, isImplicit: true));
        Write(emitter, document, styleOf);
        emitter.Emit(new DocumentEnd(isImplicit: true));
        emitter.Emit(new StreamEnd());
        return text.ToString();
    }

    private static void Write(Emitter emitter, JsonNode? node, Func<string, ScalarStyle> styleOf)
    {
        switch (node)
        {
            case JsonObject map:
                emitter.Emit(new MappingStart(null, null, true, map.Count == 0 ? MappingStyle.Flow : MappingStyle.Block));
                foreach (var (key, value) in map)
                {
                    WriteText(emitter, key, styleOf);
                    Write(emitter, value, styleOf);
                }

                emitter.Emit(new MappingEnd());
                break;
            case JsonArray list:
                emitter.Emit(new SequenceStart(null, null, true, list.Count == 0 ? SequenceStyle.Flow : SequenceStyle.Block));
                foreach (var item in list)
                {
                    Write(emitter, item, styleOf);
                }

                emitter.Emit(new SequenceEnd());
                break;
            case JsonValue text when text.GetValueKind() == JsonValueKind.String:
                WriteText(emitter, text.GetValue<string>(), styleOf);
                break;
            default:
                emitter.Emit(new Scalar(null, null, node?.ToJsonString() ?? "null", ScalarStyle.Plain, true, false));
                break;
        }
    }

    private static void WriteText(Emitter emitter, string text, Func<string, ScalarStyle> styleOf) =>
        emitter.Emit(new Scalar(null, null, text, styleOf(text), true, true));

    // YAML readers take yes, on, 1e3 and much more for other types; a little more quoting than needed is harmless.
    private static bool IsPlain(string text) => PlainForm().IsMatch(text) && !ReservedWord().IsMatch(text);

    [GeneratedRegex(@"^[A-Za-z][A-Za-z0-9 ._/(),;'<>=%+-]*(?<! )\z")]
    private static partial Regex PlainForm();

    [GeneratedRegex(@"^(true|false|yes|no|on|off|null|y|n|nan|inf)\z", RegexOptions.IgnoreCase)]
    private static partial Regex ReservedWord();
}
