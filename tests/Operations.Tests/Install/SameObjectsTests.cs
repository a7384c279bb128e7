using System.Text.Json.Nodes;
using System.Text.RegularExpressions;

namespace Modestano.Operations.Tests.Install;

/// <summary>Kustomize and Helm give the same objects, up to what <c>docs/install.md</c> lists as different.</summary>
public sealed partial class SameObjectsTests
{
    // Who installed it, which release, which version: labels that only one of the two has.
    private static readonly HashSet<string> LabelsOfOneSide =
        ["app.kubernetes.io/managed-by", "app.kubernetes.io/instance", "app.kubernetes.io/version", "helm.sh/chart", "control-plane"];

    // Makes a rollout follow the grants, as the hash in the name of kustomize's ConfigMap does; and the chart's hint that definitions stay.
    private static readonly HashSet<string> AnnotationsOfOneSide = ["checksum/grants", "helm.sh/resource-policy"];

    [Test]
    public void Both_install_the_same_objects()
    {
        // Helm makes the namespace itself, by --create-namespace.
        var kustomized = Normal(Rendered.Kustomized.Where(o => Rendered.Kind(o) != "Namespace"));
        var charted = Normal(Rendered.Charted());
        Assert.That(charted.Keys, Is.EquivalentTo(kustomized.Keys));
        Assert.Multiple(() =>
        {
            foreach (var (name, text) in kustomized)
            {
                Assert.That(charted[name], Is.EqualTo(text), name);
            }
        });
    }

    [Test]
    public void Both_tell_Prometheus_the_same()
    {
        var kustomized = Normal(Rendered.Kustomize("config/prometheus"));
        var charted = Normal(Rendered.Charted("--set", "metrics.serviceMonitor=true,metrics.prometheusRule=true").Where(o => Rendered.Kind(o) is "ServiceMonitor" or "PrometheusRule"));
        // config/prometheus is rendered by itself here, so without the prefix and the namespace that config/default gives.
        Assert.That(charted.Select(o => o.Value.Replace(Rendered.Namespace, "system").Replace("modestano-operator-", "")), Is.EquivalentTo(kustomized.Select(o => o.Value.Replace("modestano-operator-", ""))));
    }

    [Test]
    public void The_charts_dashboards_are_those_of_config_grafana() => Assert.That(
        Directory.GetFiles(Repository.PathOf($"{Rendered.Chart}/files/dashboards")).ToDictionary(f => Path.GetFileName(f), File.ReadAllText),
        Is.EquivalentTo(Directory.GetFiles(Repository.PathOf("config/grafana")).ToDictionary(f => Path.GetFileName(f), File.ReadAllText)),
        "run `make manifests`");

    private static Dictionary<string, string> Normal(IEnumerable<JsonObject> objects) => objects.ToDictionary(
        o => $"{Rendered.Kind(o)} {WithoutHash(Rendered.Name(o))}",
        o =>
        {
            Strip(o);
            return WithoutHash(Repository.Canonical(o));
        });

    private static void Strip(JsonNode? node)
    {
        if (node is JsonArray list)
        {
            foreach (var item in list)
            {
                Strip(item);
            }
        }
        else if (node is JsonObject map)
        {
            foreach (var labels in new[] { "labels", "matchLabels", "selector" }.Select(n => map[n]).OfType<JsonObject>())
            {
                LabelsOfOneSide.ToList().ForEach(l => labels.Remove(l));
            }

            if (map["annotations"] is JsonObject annotations)
            {
                AnnotationsOfOneSide.ToList().ForEach(a => annotations.Remove(a));
                if (annotations.Count == 0)
                {
                    map.Remove("annotations");
                }
            }

            if (map["grants.yaml"] is JsonValue grants)
            {
                // The same grants, with other comments and in another order.
                map["grants.yaml"] = Repository.Canonical(Repository.Documents((string)grants!).Single());
            }

            foreach (var (_, value) in map)
            {
                Strip(value);
            }
        }
    }

    private static string WithoutHash(string text) => Hash().Replace(text, "-grants");

    // What kustomize appends to a generated ConfigMap's name.
    [GeneratedRegex("-grants-[a-z0-9]{10}")]
    private static partial Regex Hash();
}
