using System.Text.Json.Nodes;

namespace Modestano.Testbed.KubeApi.Schema;

/// <summary>Whether a schema is structural: each value has a type, each list has items, and each default fits its schema.</summary>
/// <remarks>Kubernetes documentation, "Specifying a structural schema".</remarks>
internal static class SchemaCheck
{
    public static void Check(JsonObject schema, string path, List<FieldError> errors)
    {
        SchemaNode parsed;
        try
        {
            parsed = SchemaParser.Parse(schema);
        }
        catch (FormatException e)
        {
            errors.Add(FieldError.Invalid(path, "\"\"", e.Message));
            return;
        }

        if (parsed.Type != "object")
        {
            errors.Add(FieldError.Invalid($"{path}.type", JsonForm.Quote(parsed.Type ?? ""), "must be object at the root"));
        }

        CheckNode(parsed, path, errors);
        RuleCheck.Check(parsed, path, errors);
    }

    private static void CheckNode(SchemaNode node, string path, List<FieldError> errors)
    {
        if (node.Type is null && !node.IntOrString && !node.PreserveUnknownFields)
        {
            errors.Add(FieldError.Required($"{path}.type", "must not be empty for specified object fields"));
        }

        if (node.Type == "array" && node.Items is null)
        {
            errors.Add(FieldError.Required($"{path}.items", "must be specified"));
        }

        if (node.Properties.Count > 0 && node.AdditionalProperties is not null)
        {
            errors.Add(FieldError.Forbidden($"{path}.additionalProperties", "additionalProperties and properties are mutual exclusive"));
        }

        CheckListMap(node, path, errors);
        CheckDefault(node, path, errors);
        foreach (var (name, property) in node.Properties.OrderBy(p => p.Key, StringComparer.Ordinal))
        {
            CheckNode(property, $"{path}.properties[{name}]", errors);
        }

        if (node.AdditionalProperties is { } values)
        {
            CheckNode(values, $"{path}.additionalProperties", errors);
        }

        if (node.Items is { } items)
        {
            CheckNode(items, $"{path}.items", errors);
        }
    }

    private static void CheckListMap(SchemaNode node, string path, List<FieldError> errors)
    {
        if (node.ListType != "map")
        {
            return;
        }

        if (node.ListMapKeys.Count == 0)
        {
            errors.Add(FieldError.Required($"{path}.x-kubernetes-list-map-keys", "must be specified if x-kubernetes-list-type is map"));
        }

        foreach (var key in node.ListMapKeys)
        {
            if (node.Items is null || !node.Items.Properties.TryGetValue(key, out var property))
            {
                errors.Add(FieldError.Invalid($"{path}.x-kubernetes-list-map-keys", JsonForm.Quote(key), "entries must all be names of item properties"));
            }
            else if (property.Default is null && !node.Items.Required.Contains(key))
            {
                errors.Add(FieldError.Required($"{path}.items.properties[{key}].default", "this property is in x-kubernetes-list-map-keys, so it must have a default or be a required property"));
            }
        }
    }

    private static void CheckDefault(SchemaNode node, string path, List<FieldError> errors)
    {
        if (node.Default is null)
        {
            return;
        }

        // The server checks a default after the defaults inside it were filled in.
        var filled = new JsonObject { ["default"] = node.Default.DeepClone() };
        var holder = new SchemaNode { Type = "object", Properties = new Dictionary<string, SchemaNode> { ["default"] = node } };
        List<string> unknown = [];
        Pruning.Prune(filled, holder, unknown);
        errors.AddRange(unknown.Select(u => FieldError.Invalid($"{path}.{u}", JsonForm.Print(node.Default), "must not contain unknown fields")));
        Defaulting.Apply(filled, holder);
        List<FieldError> problems = [];
        ValueValidation.Validate(filled["default"], node, "default", problems);
        errors.AddRange(problems.Select(p => p with { Field = $"{path}.{p.Field}" }));
    }
}
