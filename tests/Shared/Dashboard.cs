using System.Text.Json.Nodes;

namespace Modestano.Tests.Shared;

/// <summary>The dashboards of <c>config/grafana</c>, as files.</summary>
internal static class Dashboard
{
    public static IReadOnlyList<string> Names { get; } = ["dns", "migrations", "operator", "replica-sets"];

    /// <summary>The PromQL of every panel, with Grafana's variables in it.</summary>
    public static List<string> Queries(string name) => [.. Panels(name).SelectMany(p => p["targets"]!.AsArray()).Select(t => (string)t!["expr"]!)];

    /// <summary>What fills the variables: <c>label_values(selector, label)</c>.</summary>
    public static List<string> VariableQueries(string name) => [.. Variables(name).Where(v => (string)v["type"]! == "query").Select(v => (string)v["query"]!["query"]!)];

    public static List<JsonNode> Panels(string name) => [.. Read(name)["panels"]!.AsArray().Select(p => p!)];

    public static List<JsonNode> Variables(string name) => [.. Read(name)["templating"]!["list"]!.AsArray().Select(v => v!)];

    private static JsonNode Read(string name) => JsonNode.Parse(Repository.Read($"config/grafana/{name}.json"))!;
}
