using System.Text.Json.Nodes;
using Modestano.Crds.Generation;

namespace Modestano.Operations.Tests.Install;

/// <summary>The chart, by the real helm.</summary>
public sealed class ChartTests
{
    private static IEnumerable<TestCaseData<string, string>> Refusals =>
    [
        new("replicas=99", "at '/replicas': maximum: got 99, want 10"),
        new("replicas=two", "at '/replicas': got string, want integer"),
        new("grants.providers[0].name=x", "at '/grants/providers/0': missing properties 'namespaces', 'zones', 'nameSuffixes'"),
        new("grants.probes.allowEverything=true", "at '/grants/probes': additional properties 'allowEverything' not allowed"),
        new("log.level=loud", "at '/log/level': value must be one of 'trace', 'debug', 'information', 'warning', 'error', 'critical'"),
        new("imgae.tag=1", "additional properties 'imgae' not allowed"),
        new("watchNamespaces={Shop}", "at '/watchNamespaces/0': 'Shop' does not match pattern"),
        new("metrics.secure=perhaps", "at '/metrics/secure': got string, want boolean"),
        new("priorityClass.value=2000000000", "at '/priorityClass/value': maximum: got 2×10⁰⁹, want 1×10⁰⁹"),
        new("serviceAccount.create=false", "serviceAccount.name is needed where serviceAccount.create is false"),
    ];

    [Test]
    public void Helm_finds_nothing_wrong_with_the_defaults() => Tool.Run("helm", "lint", "--strict", Repository.PathOf(Rendered.Chart));

    [TestCaseSource(typeof(Rendered), nameof(Rendered.ValuesFiles))]
    public void Helm_finds_nothing_wrong_with_a_values_file(string values) =>
        Tool.Run("helm", "lint", "--strict", Repository.PathOf(Rendered.Chart), "--values", Rendered.ValuesFile(values));

    [TestCaseSource(nameof(Refusals))]
    public void Wrong_values_are_refused_by_name(string value, string message)
    {
        var (exitCode, _, error) = Tool.Try("helm", "template", "x", Repository.PathOf(Rendered.Chart), "--set", value);
        using (Assert.EnterMultipleScope())
        {
            Assert.That(exitCode, Is.Not.Zero);
            Assert.That(error, Does.Contain(message));
        }
    }

    [Test]
    public void Every_value_has_a_schema_and_every_schema_a_value()
    {
        var schema = JsonNode.Parse(Repository.Read($"{Rendered.Chart}/values.schema.json"))!.AsObject();
        var values = Repository.Documents(Repository.Read($"{Rendered.Chart}/values.yaml")).Single();
        // Helm itself brings `global`; probes of the grants are off unless somebody writes them.
        Assert.That(SchemaPaths(schema, "").Except(["global", "grants.probes", "grants.credentialHostSuffixes"]), Is.EquivalentTo(ValuePaths(values, "")));
    }

    [Test]
    public void The_definitions_are_the_generated_ones() => Assert.That(
        CrdManifests.All().Where(m => Repository.Read($"{Rendered.Chart}/files/crds/{m.FileName}") != m.Yaml).Select(m => m.FileName),
        Is.Empty,
        "run `make manifests`");

    [Test]
    public void Definitions_stay_when_the_release_goes_unless_told_otherwise()
    {
        Assert.That(Definitions(), Is.EqualTo(new[] { "keep", "keep", "keep" }));
        Assert.That(Definitions("--set", "crds.keep=false"), Is.EqualTo(new string?[] { null, null, null }));
        Assert.That(Definitions("--set", "crds.enabled=false"), Is.Empty);
    }

    [Test]
    public void In_named_namespaces_it_has_roles_there_and_no_cluster_role_for_the_three_kinds()
    {
        var objects = Rendered.Charted("--set", "watchNamespaces={shop,stock}");
        var managers = objects.Where(o => Rendered.Name(o).Contains("-manager-role", StringComparison.Ordinal)).Select(o => $"{Rendered.Kind(o)} {o["metadata"]!["namespace"]}");
        using (Assert.EnterMultipleScope())
        {
            Assert.That(managers, Is.EquivalentTo(new[] { "Role shop", "RoleBinding shop", "Role stock", "RoleBinding stock" }));
            Assert.That(Rendered.Container(objects)["args"]!.AsArray().Select(a => (string)a!), Has.Member("--namespaces=shop,stock"));
        }
    }

    [Test]
    public void A_certificate_is_mounted_and_verified()
    {
        var objects = Rendered.Charted("--values", Rendered.ValuesFile("production"));
        var tls = objects.Single(o => Rendered.Kind(o) == "ServiceMonitor")["spec"]!["endpoints"]![0]!["tlsConfig"]!;
        using (Assert.EnterMultipleScope())
        {
            Assert.That(Rendered.Container(objects)["args"]!.AsArray().Select(a => (string)a!), Has.Member("--metrics-cert-dir=/etc/modestano-metrics"));
            Assert.That(Rendered.Pod(objects)["volumes"]!.AsArray().Select(v => (string?)v!["secret"]?["secretName"]), Has.Member("modestano-operator-metrics"));
            Assert.That((string?)tls["serverName"], Is.EqualTo("modestano-operator-controller-manager-metrics.modestano-operator-system.svc"));
            Assert.That(tls["insecureSkipVerify"], Is.Null);
        }
    }

