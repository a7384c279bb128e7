using Modestano.Testbed.KubeApi;

namespace Modestano.Testbed.Tests.KubeApi;

/// <summary>The real kubectl against the server.</summary>
public sealed class KubectlTests
{
    private const string Widget = """
        apiVersion: example.com/v1alpha1
        kind: Widget
        metadata: {name: w, labels: {app: shop}}
        spec: {title: First, replicas: 2}
        """;

    private KubeApiServer server = null!;
    private Kubectl kubectl = null!;

    [SetUp]
    public async Task StartAsync()
    {
        server = await KubeApiServer.StartAsync(new KubeApiOptions(), CancellationToken.None);
        kubectl = new Kubectl(server);
        await kubectl.RunAsync("apply", "-f", kubectl.Manifest("crd.yaml", await TestServer.EmbeddedText("Schema/widgets.yaml")));
        await kubectl.RunAsync("wait", "--for=condition=Established", "crd/widgets.example.com", "--timeout=60s");
    }

    [TearDown]
    public async Task StopAsync()
    {
        kubectl.Dispose();
        await server.DisposeAsync();
    }

    [Test]
    public async Task Apply_creates_changes_and_leaves_alone()
    {
        var manifest = kubectl.Manifest("w.yaml", Widget);
        Assert.That(await kubectl.RunAsync("apply", "-f", manifest), Is.EqualTo("widget.example.com/w created\n"));
        Assert.That(await kubectl.RunAsync("apply", "-f", manifest), Is.EqualTo("widget.example.com/w unchanged\n"));
        kubectl.Manifest("w.yaml", Widget.Replace("replicas: 2", "replicas: 3", StringComparison.Ordinal));
        var diff = await kubectl.TryAsync("diff", "-f", manifest);
        Assert.That((diff.ExitCode, diff.Output), Is.EqualTo((1, diff.Output)));
        Assert.That(diff.Output, Does.Contain("-  replicas: 2\n+  replicas: 3"));
        Assert.That(await kubectl.RunAsync("apply", "-f", manifest), Is.EqualTo("widget.example.com/w configured\n"));
        Assert.That(await kubectl.RunAsync("get", "wd", "w", "-o", "jsonpath={.spec.replicas}"), Is.EqualTo("3"));
    }

    [Test]
    public async Task Server_side_apply_finds_conflicts_and_forces()
    {
        var manifest = kubectl.Manifest("w.yaml", Widget);
        Assert.That(await kubectl.RunAsync("apply", "--server-side", "-f", manifest), Is.EqualTo("widget.example.com/w serverside-applied\n"));
        await kubectl.RunAsync("patch", "widget", "w", "--type=merge", "--field-manager=other", "-p", """{"spec":{"replicas":5}}""");
        var refused = await kubectl.TryAsync("apply", "--server-side", "-f", manifest);
        Assert.That(refused.Error, Does.Contain("conflict with \"other\" using example.com/v1alpha1: .spec.replicas"));
        await kubectl.RunAsync("apply", "--server-side", "--force-conflicts", "-f", manifest);
        Assert.That(await kubectl.RunAsync("get", "widget", "w", "-o", "jsonpath={.spec.replicas}"), Is.EqualTo("2"));
    }

    [TestCase("spec: {title: First, bogus: 1}", "unknown field \"spec.bogus\"")]
    [TestCase("spec: {title: First, replicas: 11}", "spec.replicas: Invalid value: 11: spec.replicas in body should be less than or equal to 10")]
    [TestCase("spec: {title: First, size: Huge}", "spec.size: Unsupported value: \"Huge\": supported values: \"Small\", \"Medium\", \"Large\"")]
    [TestCase("spec: {title: First, minReplicas: 3, maxReplicas: 2}", "minReplicas must not exceed maxReplicas")]
    [TestCase("spec: {}", "spec.title: Required value")]
    public async Task Bad_input_is_refused_by_field_and_with_what_is_allowed(string spec, string message)
    {
        var manifest = kubectl.Manifest("w.yaml", Widget.Replace("spec: {title: First, replicas: 2}", spec, StringComparison.Ordinal));
        var refused = await kubectl.TryAsync("apply", "-f", manifest);
        Assert.That(refused.ExitCode, Is.EqualTo(1));
        Assert.That(refused.Error, Does.Contain(message));
    }

