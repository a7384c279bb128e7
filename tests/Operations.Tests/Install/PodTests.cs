using System.Text.Json.Nodes;

namespace Modestano.Operations.Tests.Install;

/// <summary>What the installed pods may and may not do. Kustomize's are looked at; <see cref="SameObjectsTests"/> holds the chart to them.</summary>
public sealed class PodTests
{
    private static JsonNode Pod => Rendered.Pod(Rendered.Kustomized);

    private static JsonNode Container => Rendered.Container(Rendered.Kustomized);

    [TestCase("config/crd")]
    [TestCase("config/prometheus")]
    [TestCase("config/samples")]
    [TestCase("config/samples/demo")]
    public void Kustomize_builds_it(string folder) => Assert.That(Rendered.Kustomize(folder), Is.Not.Empty);

    [Test]
    public void Two_replicas_share_a_lease_and_do_not_leave_together()
    {
        var deployment = Rendered.Kustomized.Single(o => Rendered.Kind(o) == "Deployment");
        var budget = Rendered.Kustomized.Single(o => Rendered.Kind(o) == "PodDisruptionBudget");
        using (Assert.EnterMultipleScope())
        {
            Assert.That((int)deployment["spec"]!["replicas"]!, Is.EqualTo(2));
            Assert.That(Arguments(), Has.None.Contains("leader-election"), "on unless somebody turns it off");
            Assert.That((int)budget["spec"]!["maxUnavailable"]!, Is.EqualTo(1));
            Assert.That(Repository.Canonical(budget["spec"]!["selector"]), Is.EqualTo(Repository.Canonical(deployment["spec"]!["selector"])));
            Assert.That(Pod["topologySpreadConstraints"]!.AsArray().Select(c => (string)c!["topologyKey"]!), Is.EqualTo(new[] { "topology.kubernetes.io/zone", "kubernetes.io/hostname" }));
        }
    }

    [Test]
    public void It_satisfies_the_restricted_pod_security_standard_that_its_namespace_enforces()
    {
        var ns = Rendered.Kustomized.Single(o => Rendered.Kind(o) == "Namespace");
        using (Assert.EnterMultipleScope())
        {
            Assert.That((string?)ns["metadata"]!["labels"]!["pod-security.kubernetes.io/enforce"], Is.EqualTo("restricted"));
            Assert.That((bool?)Pod["securityContext"]!["runAsNonRoot"], Is.True);
            Assert.That((string?)Pod["securityContext"]!["seccompProfile"]!["type"], Is.EqualTo("RuntimeDefault"));
            Assert.That((bool?)Container["securityContext"]!["allowPrivilegeEscalation"], Is.False);
            Assert.That((bool?)Container["securityContext"]!["readOnlyRootFilesystem"], Is.True);
            Assert.That(Repository.Canonical(Container["securityContext"]!["capabilities"]), Is.EqualTo("""{"drop":["ALL"]}"""));
            Assert.That(new[] { "hostNetwork", "hostPID", "hostIPC" }.Select(f => Pod[f]), Has.All.Null);
            Assert.That(Pod["volumes"]!.AsArray().Where(v => v!["hostPath"] is not null), Is.Empty);
        }
    }

    [Test]
    public void It_has_probes_requests_a_memory_limit_and_a_priority()
    {
        var priority = Rendered.Kustomized.Single(o => Rendered.Kind(o) == "PriorityClass");
        using (Assert.EnterMultipleScope())
        {
            Assert.That((string?)Container["livenessProbe"]!["httpGet"]!["path"], Is.EqualTo("/healthz"));
            Assert.That((string?)Container["readinessProbe"]!["httpGet"]!["path"], Is.EqualTo("/readyz"));
            Assert.That(Container["resources"]!["requests"]!.AsObject().Select(r => r.Key), Is.EquivalentTo(new[] { "cpu", "memory" }));
            Assert.That(Container["resources"]!["limits"]!["memory"], Is.Not.Null);
            Assert.That((string?)Pod["priorityClassName"], Is.EqualTo(Rendered.Name(priority)));
        }
    }

    [Test]
    public void Only_metrics_and_probes_come_in()
    {
        var policy = Rendered.Kustomized.Single(o => Rendered.Kind(o) == "NetworkPolicy")["spec"]!;
        using (Assert.EnterMultipleScope())
        {
            Assert.That(policy["ingress"]!.AsArray().SelectMany(r => r!["ports"]!.AsArray()).Select(p => (string)p!["port"]!), Is.EqualTo(new[] { "metrics", "health" }));
            Assert.That(Container["ports"]!.AsArray().Select(p => (string)p!["name"]!), Is.EqualTo(new[] { "metrics", "health" }));
            Assert.That(Arguments(), Has.Member("--metrics-secure=true"));
        }
    }

    [Test]
    public void Every_binding_names_the_service_account_that_the_pods_use()
    {
        var account = Rendered.Kustomized.Single(o => Rendered.Kind(o) == "ServiceAccount")["metadata"]!;
        var subjects = Rendered.Kustomized.Where(o => Rendered.Kind(o).EndsWith("RoleBinding", StringComparison.Ordinal)).SelectMany(o => o["subjects"]!.AsArray()).ToList();
        Assert.That(subjects.Select(s => $"{s!["namespace"]}/{s["name"]}").ToList(), Has.Count.EqualTo(4).And.All.EqualTo($"{account["namespace"]}/{account["name"]}"));
        Assert.That((string?)Pod["serviceAccountName"], Is.EqualTo((string?)account["name"]));
    }

    private static List<string> Arguments() => [.. Container["args"]!.AsArray().Select(a => (string)a!)];
}
