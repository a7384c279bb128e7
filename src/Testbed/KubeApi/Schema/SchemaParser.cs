using System.Text.Json.Nodes;
using Modestano.Testbed.KubeApi.Schema.Cel;

namespace Modestano.Testbed.KubeApi.Schema;

/// <summary>Reads an <c>openAPIV3Schema</c>.</summary>
internal static class SchemaParser
{
    /// <exception cref="FormatException">The schema is malformed: a value of the wrong JSON type, or a pattern that is not a regular expression.</exception>
    public static SchemaNode Parse(JsonObject schema)
    {
        try
        {
            return Node(schema);
        }
        catch (Exception e) when (e is InvalidOperationException or InvalidCastException or ArgumentException)
        {
            throw new FormatException($"the schema is malformed: {e.Message}", e);
        }
    }

    private static SchemaNode Node(JsonObject schema)
    {
        var node = WithoutRules(schema);
        var self = new Lazy<CelType>(() => SchemaTypes.TypeOf(node));
        var rules = (schema["x-kubernetes-validations"] as JsonArray ?? []).Select(r => Rule(r!.AsObject()).Compile(self.Value)).ToList();
        return node with
        {
            Rules = rules,
            HasRules = rules.Count > 0
                || node.Properties.Values.Any(p => p.HasRules)
                || node.AdditionalProperties is { HasRules: true }
                || node.Items is { HasRules: true },
        };
    }

    private static SchemaNode WithoutRules(JsonObject schema)
    {
        var pattern = Text(schema, "pattern");
        return new SchemaNode
        {
            Type = Text(schema, "type") is { Length: > 0 } type ? type : null,
            Format = Text(schema, "format"),
            Nullable = Flag(schema, "nullable"),
            Default = schema["default"],
            Properties = (schema["properties"] as JsonObject ?? []).ToDictionary(p => p.Key, p => Node(p.Value!.AsObject()), StringComparer.Ordinal),
            AdditionalProperties = schema["additionalProperties"] switch
            {
                JsonObject values => Node(values),
                JsonValue any when any.GetValue<bool>() => new SchemaNode { PreserveUnknownFields = true },
                _ => null,
            },
            Items = schema["items"] is JsonObject items ? Node(items) : null,
            Required = Texts(schema, "required"),
            Enum = (schema["enum"] as JsonArray)?.ToList(),
            Bounds = Bounds(schema),
            Pattern = pattern,
            PatternExpression = pattern is null ? null : GoRegex.Compile(pattern),
            AllOf = Nodes(schema, "allOf"),
            AnyOf = Nodes(schema, "anyOf"),
            OneOf = Nodes(schema, "oneOf"),
            Not = schema["not"] is JsonObject not ? Node(not) : null,
            PreserveUnknownFields = Flag(schema, "x-kubernetes-preserve-unknown-fields"),
            IntOrString = Flag(schema, "x-kubernetes-int-or-string"),
            EmbeddedResource = Flag(schema, "x-kubernetes-embedded-resource"),
            ListType = Text(schema, "x-kubernetes-list-type") ?? "atomic",
            ListMapKeys = Texts(schema, "x-kubernetes-list-map-keys"),
        };
    }

    private static ValueBounds Bounds(JsonObject schema) => new(
        schema["minimum"],
        Flag(schema, "exclusiveMinimum"),
        schema["maximum"],
        Flag(schema, "exclusiveMaximum"),
        schema["multipleOf"],
        Whole(schema, "minLength"),
        Whole(schema, "maxLength"),
        Whole(schema, "minItems"),
        Whole(schema, "maxItems"),
        Whole(schema, "minProperties"),
        Whole(schema, "maxProperties"));

    private static ValidationRule Rule(JsonObject rule) => new(
        Text(rule, "rule") ?? "",
        Text(rule, "message"),
        Text(rule, "messageExpression"),
        Text(rule, "reason"),
        Text(rule, "fieldPath"));

    private static string? Text(JsonObject schema, string name) => schema[name]?.GetValue<string>();

    private static bool Flag(JsonObject schema, string name) => schema[name]?.GetValue<bool>() ?? false;

    private static long? Whole(JsonObject schema, string name) => schema[name] is { } value ? (long)JsonForm.Double(value) : null;

    private static List<string> Texts(JsonObject schema, string name) => (schema[name] as JsonArray ?? []).Select(t => t!.GetValue<string>()).ToList();

    private static List<SchemaNode> Nodes(JsonObject schema, string name) => (schema[name] as JsonArray ?? []).Select(n => Node(n!.AsObject())).ToList();
}