    [Test]
    public async Task Get_shows_the_columns_and_follows_changes()
    {
        await kubectl.RunAsync("apply", "-f", kubectl.Manifest("w.yaml", Widget));
        Assert.That(await kubectl.RunAsync("get", "widgets", "-o", "wide"), Does.Match(@"NAME +SIZE +REPLICAS +READY +REASON +EXPIRES +FROZEN +RATIO +AGE\nw +Medium +2 "));
        using var watch = kubectl.Start("get", "widgets", "-w");
        Assert.That(await watch.StandardOutput.ReadLineAsync(), Does.StartWith("NAME"));
        Assert.That(await watch.StandardOutput.ReadLineAsync(), Does.Match("^w +Medium +2 "));
        await kubectl.RunAsync("scale", "widget", "w", "--replicas=4");
        Assert.That(await watch.StandardOutput.ReadLineAsync(), Does.Match("^w +Medium +4 "));
        watch.Kill();
        await watch.WaitForExitAsync();
    }

    [Test]
    public async Task Describe_shows_conditions_and_events()
    {
        await kubectl.RunAsync("apply", "-f", kubectl.Manifest("w.yaml", Widget));
        var uid = await kubectl.RunAsync("get", "widget", "w", "-o", "jsonpath={.metadata.uid}");
        await kubectl.RunAsync("patch", "widget", "w", "--subresource=status", "--type=merge", "-p", """{"status":{"conditions":[{"type":"Ready","status":"True","reason":"Ok","message":"fine","lastTransitionTime":"2030-01-02T03:04:05Z"}]}}""");
        await kubectl.RunAsync("create", "-f", kubectl.Manifest("event.yaml", $$"""
            apiVersion: events.k8s.io/v1
            kind: Event
            metadata: {name: w.1, namespace: default}
            eventTime: "2025-01-02T03:04:05.000000Z"
            reportingController: modestano.example/operator
            reportingInstance: operator-0
            action: Reconcile
            reason: MemberAdded
            regarding: {apiVersion: example.com/v1alpha1, kind: Widget, name: w, namespace: default, uid: {{uid}}}
            note: a member was added
            type: Normal
            """));
        var described = await kubectl.RunAsync("describe", "widget", "w");
        Assert.That(described, Does.Contain("Message:               fine"));
        Assert.That(described, Does.Match(@"Normal +MemberAdded .* +modestano\.example/operator +a member was added"));
        Assert.That(await kubectl.RunAsync("events", "--for", "widget/w"), Does.Contain("MemberAdded"));
    }

    [Test]
    public async Task Wait_and_delete_follow_conditions_and_finalizers()
    {
        await kubectl.RunAsync("apply", "-f", kubectl.Manifest("w.yaml", Widget));
        using var waiting = kubectl.Start("wait", "--for=condition=Ready", "widget/w", "--timeout=60s");
        await kubectl.RunAsync("patch", "widget", "w", "--subresource=status", "--type=merge", "-p", """{"status":{"conditions":[{"type":"Ready","status":"True","reason":"Ok","message":"fine","lastTransitionTime":"2030-01-02T03:04:05Z"}]}}""");
        await waiting.WaitForExitAsync();
        Assert.That(waiting.ExitCode, Is.Zero);

        await kubectl.RunAsync("patch", "widget", "w", "--type=merge", "-p", """{"metadata":{"finalizers":["example.com/x"]}}""");
        using var deleting = kubectl.Start("delete", "widget", "w");
        await kubectl.RunAsync("wait", "--for=jsonpath={.metadata.deletionTimestamp}", "widget/w", "--timeout=60s");
        await kubectl.RunAsync("patch", "widget", "w", "--type=merge", "-p", """{"metadata":{"finalizers":null}}""");
        await deleting.WaitForExitAsync();
        Assert.That(deleting.ExitCode, Is.Zero);
    }

