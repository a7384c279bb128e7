using System.Collections.Immutable;
using System.Globalization;
using System.Security.Cryptography;
using System.Text.Json.Nodes;
using Modestano.Testbed.KubeApi.BuiltIn;
using Modestano.Testbed.KubeApi.Storage;

namespace Modestano.Testbed.KubeApi.OpenApi;

/// <summary>
/// OpenAPI v3 documents, one a group and version: what kubectl needs to validate on the server (the fieldValidation parameter) and to explain.
/// </summary>
internal sealed class OpenApiDocuments(ResourceRegistry registry)
{
    // kubectl shows the last part of the name as the type of the field.
    private const string MetadataName = "io.k8s.apimachinery.pkg.apis.meta.v1.ObjectMeta";

    private readonly Lock gate = new();
    private readonly Dictionary<(string Group, string Version), (byte[] Json, string Hash)> documents = [];
    private ImmutableArray<ResourceKind> made;

    /// <summary>The paths of all documents, each with a hash of its contents so that clients may keep it.</summary>
    public JsonObject Root()
    {
        var paths = new JsonObject();
        foreach (var (group, version) in registry.All.Select(k => (k.Group, k.Version)).Distinct())
        {
            var path = group.Length == 0 ? $"api/{version}" : $"apis/{group}/{version}";
            if (Find(group, version) is { } document)
            {
                paths[path] = new JsonObject { ["serverRelativeURL"] = $"/openapi/v3/{path}?hash={document.Hash}" };
            }
        }

        return new JsonObject { ["paths"] = paths };
    }

    /// <summary>The document of a group and version, as JSON with its hash. It is made when it is first asked for, and anew after kinds have changed.</summary>
    /// <returns>Null where the version is not served.</returns>
    public (byte[] Json, string Hash)? Find(string group, string version)
    {
        lock (gate)
        {
            if (made != registry.All)
            {
                made = registry.All;
                documents.Clear();
            }

            if (documents.TryGetValue((group, version), out var known))
            {
                return known;
            }

            var kinds = made.Where(k => k.Group == group && k.Version == version).ToList();
            if (kinds.Count == 0)
            {
                return null;
            }

            var json = JsonText.Encode(Make(kinds));
            return documents[(group, version)] = (json, Convert.ToHexString(SHA256.HashData(json)));
        }
    }

    private static JsonObject Make(IReadOnlyList<ResourceKind> kinds)
    {
        var paths = new JsonObject();
        var schemas = new JsonObject { [MetadataName] = Described(ModelSchemas.Metadata(), "What every object that is kept must have.") };
        foreach (var kind in kinds)
        {
            AddPaths(paths, kind);
            schemas[SchemaName(kind)] = Schema(kind);
        }

        return new JsonObject
        {
            ["openapi"] = "3.0.0",
            ["info"] = new JsonObject { ["title"] = "Kubernetes", ["version"] = "v1.32.0" },
            ["paths"] = paths,
            ["components"] = new JsonObject { ["schemas"] = schemas },
        };
    }

    private static string SchemaName(ResourceKind kind)
    {
        var group = kind.Group.Length == 0 ? "core" : string.Join('.', kind.Group.Split('.').Reverse());
        return string.Create(CultureInfo.InvariantCulture, $"{group}.{kind.Version}.{kind.Kind}");
    }

    private static JsonObject Schema(ResourceKind kind)
    {
        var schema = kind.Schema?.DeepClone() as JsonObject ?? new JsonObject { ["type"] = "object" };
        schema["x-kubernetes-group-version-kind"] = new JsonArray(Identity(kind));
        var properties = schema.Ensure("properties");
        Describe(properties, "apiVersion", "string", "The version of the schema of this object.");
        Describe(properties, "kind", "string", "The kind of this object.");
        properties["metadata"] = new JsonObject
        {
            ["description"] = "Standard object's metadata.",
            ["allOf"] = new JsonArray(new JsonObject { ["$ref"] = $"#/components/schemas/{MetadataName}" }),
        };
        return schema;
    }

    private static JsonObject Described(JsonObject schema, string description)
    {
        schema["description"] = description;
        return schema;
    }

    private static void Describe(JsonObject properties, string name, string type, string description)
    {
        var property = properties.Ensure(name);
        property["type"] ??= type;
        property["description"] ??= description;
    }

    private static JsonObject Identity(ResourceKind kind) => new() { ["group"] = kind.Group, ["version"] = kind.Version, ["kind"] = kind.Kind };

    private static void AddPaths(JsonObject paths, ResourceKind kind)
    {
        var root = kind.Group.Length == 0 ? $"/api/{kind.Version}" : $"/apis/{kind.GroupVersion}";
        var collection = kind.Namespaced ? $"{root}/namespaces/{{namespace}}/{kind.Plural}" : $"{root}/{kind.Plural}";
        paths[collection] = new JsonObject
        {
            ["get"] = Operation(kind, "list", []),
            ["post"] = Operation(kind, "post", ["dryRun", "fieldManager", "fieldValidation"]),
        };
        paths[$"{collection}/{{name}}"] = new JsonObject
        {
            ["get"] = Operation(kind, "get", []),
            ["put"] = Operation(kind, "put", ["dryRun", "fieldManager", "fieldValidation"]),
            ["patch"] = Operation(kind, "patch", ["dryRun", "fieldManager", "fieldValidation", "force"]),
            ["delete"] = Operation(kind, "delete", ["dryRun", "propagationPolicy"]),
        };
    }

    private static JsonObject Operation(ResourceKind kind, string action, string[] parameters)
    {
        var operation = new JsonObject
        {
            ["parameters"] = new JsonArray([.. parameters.Select(p => (JsonNode?)Parameter(p))]),
            ["responses"] = new JsonObject { ["200"] = new JsonObject { ["description"] = "OK" } },
            ["x-kubernetes-action"] = action,
            ["x-kubernetes-group-version-kind"] = Identity(kind),
        };
        if (action == "patch")
        {
            var content = new JsonObject
            {
                ["application/apply-patch+yaml"] = new JsonObject(),
                ["application/json-patch+json"] = new JsonObject(),
                ["application/merge-patch+json"] = new JsonObject(),
            };
            if (!kind.IsCustom)
            {
                content["application/strategic-merge-patch+json"] = new JsonObject();
            }

            operation["requestBody"] = new JsonObject { ["content"] = content };
        }

        return operation;
    }

    private static JsonObject Parameter(string name) => new()
    {
        ["name"] = name,
        ["in"] = "query",
        ["schema"] = new JsonObject { ["type"] = name == "force" ? "boolean" : "string", ["uniqueItems"] = true },
    };
}