    [Test]
    public void A_Prometheus_operator_that_selects_by_label_finds_monitor_and_rules()
    {
        var labelled = Rendered.Charted("--values", Rendered.ValuesFile("production")).Where(o => (string?)o["metadata"]!["labels"]?["release"] == "kube-prometheus-stack");
        Assert.That(labelled.Select(Rendered.Kind), Is.EquivalentTo(new[] { "ServiceMonitor", "PrometheusRule" }));
    }

    [Test]
    public void The_token_file_of_a_grant_can_be_mounted()
    {
        var objects = Rendered.Charted("--values", Rendered.ValuesFile("production"));
        using (Assert.EnterMultipleScope())
        {
            Assert.That(Rendered.Container(objects)["volumeMounts"]!.AsArray().Select(m => (string)m!["mountPath"]!), Has.Member("/etc/modestano-prometheus"));
            Assert.That(Rendered.Pod(objects)["volumes"]!.AsArray().Select(v => (string?)v!["secret"]?["secretName"]), Has.Member("modestano-prometheus-token"));
        }
    }

    [TestCase("nameOverride=dba", "modestano-operator-dba-controller-manager")]
    [TestCase("fullnameOverride=dba", "dba-controller-manager")]
    public void It_can_be_named_otherwise(string value, string deployment) =>
        Assert.That(Rendered.Charted("--set", value).Where(o => Rendered.Kind(o) == "Deployment").Select(Rendered.Name), Is.EqualTo(new[] { deployment }));

    [Test]
    public void Pods_are_spread_as_the_values_say_or_over_zones_and_nodes()
    {
        var own = Rendered.Charted("--set-json", """topologySpreadConstraints=[{"maxSkew":2,"topologyKey":"rack","whenUnsatisfiable":"DoNotSchedule"}]""");
        Assert.That(Spread(own), Is.EqualTo(new[] { "rack" }));
        Assert.That(Spread(Rendered.Charted()), Is.EqualTo(new[] { "topology.kubernetes.io/zone", "kubernetes.io/hostname" }));
    }

    [Test]
    public void Two_releases_in_one_namespace_share_nothing_but_the_definitions()
    {
        var one = Names("--set", "crds.enabled=false");
        var other = Repository.Documents(Tool.Run("helm", "template", "other", Repository.PathOf(Rendered.Chart), "--namespace", Rendered.Namespace, "--set", "crds.enabled=false"))
            .Select(o => $"{Rendered.Kind(o)} {Rendered.Name(o)}");
        Assert.That(one.Intersect(other), Is.Empty);
        Assert.That(string.Join(' ', Rendered.Charted().Where(o => Rendered.Name(o).Contains("leader-election-role", StringComparison.Ordinal)).Select(o => o.ToJsonString())), Does.Contain("\"modestano-operator\""));
    }

    [Test]
    public void The_notes_say_how_to_go_on()
    {
        var notes = Tool.Run("helm", "install", "x", Repository.PathOf(Rendered.Chart), "--dry-run=client", "--set", "crds.keep=false");
        Assert.That(notes, Does.Contain("rollout status deployment/x-modestano-operator-controller-manager")
            .And.Contain("No DNS provider is granted").And.Contain("crds.keep is false").And.Contain("--clusterrole=x-modestano-operator-metrics-reader"));
    }

    private static IEnumerable<string> Spread(IEnumerable<JsonObject> objects) =>
        Rendered.Pod(objects)["topologySpreadConstraints"]!.AsArray().Select(c => (string)c!["topologyKey"]!);

    private static IEnumerable<string> Names(params string[] arguments) => Rendered.Charted(arguments).Select(o => $"{Rendered.Kind(o)} {Rendered.Name(o)}");

    private static IEnumerable<string?> Definitions(params string[] arguments) => Rendered.Charted(arguments)
        .Where(o => Rendered.Kind(o) == "CustomResourceDefinition")
        .Select(o => (string?)o["metadata"]!["annotations"]?["helm.sh/resource-policy"]);

    private static IEnumerable<string> SchemaPaths(JsonObject schema, string path) => schema["properties"] is JsonObject properties
        ? properties.SelectMany(p => SchemaPaths(p.Value!.AsObject(), path.Length == 0 ? p.Key : $"{path}.{p.Key}")).DefaultIfEmpty(path).Select(p => p.StartsWith("grants.probes", StringComparison.Ordinal) ? "grants.probes" : p)
        : [path];

    private static IEnumerable<string> ValuePaths(JsonObject values, string path) => values.SelectMany(v =>
    {
        var at = path.Length == 0 ? v.Key : $"{path}.{v.Key}";
        // What Kubernetes defines itself is a leaf.
        return v.Value is JsonObject { Count: > 0 } map && at != "resources" ? ValuePaths(map, at) : [at];
    });
}
