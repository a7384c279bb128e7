using System.Text.Json.Nodes;
using Modestano.Testbed.KubeApi.Resources;
using Modestano.Testbed.KubeApi.Schema;
using Modestano.Testbed.KubeApi.Storage;

namespace Modestano.Testbed.KubeApi.CustomResources;

/// <summary>Rules of CustomResourceDefinition itself.</summary>
internal sealed class DefinitionStrategy : ResourceStrategy
{
    public const string CleanupFinalizer = "customresourcecleanup.apiextensions.k8s.io";

    public override bool CountsGenerations => true;

    public override bool AllowsUnconditionalUpdate => false;

    public override void ApplyDefaults(JsonObject obj)
    {
        if (obj.Object("spec") is not { } spec)
        {
            return;
        }

        spec["conversion"] ??= new JsonObject { ["strategy"] = "None" };
        if (spec.Object("names") is { } names && names.String("kind") is { } kind)
        {
            names["singular"] ??= kind.ToLowerInvariant();
            names["listKind"] ??= $"{kind}List";
        }
    }

    public override void PrepareForCreate(JsonObject obj)
    {
        var stored = obj.Object("spec")?.Objects("versions").Where(v => v.Flag("storage")).Select(v => (JsonNode?)v.String("name")) ?? [];
        obj["status"] = new JsonObject { ["storedVersions"] = new JsonArray([.. stored]) };
    }

    public override void PrepareForDelete(JsonObject obj)
    {
        if (ObjectMeta.Finalizers(obj) is var finalizers && !finalizers.Contains(CleanupFinalizer, StringComparer.Ordinal) && !ObjectMeta.IsTerminating(obj))
        {
            ObjectMeta.SetFinalizers(obj, [.. finalizers, CleanupFinalizer]);
        }
    }

    public override IReadOnlyList<FieldError> Validate(JsonObject obj, JsonObject? old)
    {
        var errors = new List<FieldError>();
        var spec = obj.Object("spec");
        var names = spec.Object("names");
        Require(spec.String("group"), "spec.group", errors);
        Require(names.String("plural"), "spec.names.plural", errors);
        Require(names.String("kind"), "spec.names.kind", errors);
        var name = ObjectMeta.Name(obj);
        if (name != $"{names.String("plural")}.{spec.String("group")}")
        {
            errors.Add(new("metadata.name", $"Invalid value: \"{name}\": must be spec.names.plural+\".\"+spec.group", "FieldValueInvalid"));
        }

        if (spec.String("scope") is not ("Namespaced" or "Cluster"))
        {
            errors.Add(new("spec.scope", $"Unsupported value: \"{spec.String("scope")}\": supported values: \"Cluster\", \"Namespaced\"", "FieldValueNotSupported"));
        }

        var versions = spec.Objects("versions").ToList();
        if (versions.Count(v => v.Flag("storage")) != 1)
        {
            errors.Add(new("spec.versions", "Invalid value: must have exactly one version marked as storage version", "FieldValueInvalid"));
        }

        for (var i = 0; i < versions.Count; i++)
        {
            Version(versions[i], i, versions.Count, errors);
        }

        if (old is not null && old.Object("spec").String("scope") != spec.String("scope"))
        {
            errors.Add(new("spec.scope", $"Invalid value: \"{spec.String("scope")}\": field is immutable", "FieldValueInvalid"));
        }

        return errors;
    }

    private static void Version(JsonObject version, int index, int count, List<FieldError> errors)
    {
        Require(version.String("name"), $"spec.versions[{index}].name", errors);
        if (version.Object("schema").Object("openAPIV3Schema") is not { } schema)
        {
            errors.Add(new($"spec.versions[{index}].schema.openAPIV3Schema", "Required value: schemas are required", "FieldValueRequired"));
            return;
        }

        // One version's schema is reported under spec.validation, as the API server does it.
        var root = count == 1 ? "spec.validation.openAPIV3Schema" : $"spec.versions[{index}].schema.openAPIV3Schema";
        errors.AddRange(DefinitionSchemas.Check(schema, root));
        for (var c = 0; c < (version.Array("additionalPrinterColumns")?.Count ?? 0); c++)
        {
            var column = version.Array("additionalPrinterColumns")![c] as JsonObject;
            Require(column.String("name"), $"spec.versions[{index}].additionalPrinterColumns[{c}].name", errors);
            Require(column.String("jsonPath"), $"spec.versions[{index}].additionalPrinterColumns[{c}].jsonPath", errors);
            if (column.String("type") is not ("boolean" or "date" or "integer" or "number" or "string"))
            {
                errors.Add(new(
                    $"spec.versions[{index}].additionalPrinterColumns[{c}].type",
                    $"Invalid value: \"{column.String("type")}\": must be one of boolean,date,integer,number,string",
                    "FieldValueInvalid"));
            }
        }
    }

    private static void Require(string? value, string field, List<FieldError> errors)
    {
        if (string.IsNullOrEmpty(value))
        {
            errors.Add(new(field, "Required value", "FieldValueRequired"));
        }
    }
}
