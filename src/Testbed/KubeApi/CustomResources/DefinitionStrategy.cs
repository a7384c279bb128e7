using System.Text.Json.Nodes;
using Modestano.Testbed.KubeApi.Resources;
using Modestano.Testbed.KubeApi.Schema;
using Modestano.Testbed.KubeApi.Storage;
using Modestano.Testbed.KubeApi.Tables;

namespace Modestano.Testbed.KubeApi.CustomResources;

/// <summary>Rules of CustomResourceDefinition itself.</summary>
internal sealed class DefinitionStrategy : ResourceStrategy
{
    public const string CleanupFinalizer = "customresourcecleanup.apiextensions.k8s.io";

    public override bool CountsGenerations => true;

    public override bool CountsDeletion => false;

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
        obj["status"] = new JsonObject
        {
            ["conditions"] = null,
            ["acceptedNames"] = new JsonObject { ["plural"] = "", ["kind"] = "" },
            ["storedVersions"] = new JsonArray([.. stored]),
        };
    }

    public override void PrepareForDelete(JsonObject obj)
    {
        if (ObjectMeta.Finalizers(obj) is var finalizers && !finalizers.Contains(CleanupFinalizer, StringComparer.Ordinal) && !ObjectMeta.IsTerminating(obj))
        {
            ObjectMeta.SetFinalizers(obj, [.. finalizers, CleanupFinalizer]);
        }
    }

    public override IReadOnlyList<FieldError> Validate(JsonObject obj, JsonObject? old, bool statusOnly)
    {
        if (statusOnly)
        {
            return [];
        }

        List<FieldError> errors = [.. StructuralSchema.CheckDefinition(obj), .. Columns(obj.Object("spec"))];
        var scope = obj.Object("spec").String("scope");
        if (old is not null && old.Object("spec").String("scope") != scope)
        {
            errors.Add(new("spec.scope", $"Invalid value: \"{scope}\": field is immutable", "FieldValueInvalid"));
        }

        return errors;
    }

    private static IEnumerable<FieldError> Columns(JsonObject? spec)
    {
        var versions = spec?.Objects("versions").ToList() ?? [];
        for (var v = 0; v < versions.Count; v++)
        {
            var columns = versions[v].Objects("additionalPrinterColumns").ToList();
            for (var c = 0; c < columns.Count; c++)
            {
                foreach (var (field, detail) in Column(columns[c]))
                {
                    yield return new FieldError($"spec.versions[{v}].additionalPrinterColumns[{c}].{field}", $"Invalid value: {detail}", "FieldValueInvalid");
                }
            }
        }
    }

    private static IEnumerable<(string Field, string Detail)> Column(JsonObject column)
    {
        var (name, type, path) = (column.String("name") ?? "", column.String("type") ?? "", column.String("jsonPath") ?? "");
        if (name.Length == 0)
        {
            yield return ("name", "\"\": must not be empty");
        }

        if (type is not ("boolean" or "date" or "integer" or "number" or "string"))
        {
            yield return ("type", $"\"{type}\": must be one of boolean,date,integer,number,string");
        }

        if (Problem(path) is { } problem)
        {
            yield return ("jsonPath", $"\"{path}\": {problem}");
        }
    }

    private static string? Problem(string path)
    {
        if (!path.StartsWith('.'))
        {
            return "is invalid json path: must start with a dot";
        }

        try
        {
            JsonPath.Parse(path);
            return null;
        }
        catch (FormatException e)
        {
            return $"is invalid json path: {e.Message}";
        }
    }
}
