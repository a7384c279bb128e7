using System.Text.Json.Nodes;

namespace Modestano.Operations.Tests.Install;

/// <summary>What the two ways to install render.</summary>
internal static class Rendered
{
    public const string Chart = "charts/modestano-operator";
    public const string Release = "modestano-operator";
    public const string Namespace = "modestano-operator-system";

    private static readonly Lazy<IReadOnlyList<JsonObject>> Default = new(() => Kustomize("config/default"));

    /// <summary>The values files that the chart is tested with, beside its defaults.</summary>
    public static IReadOnlyList<string> ValuesFiles { get; } = ["namespaced", "production", "minimal"];

    public static IReadOnlyList<JsonObject> Kustomized => Default.Value;

    public static string ValuesFile(string name) => Repository.PathOf($"{Chart}/ci/{name}-values.yaml");

    public static IReadOnlyList<JsonObject> Kustomize(string folder) => [.. Repository.Documents(Tool.Run("kubectl", "kustomize", Repository.PathOf(folder)))];

    public static string ChartText(params string[] arguments) =>
        Tool.Run("helm", ["template", Release, Repository.PathOf(Chart), "--namespace", Namespace, "--kube-version", "1.32", .. arguments]);

    public static IReadOnlyList<JsonObject> Charted(params string[] arguments) => [.. Repository.Documents(ChartText(arguments))];

    public static string Kind(JsonObject o) => (string)o["kind"]!;

    public static string Name(JsonObject o) => (string)o["metadata"]!["name"]!;

    public static JsonNode Pod(IEnumerable<JsonObject> objects) => objects.Single(o => Kind(o) == "Deployment")["spec"]!["template"]!["spec"]!;

    public static JsonNode Container(IEnumerable<JsonObject> objects) => Pod(objects)["containers"]![0]!;
}
