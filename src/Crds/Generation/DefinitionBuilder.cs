using System.Reflection;
using System.Text.Json.Nodes;
using k8s.Models;
using Modestano.Crds.Schema;
using Modestano.Crds.V1Alpha1;

namespace Modestano.Crds.Generation;

/// <summary>Puts a kind's names, columns and schema into a CustomResourceDefinition.</summary>
internal static class DefinitionBuilder
{
    public static JsonObject Build(Type type, DocComments documentation)
    {
        var entity = type.GetCustomAttribute<KubernetesEntityAttribute>()
            ?? throw new InvalidOperationException($"{type.Name} needs a KubernetesEntity attribute");
        var names = type.GetCustomAttribute<CustomResourceAttribute>()!;
        if (entity.Kind != names.Kind || entity.PluralName != names.Plural)
        {
            throw new InvalidOperationException($"{type.Name}: KubernetesEntity and CustomResource name different kinds");
        }

        return new JsonObject
        {
            ["apiVersion"] = "apiextensions.k8s.io/v1",
            ["kind"] = "CustomResourceDefinition",
            ["metadata"] = new JsonObject { ["name"] = $"{names.Plural}.{entity.Group}" },
            ["spec"] = new JsonObject
            {
                ["group"] = entity.Group,
                ["names"] = new JsonObject
                {
                    ["categories"] = new JsonArray(ApiGroup.Category),
                    ["kind"] = names.Kind,
                    ["listKind"] = names.Kind + "List",
                    ["plural"] = names.Plural,
                    ["shortNames"] = new JsonArray(names.ShortName),
                    ["singular"] = names.Kind.ToLowerInvariant(),
                },
                ["scope"] = "Namespaced",
                ["versions"] = new JsonArray(new JsonObject
                {
                    ["name"] = entity.ApiVersion,
                    ["served"] = true,
                    ["storage"] = true,
                    ["subresources"] = new JsonObject { ["status"] = new JsonObject() },
                    ["additionalPrinterColumns"] = new JsonArray([.. type.GetCustomAttributes<PrinterColumnAttribute>().Select(Column)]),
                    ["schema"] = new JsonObject { ["openAPIV3Schema"] = Root(type, documentation) },
                }),
            },
        };
    }

    private static JsonObject Column(PrinterColumnAttribute column)
    {
        var result = new JsonObject { ["name"] = column.Name, ["type"] = column.Type, ["jsonPath"] = column.JsonPath };
        if (column.Priority > 0)
        {
            result["priority"] = column.Priority;
        }

        return result;
    }

    private static JsonObject Root(Type type, DocComments documentation)
    {
        var generator = new SchemaGenerator(documentation);
        return new JsonObject
        {
            ["type"] = "object",
            ["description"] = documentation.Of(type),
            ["required"] = new JsonArray("spec"),
            ["properties"] = new JsonObject
            {
                ["apiVersion"] = new JsonObject { ["type"] = "string", ["description"] = "The group and version of this object's schema." },
                ["kind"] = new JsonObject { ["type"] = "string", ["description"] = "The kind of this object." },
                ["metadata"] = new JsonObject { ["type"] = "object" },
                ["spec"] = generator.Property(type.GetProperty("Spec")!, SchemaPlace.Spec),
                ["status"] = generator.Property(type.GetProperty("Status")!, SchemaPlace.Status),
            },
        };
    }
}
