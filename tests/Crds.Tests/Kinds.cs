using System.Text.Json.Nodes;
using Modestano.Crds.Generation;
using Modestano.Testbed.KubeApi.Schema;

namespace Modestano.Crds.Tests;

/// <summary>The samples as JSON, and the API server's judgement on objects of the three kinds.</summary>
internal static class Kinds
{
    private static readonly Dictionary<string, StructuralSchema> Schemas = CrdManifests.All()
        .Select(m => Repository.Documents(m.Yaml).Single())
        .ToDictionary(
            crd => (string)crd["spec"]!["names"]!["kind"]!,
            crd => StructuralSchema.Parse(crd["spec"]!["versions"]![0]!["schema"]!["openAPIV3Schema"]!.AsObject()));

    public static JsonObject Sample(string kind) => Repository
        .Documents(Repository.Read($"config/samples/marketplace/{kind.ToLowerInvariant()}.yaml"))
        .Single();

    /// <summary>As a server does it on a write.</summary>
    /// <returns>Unknown fields, then the causes of a refusal.</returns>
    public static (IReadOnlyList<string> Unknown, IReadOnlyList<FieldError> Errors) Write(JsonObject value, JsonObject? old = null)
    {
        var schema = SchemaOf(value);
        var unknown = schema.Prune(value);
        schema.ApplyDefaults(value);
        if (old is not null)
        {
            schema.ApplyDefaults(old);
        }

        return (unknown, schema.Validate(value, old));
    }

    public static StructuralSchema SchemaOf(JsonObject value) => Schemas[(string)value["kind"]!];

    /// <summary>Sets a value by path, as <c>spec.regions.0.members.0.votes</c>; null removes it.</summary>
    public static JsonObject With(this JsonObject root, string path, string? json)
    {
        var parts = path.Split('.');
        JsonNode node = root;
        foreach (var part in parts[..^1])
        {
            node = (node is JsonArray list ? list[int.Parse(part, provider: null)] : node[part])!;
        }

        switch (node)
        {
            case JsonArray list when parts[^1] == "-":
                list.Add(JsonNode.Parse(json!));
                break;
            case JsonArray list:
                list[int.Parse(parts[^1], provider: null)] = JsonNode.Parse(json!);
                break;
            case JsonObject map when json is null:
                map.Remove(parts[^1]);
                break;
            default:
                node[parts[^1]] = JsonNode.Parse(json!);
                break;
        }

        return root;
    }
}
