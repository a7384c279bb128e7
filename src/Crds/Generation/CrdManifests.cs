using System.Reflection;
using System.Text.Json.Nodes;
using k8s.Models;
using Modestano.Crds.Schema;

namespace Modestano.Crds.Generation;

/// <summary>The CustomResourceDefinitions of the three kinds, generated from their C# types.</summary>
public static class CrdManifests
{
    // etcd refuses objects of 1.5 MiB, and client-side apply keeps a copy in an annotation that may have 256 KiB.
    private const int LargestManifest = 256 * 1024;

    /// <summary>File name (<c>mongo.modestano.io_mongoreplicasets.yaml</c>) and YAML of each definition, ordered by file name; the same text for the same types.</summary>
    /// <exception cref="InvalidOperationException">A type or attribute cannot be expressed as a structural schema; the message names the property.</exception>
    public static IReadOnlyList<(string FileName, string Yaml)> All() =>
        [.. Definitions().Select(d => Manifest(d.Type, d.Definition)).OrderBy(m => m.FileName, StringComparer.Ordinal)];

    /// <summary>The reference of the three kinds as Markdown.</summary>
    public static string Reference() => ApiReference.Of([.. Definitions().Select(d => d.Definition).OrderBy(d => (string)d["metadata"]!["name"]!, StringComparer.Ordinal)]);

    private static IEnumerable<(Type Type, JsonObject Definition)> Definitions()
    {
        var documentation = DocComments.Of(typeof(CrdManifests).Assembly);
        return typeof(CrdManifests).Assembly.GetTypes()
            .Where(t => t.GetCustomAttribute<CustomResourceAttribute>() is not null)
            .Select(t => (t, DefinitionBuilder.Build(t, documentation)));
    }

    private static (string FileName, string Yaml) Manifest(Type type, JsonObject definition)
    {
        var group = type.GetCustomAttribute<KubernetesEntityAttribute>()!.Group;
        var plural = type.GetCustomAttribute<CustomResourceAttribute>()!.Plural;
        var yaml = YamlText.Of(definition);
        return yaml.Length < LargestManifest
            ? ($"{group}_{plural}.yaml", yaml)
            : throw new InvalidOperationException($"the definition of {type.Name} has {yaml.Length} bytes; at most {LargestManifest} fit into an annotation");
    }
}
