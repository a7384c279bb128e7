using System.Collections.Immutable;
using System.Text.Json.Nodes;
using Modestano.Testbed.KubeApi.Schema;
using Modestano.Testbed.KubeApi.Storage;
using Modestano.Testbed.KubeApi.Tables;

namespace Modestano.Testbed.KubeApi.CustomResources;

/// <summary>The kinds that a CustomResourceDefinition serves.</summary>
internal static class DefinitionKinds
{
    public static ImmutableArray<ResourceKind> From(JsonObject definition)
    {
        var spec = definition.Object("spec") ?? [];
        var names = definition.Object("status").Object("acceptedNames") ?? spec.Object("names") ?? [];
        return [.. spec.Objects("versions").Where(v => v.Flag("served")).Select(v => Kind(spec, names, v))];
    }

    private static ResourceKind Kind(JsonObject spec, JsonObject names, JsonObject version)
    {
        var schema = version.Object("schema").Object("openAPIV3Schema");
        var subresources = version.Object("subresources");
        var versionName = version.String("name") ?? "";
        var group = spec.String("group") ?? "";
        var several = spec.Array("versions") is { Count: > 1 };
        var storage = spec.Objects("versions").FirstOrDefault(v => v.Flag("storage")).String("name") ?? versionName;
        var kind = names.String("kind") ?? "";
        return new ResourceKind
        {
            Group = group,
            Version = versionName,
            Kind = kind,
            ListKind = names.String("listKind") ?? $"{kind}List",
            Plural = names.String("plural") ?? "",
            Singular = names.String("singular") ?? kind.ToLowerInvariant(),
            ShortNames = names.Strings("shortNames"),
            Categories = names.Strings("categories"),
            Namespaced = spec.String("scope") != "Cluster",
            IsCustom = true,
            HasStatus = subresources.Object("status") is not null,
            Scale = subresources.Object("scale") is { } scale
                ? new ScalePaths(scale.String("specReplicasPath") ?? "", scale.String("statusReplicasPath") ?? "", scale.String("labelSelectorPath"))
                : null,
            Schema = schema,
            Columns = PrinterColumns.From(version),
            SelectableFields = [.. version.Objects("selectableFields").Select(f => (f.String("jsonPath") ?? "").TrimStart('.'))],
            Strategy = new CustomResourceStrategy(schema is null ? null : StructuralSchema.Parse(schema)),
            FromStorage = several ? obj => InVersion(obj, $"{group}/{versionName}") : null,
            ToStorage = several ? obj => InVersion(obj, $"{group}/{storage}") : null,
        };
    }

    private static JsonObject InVersion(JsonObject obj, string apiVersion)
    {
        obj["apiVersion"] = apiVersion;
        return obj;
    }
}
