using System.Text.Json.Nodes;

namespace Modestano.Testbed.KubeApi.Schema;

/// <summary>What a server checks of a CustomResourceDefinition before it stores it.</summary>
internal static class DefinitionCheck
{
    public static IReadOnlyList<FieldError> Check(JsonObject crd)
    {
        List<FieldError> errors = [];
        var spec = crd["spec"] as JsonObject ?? [];
        CheckName(crd, spec, errors);

        var versions = (spec["versions"] as JsonArray ?? []).OfType<JsonObject>().ToList();
        var stored = versions.Count(v => v["storage"]?.GetValue<bool>() == true);
        if (stored != 1)
        {
            var names = string.Join(", ", versions.Select(v => v["name"]?.ToString()));
            errors.Add(FieldError.Invalid("spec.versions", JsonForm.Quote(names), "must have exactly one version marked as storage version"));
            errors.Add(FieldError.Invalid("status.storedVersions", "[]string(nil)", "must have at least one stored version"));
        }

        for (var i = 0; i < versions.Count; i++)
        {
            if (versions[i]["schema"]?["openAPIV3Schema"] is not JsonObject schema)
            {
                errors.Add(FieldError.Required($"spec.versions[{i}].schema.openAPIV3Schema", "schemas are required"));
                continue;
            }

            // A server keeps the schema that all versions share in one place, and names that place.
            var path = versions.Count == 1 ? "spec.validation.openAPIV3Schema" : $"spec.versions[{i}].schema.openAPIV3Schema";
            SchemaCheck.Check(schema, path, errors);
        }

        return errors;
    }

    private static void CheckName(JsonObject crd, JsonObject spec, List<FieldError> errors)
    {
        foreach (var (path, value) in new[]
        {
            ("spec.group", spec["group"]),
            ("spec.scope", spec["scope"]),
            ("spec.names.plural", spec["names"]?["plural"]),
            ("spec.names.kind", spec["names"]?["kind"]),
        })
        {
            if (string.IsNullOrEmpty(value?.ToString()))
            {
                errors.Add(FieldError.Required(path));
            }
        }

        var name = crd["metadata"]?["name"]?.ToString() ?? "";
        if (name != $"{spec["names"]?["plural"]}.{spec["group"]}")
        {
            errors.Add(FieldError.Invalid("metadata.name", JsonForm.Quote(name), "must be spec.names.plural+\".\"+spec.group"));
        }
    }
}