    [Test]
    public async Task Explain_knows_custom_and_built_in_kinds()
    {
        Assert.That(await kubectl.RunAsync("explain", "widget.spec.size"), Does.Contain("T-shirt size."));
        Assert.That(await kubectl.RunAsync("explain", "deployment.spec.template.spec.containers"), Does.Contain("image\t<string>"));
        Assert.That(await kubectl.RunAsync("explain", "widget.metadata"), Does.Contain("labels\t<map[string]string>"));
    }

    [Test]
    public async Task Kustomize_applies_and_deletes_several_kinds_at_once()
    {
        kubectl.Manifest("k/kustomization.yaml", "namespace: shop\nresources: [all.yaml]\n");
        kubectl.Manifest("k/all.yaml", $$$"""
            apiVersion: v1
            kind: Namespace
            metadata: {name: shop}
            ---
            {{{Widget}}}
            ---
            apiVersion: apps/v1
            kind: Deployment
            metadata: {name: d}
            spec:
              selector: {matchLabels: {a: b}}
              template:
                metadata: {labels: {a: b}}
                spec:
                  containers:
                  - name: c
                    image: c:1
                    ports: [{containerPort: 80}]
            """);
        var folder = Path.GetDirectoryName(kubectl.Manifest("k/unused", ""))!;
        await kubectl.RunAsync("apply", "-k", folder);
        Assert.That(await kubectl.RunAsync("apply", "-k", folder), Is.EqualTo("namespace/shop unchanged\ndeployment.apps/d unchanged\nwidget.example.com/w unchanged\n"));
        await kubectl.RunAsync("set", "image", "-n", "shop", "deployment/d", "c=c:2");
        Assert.That(await kubectl.RunAsync("get", "deploy", "-n", "shop", "-o", "wide"), Does.Match(@"d +0/1 +0 +0 +\S+ +c +c:2 +a=b"));
        await kubectl.RunAsync("delete", "-k", folder);
        Assert.That((await kubectl.TryAsync("get", "ns", "shop")).Error, Does.Contain("namespaces \"shop\" not found"));
    }

    [Test]
    public async Task Imperative_commands_that_send_protobuf_work()
    {
        await kubectl.RunAsync("create", "namespace", "shop");
        await kubectl.RunAsync("create", "secret", "generic", "s", "--from-literal=password=hush");
        Assert.That(await kubectl.RunAsync("get", "secret", "s", "-o", "jsonpath={.data.password}"), Is.EqualTo("aHVzaA=="));
        await kubectl.RunAsync("create", "configmap", "c", "--from-literal=a=b");
        await kubectl.RunAsync("create", "serviceaccount", "op");
        await kubectl.RunAsync("create", "role", "r", "--verb=get", "--resource=pods");
        await kubectl.RunAsync("create", "rolebinding", "b", "--role=r", "--serviceaccount=default:op");
        Assert.That(await kubectl.RunAsync("auth", "can-i", "get", "pods", "--as=system:serviceaccount:default:op"), Is.EqualTo("yes\n"));
        Assert.That((await kubectl.TryAsync("auth", "can-i", "delete", "pods", "--as=system:serviceaccount:default:op")).Output, Is.EqualTo("no\n"));
        Assert.That(await kubectl.RunAsync("create", "token", "op"), Is.Not.Empty);
        Assert.That(await kubectl.RunAsync("auth", "whoami"), Does.Contain("admin"));
    }

    [Test]
    public async Task A_service_account_runs_under_its_role_only()
    {
        server.AddServiceAccountToken("default", "op");
        using var asAccount = new Kubectl(server, "system:serviceaccount:default:op");
        var refused = await asAccount.TryAsync("get", "widgets");
        Assert.That(refused.Error, Does.Contain("User \"system:serviceaccount:default:op\" cannot list resource \"widgets\" in API group \"example.com\" in the namespace \"default\""));
        await kubectl.RunAsync("create", "role", "r", "--verb=list", "--resource=widgets.example.com");
        await kubectl.RunAsync("create", "rolebinding", "b", "--role=r", "--serviceaccount=default:op");
        Assert.That((await asAccount.TryAsync("get", "widgets")).Error, Does.Contain("No resources found"));
    }
}
