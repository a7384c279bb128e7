using System.Text.Json.Nodes;
using Modestano.Crds.Generation;

namespace Modestano.Crds.Tests;

/// <summary>The two ways to install, kustomize and Helm, give the same operator.</summary>
public sealed class InstallationTests
{
    private static readonly Lazy<List<JsonObject>> Kustomized =
        new(() => [.. Repository.Documents(Tool.Run("kubectl", "kustomize", Repository.PathOf("config/default")))]);

    private static readonly Lazy<List<JsonObject>> Charted = new(() => Template());

    [TestCase("config/crd")]
    [TestCase("config/prometheus")]
    [TestCase("config/samples")]
    [TestCase("config/samples/demo")]
    public void Kustomize_builds_it(string folder) =>
        Assert.That(Repository.Documents(Tool.Run("kubectl", "kustomize", Repository.PathOf(folder))), Is.Not.Empty);

    [Test]
    public void Helm_finds_nothing_wrong() => Tool.Run("helm", "lint", "--strict", Repository.PathOf("charts/modestano-operator"));

    [Test]
    public void The_charts_definitions_are_the_generated_ones() => Assert.That(
        CrdManifests.All().Where(m => Repository.Read($"charts/modestano-operator/files/crds/{m.FileName}") != m.Yaml).Select(m => m.FileName),
        Is.Empty,
        "charts/modestano-operator/files/crds differs from the types in src/Crds: run `make manifests`");

    [Test]
    public void Definitions_stay_when_the_release_goes_unless_told_otherwise()
    {
        Assert.That(Definitions(Charted.Value), Is.EqualTo(new[] { "keep", "keep", "keep" }));
        Assert.That(Definitions(Template("--set", "crds.keep=false")), Is.EqualTo(new string?[] { null, null, null }));
        Assert.That(Definitions(Template("--set", "crds.enabled=false")), Is.Empty);
    }

    [Test]
    public void Both_give_the_operator_the_same_rights()
    {
        var kustomized = Rules(Kustomized.Value, "ClusterRole", "manager-role");
        var charted = Rules(Charted.Value, "ClusterRole", "-manager").Concat(Rules(Charted.Value, "ClusterRole", "-cluster-identity"));
        Assert.That(charted, Is.EqualTo(kustomized));
        Assert.That(Rules(Charted.Value, "Role", "leader-election"), Is.EqualTo(Rules(Kustomized.Value, "Role", "leader-election-role")));
    }

    [Test]
    public void Secrets_can_be_read_by_name_but_not_listed()
    {
        var secrets = Kustomized.Value.Where(o => (string)o["kind"]! is "ClusterRole" or "Role")
            .SelectMany(o => o["rules"]!.AsArray())
            .Where(r => r!["resources"]!.AsArray().Any(n => (string)n! is "secrets" or "*"))
            .SelectMany(r => r!["verbs"]!.AsArray().Select(v => (string)v!));
        Assert.That(secrets, Is.EqualTo(new[] { "get" }));
    }

    [TestCase("securityContext")]
    [TestCase("env")]
    [TestCase("ports")]
    [TestCase("livenessProbe")]
    [TestCase("readinessProbe")]
    [TestCase("resources")]
    [TestCase("volumeMounts")]
    [TestCase("image")]
    public void Both_run_the_same_container(string field) => Assert.That(
        Repository.Canonical(Container(Charted.Value)[field]),
        Is.EqualTo(Repository.Canonical(Container(Kustomized.Value)[field])));

    [Test]
    public void Every_binding_names_the_service_account_that_the_pods_use()
    {
        foreach (var objects in new[] { Kustomized.Value, Charted.Value })
        {
            var account = objects.Single(o => (string)o["kind"]! == "ServiceAccount")["metadata"]!;
            var subjects = objects.Where(o => ((string)o["kind"]!).EndsWith("RoleBinding", StringComparison.Ordinal)).SelectMany(o => o["subjects"]!.AsArray()).ToList();
            Assert.That(subjects, Is.Not.Empty);
            Assert.That(subjects.Select(s => $"{s!["namespace"]}/{s["name"]}").Distinct(), Is.EqualTo(new[] { $"{account["namespace"]}/{account["name"]}" }));
            Assert.That(Pod(objects)["serviceAccountName"]!.ToString(), Is.EqualTo(account["name"]!.ToString()));
        }
    }

    [Test]
    public void In_named_namespaces_the_chart_binds_only_there()
    {
        var objects = Template("--set", "watchNamespaces={shop,stock}");
        var bindings = objects.Where(o => ((string)o["kind"]!).EndsWith("RoleBinding", StringComparison.Ordinal) && ((string)o["roleRef"]!["name"]!).EndsWith("-manager", StringComparison.Ordinal));
        Assert.That(bindings.Select(b => $"{b["kind"]} {b["metadata"]!["namespace"]}"), Is.EqualTo(new[] { "RoleBinding shop", "RoleBinding stock" }));
        Assert.That(Container(objects)["args"]!.AsArray().Select(a => (string)a!), Has.Member("--namespaces=shop,stock"));
    }

    [TestCase("replicas=99", "/replicas")]
    [TestCase("grants.providers[0].name=x", "missing properties")]
    [TestCase("log.level=loud", "/log/level")]
    [TestCase("imgae.tag=1", "imgae")]
    public void Wrong_values_are_refused_by_name(string value, string message)
    {
        var (exitCode, _, error) = Tool.Try("helm", "template", "x", Repository.PathOf("charts/modestano-operator"), "--set", value);
        Assert.That(exitCode, Is.Not.Zero);
        Assert.That(error, Does.Contain(message));
    }

    private static List<JsonObject> Template(params string[] arguments) => [.. Repository.Documents(Tool.Run(
        "helm",
        ["template", "modestano-operator", Repository.PathOf("charts/modestano-operator"), "--namespace", "operators", "--kube-version", "1.32", .. arguments]))];

    private static IEnumerable<string?> Definitions(List<JsonObject> objects) => objects
        .Where(o => (string)o["kind"]! == "CustomResourceDefinition")
        .Select(o => (string?)o["metadata"]!["annotations"]?["helm.sh/resource-policy"]);

    private static IEnumerable<string> Rules(List<JsonObject> objects, string kind, string suffix) => objects
        .Single(o => (string)o["kind"]! == kind && ((string)o["metadata"]!["name"]!).EndsWith(suffix, StringComparison.Ordinal))["rules"]!
        .AsArray()
        .Select(Repository.Canonical);

    private static JsonNode Pod(List<JsonObject> objects) => objects.Single(o => (string)o["kind"]! == "Deployment")["spec"]!["template"]!["spec"]!;

    private static JsonNode Container(List<JsonObject> objects) => Pod(objects)["containers"]![0]!;
}
