using Modestano.Crds.V1Alpha1;
using Modestano.Operator.Permissions;
using Modestano.Testbed.KubeApi;

namespace Modestano.Operations.Tests.Install;

/// <summary>An API server takes what the chart and kustomize render, from a real kubectl that has every field validated.</summary>
public sealed class AppliedTests
{
    // What the Prometheus operator brings, as far as an API server has to know it.
    private static string Monitoring => string.Join("---\n", new[] { ("ServiceMonitor", "servicemonitors"), ("PrometheusRule", "prometheusrules") }.Select(k => $$$$"""
        apiVersion: apiextensions.k8s.io/v1
        kind: CustomResourceDefinition
        metadata: {name: {{{{k.Item2}}}}.monitoring.coreos.com}
        spec:
          group: monitoring.coreos.com
          scope: Namespaced
          names: {plural: {{{{k.Item2}}}}, singular: {{{{k.Item1.ToLowerInvariant()}}}}, kind: {{{{k.Item1}}}}, listKind: {{{{k.Item1}}}}List}
          versions: [{name: v1, served: true, storage: true, schema: {openAPIV3Schema: {type: object, x-kubernetes-preserve-unknown-fields: true}}}]

        """));

    private string _folder = "";
    private KubeApiServer _server = null!;

    [SetUp]
    public async Task Start()
    {
        _folder = Directory.CreateTempSubdirectory("modestano-install-").FullName;
        _server = await KubeApiServer.StartAsync(new KubeApiOptions(), CancellationToken.None);
        _server.WriteKubeconfig(Path.Combine(_folder, "kubeconfig"));
        foreach (var ns in new[] { Rendered.Namespace, "shop", "stock" })
        {
            Kubectl("create", "namespace", ns);
        }
    }

    [TearDown]
    public async Task Stop()
    {
        await _server.DisposeAsync();
        Directory.Delete(_folder, recursive: true);
    }

    [Test]
    public void Kustomizes_objects_are_taken() =>
        Assert.That(Kubectl("apply", "--server-side", "--force-conflicts", "--validate=strict", "-k", Repository.PathOf("config/default")), Does.Contain("deployment.apps/modestano-operator-controller-manager serverside-applied"));

    [TestCase(null)]
    [TestCaseSource(typeof(Rendered), nameof(Rendered.ValuesFiles))]
    public void The_charts_objects_are_taken(string? values)
    {
        var file = Path.Combine(_folder, "monitoring.yaml");
        File.WriteAllText(file, Monitoring);
        Kubectl("apply", "-f", file);
        Kubectl("wait", "--for=condition=Established", "--timeout=30s", "crd", "--all");
        Assert.That(Apply(values is null ? [] : ["--values", Rendered.ValuesFile(values)]), Does.Contain("deployment.apps/modestano-operator-controller-manager serverside-applied"));
    }

    [Test]
    public void Helm_installs_upgrades_rolls_back_and_uninstalls_it_and_the_definitions_stay()
    {
        string[] where = ["--namespace", Rendered.Namespace, "--kubeconfig", Kubeconfig];
        Tool.Run("helm", ["install", Rendered.Release, Repository.PathOf(Rendered.Chart), .. where]);
        Tool.Run("helm", ["upgrade", Rendered.Release, Repository.PathOf(Rendered.Chart), "--values", Rendered.ValuesFile("minimal"), .. where]);
        Assert.That(Replicas(), Is.EqualTo("1"));
        Tool.Run("helm", ["rollback", Rendered.Release, .. where]);
        Assert.That(Replicas(), Is.EqualTo("2"));
        Tool.Run("helm", ["uninstall", Rendered.Release, .. where]);
        using (Assert.EnterMultipleScope())
        {
            Assert.That(Kubectl("get", "deployments,clusterroles,networkpolicies,secrets", "-A", "-o", "name"), Does.Not.Contain("modestano"));
            Assert.That(Kubectl("get", "crd", "-o", "name").Split('\n', StringSplitOptions.RemoveEmptyEntries), Has.Length.EqualTo(3));
        }

        string Replicas() => Kubectl("get", "deployment", "-n", Rendered.Namespace, "modestano-operator-controller-manager", "-o", "jsonpath={.spec.replicas}");
    }

