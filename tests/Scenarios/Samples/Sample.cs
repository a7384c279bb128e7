using System.Text.Json.Nodes;
using k8s;
using Modestano.Operator.Configuration;
using Modestano.Scenarios.WholeWorld;
using Modestano.Testbed.Demo.Manifests;

namespace Modestano.Scenarios.Samples;

/// <summary>The committed samples.</summary>
internal static class Sample
{
    private static readonly string Folder = Path.Combine(RepositoryFolder.Config, "samples");

    /// <summary>The grants file that they need.</summary>
    public static Grants Grants => GrantsFile.Parse(File.ReadAllText(Path.Combine(Folder, "grants.yaml")), "grants.yaml");

    /// <summary>The folders that have a kind.</summary>
    public static IEnumerable<string> FoldersWith<T>() => Directory.EnumerateDirectories(Folder)
        .Where(folder => Objects(folder).Any(IsA<T>))
        .Select(folder => Path.GetFileName(folder))
        .Order(StringComparer.Ordinal);

    /// <summary>The one object of a kind in a folder.</summary>
    public static T Of<T>(string folder) => KubernetesJson.Deserialize<T>(Objects(Path.Combine(Folder, folder)).Single(IsA<T>).ToJsonString());

    private static IReadOnlyList<JsonObject> Objects(string folder) => Kustomization.Read(folder).Objects;

    private static bool IsA<T>(JsonObject manifest) => (string?)manifest["kind"] == typeof(T).Name;
}
