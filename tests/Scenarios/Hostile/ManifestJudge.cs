using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Modestano.Crds.Generation;
using Modestano.Testbed.KubeApi.Schema;

namespace Modestano.Scenarios.Hostile;

/// <summary>What an API server with the shipped CRDs says to an object, and what has to be read on it once the operator has seen it.</summary>
internal static partial class ManifestJudge
{
    private static readonly Dictionary<string, JsonObject> Definitions = CrdManifests.All().Select(m => Repository.Documents(m.Yaml).Single()).ToDictionary(
        crd => (string)crd["spec"]!["names"]!["kind"]!, crd => crd["spec"]!["versions"]![0]!["schema"]!["openAPIV3Schema"]!.AsObject());

    private static readonly Dictionary<string, StructuralSchema> Schemas = Definitions.ToDictionary(d => d.Key, d => StructuralSchema.Parse(d.Value));

    /// <summary>The kinds, in an order that stays.</summary>
    public static IReadOnlyList<string> Kinds { get; } = [.. Definitions.Keys.Order(StringComparer.Ordinal)];

    /// <summary>The schema of a kind.</summary>
    public static JsonObject Definition(string kind) => Definitions[kind];

    /// <summary>Prunes, fills in defaults and checks, as a server does on a write; why it refuses, or null.</summary>
    public static string? Refusal(JsonObject manifest)
    {
        var schema = Schemas[(string)manifest["kind"]!];
        schema.Prune(manifest);
        schema.ApplyDefaults(manifest);
        return schema.Validate(manifest, null) is [var first, ..] ? $"{first.Field}: {first.Detail}" : null;
    }

    /// <summary>What is unclear about a stored object; null: nothing.</summary>
    public static string? Unclear(JsonObject stored)
    {
        var status = stored["status"]?.DeepClone().AsObject();
        var conditions = status?["conditions"] as JsonArray ?? [];
        var generation = (long?)stored["metadata"]!["generation"];
        if (conditions.FirstOrDefault(c => (string?)c!["type"] == "Ready") is not { } ready)
        {
            return "no condition Ready";
        }

        if ((long?)ready["observedGeneration"] != generation)
        {
            return $"Ready is of generation {ready["observedGeneration"]}, the object has {generation}";
        }

        foreach (var condition in conditions)
        {
            var (reason, message) = ((string?)condition!["reason"] ?? "", (string?)condition["message"] ?? "");
            if (!Reason().IsMatch(reason) || message.Length is 0 or > 1024 || message.Any(c => char.IsControl(c)))
            {
                return $"{condition["type"]}: {reason}: {message}";
            }
        }

        // What the schema does not take the server does not store: then nobody would read anything.
        return Schemas[(string)stored["kind"]!].Validate(stored.DeepClone().AsObject(), null, statusOnly: true) is [var first, ..] ? $"its status would be refused: {first.Field}: {first.Detail}" : null;
    }

    [GeneratedRegex("^[A-Za-z]([A-Za-z0-9_,:]*[A-Za-z0-9_])?$")]
    private static partial Regex Reason();
}
