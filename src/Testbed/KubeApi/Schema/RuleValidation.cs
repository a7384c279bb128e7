using System.Text.Json.Nodes;
using Modestano.Testbed.KubeApi.Schema.Cel;

namespace Modestano.Testbed.KubeApi.Schema;

/// <summary>Runs the CEL rules of an object and everything in it (Kubernetes documentation, "Validation rules").</summary>
internal static class RuleValidation
{
    /// <param name="value">The new value.</param>
    /// <param name="old">The stored value that corresponds to it; null: there is none, transition rules do not run.</param>
    /// <param name="schema">Its schema.</param>
    /// <param name="path">Its path.</param>
    /// <param name="errors">Where refusals go.</param>
    public static void Validate(JsonNode? value, JsonNode? old, SchemaNode schema, string path, List<FieldError> errors)
    {
        if (value is null || !schema.HasRules)
        {
            return;
        }

        foreach (var rule in schema.Rules)
        {
            Run(rule, value, old, schema, path.Length == 0 ? FieldError.NoField : path, errors);
        }

        switch (value)
        {
            case JsonObject members:
                foreach (var (name, member) in members)
                {
                    if (schema.Properties.TryGetValue(name, out var property))
                    {
                        Validate(member, (old as JsonObject)?[name], property, path.Length == 0 ? name : $"{path}.{name}", errors);
                    }
                    else if (schema.AdditionalProperties is { } values)
                    {
                        Validate(member, (old as JsonObject)?[name], values, $"{path}[{name}]", errors);
                    }
                }

                break;
            case JsonArray items when schema.Items is { } itemSchema:
                for (var i = 0; i < items.Count; i++)
                {
                    Validate(items[i], Counterpart(items[i], old as JsonArray, schema), itemSchema, $"{path}[{i}]", errors);
                }

                break;
        }
    }

    // Only items of a list of type map can be told apart, so only they have a counterpart.
    private static JsonNode? Counterpart(JsonNode? item, JsonArray? old, SchemaNode schema)
    {
        if (old is null || schema.ListType != "map")
        {
            return null;
        }

        var key = ListUniqueness.Key(item, schema);
        return old.FirstOrDefault(o => JsonForm.Equal(ListUniqueness.Key(o, schema), key));
    }

    private static void Run(ValidationRule rule, JsonNode value, JsonNode? old, SchemaNode schema, string path, List<FieldError> errors)
    {
        if (rule.Program is not { } program || (program.UsesOldSelf && old is null))
        {
            return;
        }

        var shown = JsonForm.Quote(schema.Type ?? "");
        try
        {
            var self = SchemaTypes.ValueOf(value, schema);
            var oldSelf = old is null ? null : SchemaTypes.ValueOf(old, schema);
            if (program.Run(self, oldSelf) is not true)
            {
                errors.Add(Refusal(rule, path + rule.FieldPath, shown, MessageOf(rule, self, oldSelf)));
            }
        }
        catch (CelException e) when (e.Message == CelException.NoOverload().Message)
        {
            errors.Add(FieldError.Invalid(
                path,
                shown,
                $"'{e.Message}': call arguments did not match a supported operator, function or macro signature for rule: {rule.Name}"));
        }
        catch (CelException e)
        {
            errors.Add(FieldError.Invalid(path, shown, $"{e.Message} evaluating rule: {rule.Name}"));
        }
    }

    private static string MessageOf(ValidationRule rule, object self, object? oldSelf)
    {
        var fallback = string.IsNullOrEmpty(rule.Message) ? $"failed rule: {rule.Rule.Trim()}" : rule.Message.Trim();
        try
        {
            // An expression that fails, or gives nothing readable, leaves the fixed message.
            return rule.MessageProgram?.Run(self, oldSelf) is string { Length: > 0 } text && !text.Contains('\n') ? text.Trim() : fallback;
        }
        catch (CelException)
        {
            return fallback;
        }
    }

    private static FieldError Refusal(ValidationRule rule, string path, string shown, string message) => rule.Reason switch
    {
        "FieldValueForbidden" => FieldError.Forbidden(path, message),
        "FieldValueRequired" => FieldError.Required(path, message),
        "FieldValueDuplicate" => FieldError.Duplicate(path, shown),
        _ => FieldError.Invalid(path, shown, message),
    };
}
