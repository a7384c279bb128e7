using System.Text.Json.Nodes;
using Modestano.Testbed.KubeApi.Http;
using YamlDotNet.Serialization;
using YamlDotNet.Serialization.NamingConventions;

namespace Modestano.Testbed.Demo.Manifests;

/// <summary>
/// Reads a folder as kustomize would, as far as this repository's samples go: <c>resources</c> (files and folders) and <c>patches</c> with
/// inline JSON patches of replace and add. So the demo needs no kubectl and still applies the committed files.
/// </summary>
public sealed class Kustomization
{
    private Kustomization(IReadOnlyList<JsonObject> objects, IReadOnlyList<string> changes)
    {
        Objects = objects;
        Changes = changes;
    }

    /// <summary>The objects, in the order of the files.</summary>
    public IReadOnlyList<JsonObject> Objects { get; }

    /// <summary>What the overlay changes, a line each: <c>WeightedDnsRecord shop: spec.ttl = 1 (was 60)</c>.</summary>
    public IReadOnlyList<string> Changes { get; }

    /// <summary>Reads a folder.</summary>
    /// <exception cref="InvalidDataException">The folder uses something that this reader does not know; the message names it.</exception>
    public static Kustomization Read(string folder)
    {
        var file = Path.Combine(folder, "kustomization.yaml");
        var model = new DeserializerBuilder().WithNamingConvention(CamelCaseNamingConvention.Instance).Build().Deserialize<Model>(File.ReadAllText(file));
        var objects = new List<JsonObject>();
        var changes = new List<string>();
        foreach (var resource in model.Resources)
        {
            var path = Path.GetFullPath(Path.Combine(folder, resource));
            if (Directory.Exists(path))
            {
                var inner = Read(path);
                objects.AddRange(inner.Objects);
                changes.AddRange(inner.Changes);
            }
            else
            {
                objects.AddRange(YamlText.ParseAll(File.ReadAllText(path)).OfType<JsonObject>());
            }
        }

        foreach (var patch in model.Patches)
        {
            Apply(patch, objects, changes, file);
        }

        return new Kustomization(objects, changes);
    }

    private static void Apply(PatchModel patch, List<JsonObject> objects, List<string> changes, string file)
    {
        var target = objects.SingleOrDefault(o => (string?)o["kind"] == patch.Target.Kind && (patch.Target.Name is null || (string?)o["metadata"]?["name"] == patch.Target.Name))
            ?? throw new InvalidDataException($"{file}: a patch's target {patch.Target.Kind} {patch.Target.Name} is not among the resources");
        foreach (var operation in (YamlText.Parse(patch.Patch) as JsonArray ?? []).OfType<JsonObject>())
        {
            var (op, path) = ((string?)operation["op"], (string?)operation["path"]);
            if (op is not ("replace" or "add") || path is null)
            {
                throw new InvalidDataException($"{file}: only replace and add are known, not op {op}");
            }

            var value = operation["value"]?.DeepClone();
            var before = Set(target, path.TrimStart('/').Split('/'), value, file);
            changes.Add($"{patch.Target.Kind} {target["metadata"]!["name"]}: {path.TrimStart('/').Replace('/', '.')} = {value?.ToJsonString()}{(before is null ? "" : $" (was {before})")}");
        }
    }

    private static string? Set(JsonNode node, string[] path, JsonNode? value, string file)
    {
        foreach (var part in path[..^1])
        {
            node = (node is JsonArray list ? list[int.Parse(part, System.Globalization.CultureInfo.InvariantCulture)] : node[part])
                ?? throw new InvalidDataException($"{file}: path /{string.Join('/', path)} is not in the object");
        }

        var before = node is JsonObject o ? o[path[^1]] : null;
        node[path[^1]] = value;
        return before?.ToJsonString();
    }

    private sealed class Model
    {
        public string? ApiVersion { get; set; }

        public string? Kind { get; set; }

        public string? Namespace { get; set; }

        public List<string> Resources { get; set; } = [];

        public List<PatchModel> Patches { get; set; } = [];
    }

    private sealed class PatchModel
    {
        public TargetModel Target { get; set; } = new();

        public string Patch { get; set; } = "";
    }

    private sealed class TargetModel
    {
        public string? Kind { get; set; }

        public string? Name { get; set; }
    }
}
