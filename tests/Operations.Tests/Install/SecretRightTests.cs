using System.Text.Json.Nodes;
using Modestano.Testbed.KubeApi;

namespace Modestano.Operations.Tests.Install;

/// <summary>Where the operator may read Secrets, as an API server answers it from what the chart and kustomize install.</summary>
[Category("Hostile")]
public sealed class SecretRightTests
{
    private static readonly string[] Spaces = ["shop", "stock", "default", "kube-system", Rendered.Namespace];

    private string _folder = "";
    private KubeApiServer _server = null!;
    private Rights _rights = null!;

    // Values of the chart, and the namespaces in which Secrets are readable then.
    private static IEnumerable<TestCaseData<string, string>> Installations =>
    [
        new("{}", "") { TestName = "{m}(nothing granted)" },
        new("""{"grants":{"hosts":[{"namespaces":["shop"],"suffixes":["example.internal"]}]}}""", "shop") { TestName = "{m}(one namespace)" },
        new("""{"grants":{"hosts":[{"namespaces":["shop"],"suffixes":["a.internal"]},{"namespaces":["stock","shop"],"suffixes":["b.internal"]}]}}""", "shop stock") { TestName = "{m}(two grants that share a namespace)" },
        new("""{"grants":{"providers":[{"name":"main","namespaces":["*"],"zones":["Z0"],"nameSuffixes":["example.com"]}]}}""", "") { TestName = "{m}(DNS alone needs none)" },
        new("""{"grants":{"hosts":[{"namespaces":["*"],"suffixes":["example.internal"]}]}}""", "shop stock default kube-system modestano-operator-system") { TestName = "{m}(every namespace)" },
        new("""{"grants":{"credentialHostSuffixes":["example.internal"]}}""", "shop stock default kube-system modestano-operator-system") { TestName = "{m}(as it was written before)" },
        new("""{"watchNamespaces":["shop","stock"]}""", "") { TestName = "{m}(watched namespaces and nothing granted)" },
        new("""{"watchNamespaces":["shop"],"grants":{"hosts":[{"namespaces":["shop","default"],"suffixes":["example.internal"]}]}}""", "shop") { TestName = "{m}(a granted namespace that is not watched)" },
        new("""{"watchNamespaces":["shop","stock"],"grants":{"hosts":[{"namespaces":["*"],"suffixes":["example.internal"]}]}}""", "shop stock") { TestName = "{m}(every watched namespace)" },
    ];

    [SetUp]
    public async Task Start()
    {
        _folder = Directory.CreateTempSubdirectory("modestano-secrets-").FullName;
        _server = await KubeApiServer.StartAsync(new KubeApiOptions(), CancellationToken.None);
        _server.WriteKubeconfig(Path.Combine(_folder, "kubeconfig"));
        _rights = new Rights(_server);
        foreach (var ns in new[] { Rendered.Namespace, "shop", "stock" })
        {
            Kubectl("create", "namespace", ns);
        }
    }

    [TearDown]
    public async Task Stop()
    {
        _rights.Dispose();
        await _server.DisposeAsync();
        Directory.Delete(_folder, recursive: true);
    }

    [TestCaseSource(nameof(Installations))]
    public async Task Secrets_are_read_only_in_the_namespaces_that_hosts_are_granted_to(string values, string readable)
    {
        var file = Path.Combine(_folder, "values.json");
        File.WriteAllText(file, values);
        var chart = Path.Combine(_folder, "chart.yaml");
        File.WriteAllText(chart, Rendered.ChartText("--values", file));
        Kubectl("apply", "--server-side", "--validate=strict", "-f", chart);

        Assert.That(await WhereAsync("get"), Is.EqualTo(readable));
        foreach (var verb in (string[])["list", "watch", "create", "update", "patch", "delete"])
        {
            Assert.That(await WhereAsync(verb), Is.Empty, $"{verb}: by name and nothing else");
        }

        if (!values.Contains("watchNamespaces", StringComparison.Ordinal))
        {
            Assert.That(await _rights.MayAsync(Rights.Operator, "get", "mongoreplicasets.mongo.modestano.io", "default"), Is.True, "it is about Secrets alone");
        }
    }

    [Test]
    public async Task Kustomize_lets_Secrets_be_read_where_its_folder_for_them_is_applied()
    {
        Kubectl("apply", "--server-side", "--validate=strict", "-k", Repository.PathOf("config/default"));
        Assert.That(await WhereAsync("get"), Is.Empty, "nothing is granted yet");

        Kubectl("apply", "--server-side", "--validate=strict", "-n", "shop", "-k", Repository.PathOf("config/rbac/secrets"));
        Assert.That(await WhereAsync("get"), Is.EqualTo("shop"));

        // As a kustomization of one's own has it.
        var overlay = Directory.CreateDirectory(Path.Combine(_folder, "stock")).FullName;
        File.WriteAllText(Path.Combine(overlay, "kustomization.yaml"), $"namespace: stock\nresources:\n- {Path.GetRelativePath(overlay, Repository.PathOf("config/rbac/secrets"))}\n");
        Kubectl("apply", "--server-side", "--validate=strict", "-k", overlay);
        Assert.That(await WhereAsync("get"), Is.EqualTo("shop stock"));

        Kubectl("apply", "--server-side", "--validate=strict", "-k", Repository.PathOf("config/rbac/secrets-everywhere"));
        Assert.That(await WhereAsync("get"), Is.EqualTo(string.Join(' ', Spaces)));
    }

    [Test]
    public void Both_ways_to_install_give_a_namespace_the_same()
    {
        var kustomized = Rendered.Kustomize("config/rbac/secrets");
        var charted = Rendered.Charted("--set-json", """grants.hosts=[{"namespaces":["shop"],"suffixes":["example.internal"]}]""").Where(o => Rendered.Name(o).Contains("secrets-role", StringComparison.Ordinal)).ToList();
        Assert.That(charted.Select(What), Is.EqualTo(kustomized.Select(What)).And.Exactly(2).Items);

        static string What(JsonObject o) => string.Join(' ', Rendered.Kind(o), Rendered.Name(o), Repository.Canonical(o["rules"]), Repository.Canonical(o["roleRef"]), Repository.Canonical(o["subjects"]));
    }

    private async Task<string> WhereAsync(string verb)
    {
        var found = new List<string>();
        foreach (var ns in Spaces)
        {
            if (await _rights.MayAsync(Rights.Operator, verb, "secrets", ns))
            {
                found.Add(ns);
            }
        }

        return string.Join(' ', found);
    }

    private void Kubectl(params string[] arguments) => Tool.Run("kubectl", ["--kubeconfig", Path.Combine(_folder, "kubeconfig"), .. arguments]);
}
