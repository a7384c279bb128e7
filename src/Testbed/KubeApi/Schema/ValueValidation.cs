using System.Text.Json;
using System.Text.Json.Nodes;

namespace Modestano.Testbed.KubeApi.Schema;

/// <summary>Types, bounds, formats, enums, required members and logical combinations, in the words of a real server.</summary>
internal static class ValueValidation
{
    public static void Validate(JsonNode? value, SchemaNode schema, string path, List<FieldError> errors)
    {
        if (value is null && schema.Nullable)
        {
            return;
        }

        CheckType(value, schema, path, errors);
        CheckEnum(value, schema, path, errors);
        switch (value)
        {
            case JsonObject members:
                CheckObject(members, schema, path, errors);
                break;
            case JsonArray items:
                CheckArray(items, schema, path, errors);
                break;
            case JsonValue text when text.GetValueKind() == JsonValueKind.String:
                ScalarValidation.CheckString(text.GetValue<string>(), schema, path, errors);
                break;
            case JsonValue number when number.GetValueKind() == JsonValueKind.Number:
                ScalarValidation.CheckNumber(number, schema, path, errors);
                break;
        }

        Combinations.Check(value, schema, path, errors);
    }

    private static void CheckType(JsonNode? value, SchemaNode schema, string path, List<FieldError> errors)
    {
        string[] allowed = schema.IntOrString ? ["integer", "string"] : schema.Type is null ? [] : [schema.Type];
        if (allowed.Length == 0)
        {
            return;
        }

        var actual = JsonForm.TypeOf(value);
        var fits = allowed.Contains(actual)
            || (actual == "integer" && allowed.Contains("number"))
            || (actual == "number" && allowed.Contains("integer") && JsonForm.IsWhole(value!));
        if (!fits)
        {
            errors.Add(FieldError.TypeInvalid(path, JsonForm.Quote(actual), string.Join(",", allowed)));
        }
    }

    private static void CheckEnum(JsonNode? value, SchemaNode schema, string path, List<FieldError> errors)
    {
        if (schema.Enum is { } allowed && !allowed.Any(a => JsonForm.Equal(a, value)))
        {
            errors.Add(FieldError.NotSupported(
                path,
                JsonForm.Print(value),
                allowed.Select(a => a is JsonValue v && v.GetValueKind() == JsonValueKind.String ? JsonForm.Print(a) : JsonForm.Quote(JsonForm.Print(a)))));
        }
    }

    private static void CheckObject(JsonObject value, SchemaNode schema, string path, List<FieldError> errors)
    {
        if (schema.Bounds.MinProperties is { } least && value.Count < least)
        {
            errors.Add(FieldError.Invalid(path, $"{value.Count}", $"{path} in body should have at least {least} properties"));
        }

        if (schema.Bounds.MaxProperties is { } most && value.Count > most)
        {
            errors.Add(FieldError.TooMany(path, value.Count, most));
        }

        foreach (var name in schema.Required.Where(name => !value.ContainsKey(name)))
        {
            errors.Add(FieldError.Required(Join(path, name)));
        }

        foreach (var (name, member) in value)
        {
            if (schema.Member(name) is { } memberSchema)
            {
                Validate(member, memberSchema, Join(path, name), errors);
            }
        }
    }

    private static void CheckArray(JsonArray value, SchemaNode schema, string path, List<FieldError> errors)
    {
        if (schema.Bounds.MinItems is { } least && value.Count < least)
        {
            errors.Add(FieldError.Invalid(path, $"{value.Count}", $"{path} in body should have at least {least} items"));
        }

        if (schema.Bounds.MaxItems is { } most && value.Count > most)
        {
            errors.Add(FieldError.TooMany(path, value.Count, most));
        }

        for (var i = 0; schema.Items is not null && i < value.Count; i++)
        {
            Validate(value[i], schema.Items, $"{path}[{i}]", errors);
        }
    }

    private static string Join(string path, string name) => path.Length == 0 ? name : $"{path}.{name}";
}