    [Test]
    public void In_named_namespaces_the_operator_may_do_its_work_there_and_nowhere_else()
    {
        Apply("--values", Rendered.ValuesFile("namespaced"));
        var asked = from p in ShippedRoles.Manager.Permissions.Concat(ShippedRoles.Secrets.Permissions) from r in p.Resources from v in p.Verbs select (v, r.Split('/'), p.Group);
        Assert.Multiple(() =>
        {
            foreach (var (verb, resource, group) in asked)
            {
                string[] question = ["auth", "can-i", verb, group.Length == 0 ? resource[0] : $"{resource[0]}.{group}", "--as", Rights.Operator, .. resource.Skip(1).Select(s => $"--subresource={s}")];
                Assert.That(CanI([.. question, "-n", "shop"]), Is.EqualTo("yes"), string.Join(' ', question));
                Assert.That(CanI([.. question, "-n", "default"]), Is.EqualTo("no"), string.Join(' ', question));
            }
        });
    }

    [Test]
    public void People_get_the_three_kinds_through_the_built_in_roles()
    {
        Apply();
        using (Assert.EnterMultipleScope())
        {
            Assert.That(CanIThrough("viewer", "get", "mongoreplicasets"), Is.EqualTo("yes"));
            Assert.That(CanIThrough("viewer", "patch", "mongoreplicasets"), Is.EqualTo("no"));
            Assert.That(CanIThrough("editor", "patch", "regionmigrations"), Is.EqualTo("yes"));
            Assert.That(CanIThrough("editor", "patch", "regionmigrations", "--subresource=status"), Is.EqualTo("no"));
            Assert.That(CanIThrough("admin", "patch", "regionmigrations"), Is.EqualTo("yes"));
        }
    }

    [Test, Category("Hostile")]
    public async Task Nobody_but_the_operator_writes_a_status_until_the_repair_role_is_bound()
    {
        Apply();
        // The shipped roles by themselves, and the built-in ones that take them in.
        string[] people = ["modestano-operator-viewer-role", "modestano-operator-editor-role", "modestano-operator-admin-role", "view", "edit", "admin"];
        const string Repair = "modestano-operator-status-repair-role";
        foreach (var role in people.Append(Repair))
        {
            Kubectl("create", "rolebinding", $"to-{role}", "-n", "shop", $"--clusterrole={role}", $"--user={role}");
        }

        using var rights = new Rights(_server);
        using (Assert.EnterMultipleScope())
        {
            foreach (var (kind, verb) in from k in ShippedRoles.Manager.Permissions[0].Resources from v in new[] { "get", "update", "patch" } select ($"{k}.{ApiGroup.Name}/status", v))
            {
                foreach (var user in people.Where(_ => verb != "get"))
                {
                    Assert.That(await rights.MayAsync(user, verb, kind, "shop"), Is.False, $"{user}: {verb} {kind}");
                }

                Assert.That(await rights.MayAsync(Repair, verb, kind, "shop"), Is.True, $"the repair role: {verb} {kind}");
                Assert.That(await rights.MayAsync(Rights.Operator, verb, kind, "shop"), Is.EqualTo(verb != "get"), $"the operator: {verb} {kind}");
            }

            foreach (var (kind, user) in from k in ShippedRoles.Manager.Permissions[0].Resources from u in people select ($"{k}.{ApiGroup.Name}", u))
            {
                Assert.That(await rights.MayAsync(user, "get", kind, "shop"), Is.True, $"{user} reads {kind}, its status with it");
            }
        }
    }

    private string CanIThrough(string role, params string[] question)
    {
        Tool.Try("kubectl", ["--kubeconfig", Kubeconfig, "create", "clusterrolebinding", role, $"--clusterrole=modestano-operator-{role}-role", $"--user={role}"]);
        return CanI(["auth", "can-i", .. question, "--as", role, "-n", "shop"]);
    }

    private string CanI(string[] question) => Tool.Try("kubectl", ["--kubeconfig", Kubeconfig, .. question]).Output.Trim();

    private string Apply(params string[] arguments)
    {
        var file = Path.Combine(_folder, "chart.yaml");
        File.WriteAllText(file, Rendered.ChartText(arguments));
        return Kubectl("apply", "--server-side", "--validate=strict", "-f", file);
    }

    private string Kubeconfig => Path.Combine(_folder, "kubeconfig");

    private string Kubectl(params string[] arguments) => Tool.Run("kubectl", ["--kubeconfig", Kubeconfig, .. arguments]);
}
