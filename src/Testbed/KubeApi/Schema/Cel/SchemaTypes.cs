using System.Text.Json.Nodes;

namespace Modestano.Testbed.KubeApi.Schema.Cel;

/// <summary>Types and values of CEL for what a schema declares.</summary>
internal static class SchemaTypes
{
    /// <summary>The type that a rule sees for a value under this schema.</summary>
    public static CelType TypeOf(SchemaNode schema)
    {
        if (schema.IntOrString)
        {
            return CelType.Dyn;
        }

        return schema.Type switch
        {
            "boolean" => CelType.Bool,
            "integer" => CelType.Int,
            "number" => CelType.Double,
            "string" => CelType.Of(schema.Format switch
            {
                "date-time" or "date" => CelKind.Timestamp,
                "duration" => CelKind.Duration,
                "byte" => CelKind.Bytes,
                _ => CelKind.String,
            }),
            "array" when schema.Items is not null => CelType.ListOf(TypeOf(schema.Items)),
            "object" when schema.AdditionalProperties is { } values => CelType.MapOf(TypeOf(values)),
            "object" => new CelType(CelKind.Object, null, Fields(schema)),
            _ => CelType.Dyn,
        };
    }

    /// <summary>The value that a rule sees.</summary>
    /// <exception cref="CelException">The value is not of the schema's type, as 1.0 for an integer.</exception>
    public static object ValueOf(JsonNode? value, SchemaNode schema)
    {
        if (value is null)
        {
            return CelNull.Value;
        }

        var actual = JsonForm.TypeOf(value);
        return (schema.IntOrString ? actual : schema.Type, actual) switch
        {
            ("boolean", "boolean") => value.GetValue<bool>(),
            ("integer", "integer") => Number(value),
            ("number", "integer" or "number") => JsonForm.Double(value),
            ("string", "string") => Text(value.GetValue<string>(), schema.Format),
            ("array", "array") when schema.Items is { } items =>
                new CelList([.. value.AsArray().Select(i => ValueOf(i, items))], schema.ListType is not ("set" or "map")),
            ("object", "object") => Map(value.AsObject(), schema),
            (null, _) => Undeclared(value),
            _ => throw new CelException($"invalid data, expected {schema.Type}, got {actual}"),
        };
    }

    private static Dictionary<string, CelType> Fields(SchemaNode schema) =>
        schema.Properties.ToDictionary(p => CelNames.Escape(p.Key), p => TypeOf(p.Value), StringComparer.Ordinal);

    private static CelMap Map(JsonObject value, SchemaNode schema)
    {
        var entries = new Dictionary<object, Lazy<object>>(CelComparer.Instance);
        foreach (var (name, member) in value)
        {
            if (schema.Properties.TryGetValue(name, out var property))
            {
                entries[CelNames.Escape(name)] = new Lazy<object>(() => ValueOf(member, property));
            }
            else if (schema.AdditionalProperties is { } values)
            {
                entries[name] = new Lazy<object>(() => ValueOf(member, values));
            }
        }

        return new CelMap(entries);
    }

    private static object Text(string text, string? format) => format switch
    {
        "date-time" => Conversions.Time(text),
        "date" => Conversions.Time($"{text}T00:00:00Z"),
        "duration" => GoDuration.TryParse(text, out var duration) ? duration : throw new CelException($"invalid duration {JsonForm.Quote(text)}"),
        "byte" => Convert.FromBase64String(text),
        _ => text,
    };

    private static object Number(JsonNode value) => JsonForm.TryInteger(value, out var whole) ? (object)whole : JsonForm.Double(value);

    private static object Undeclared(JsonNode value) => value switch
    {
        JsonObject o => new CelMap(o.ToDictionary(
            p => (object)p.Key,
            p => new Lazy<object>(() => p.Value is null ? CelNull.Value : Undeclared(p.Value)),
            CelComparer.Instance)),
        JsonArray a => new CelList([.. a.Select(i => i is null ? CelNull.Value : Undeclared(i))]),
        _ => JsonForm.TypeOf(value) switch
        {
            "string" => value.GetValue<string>(),
            "boolean" => value.GetValue<bool>(),
            _ => Number(value),
        },
    };
}
