using Modestano.Testbed.KubeApi;

namespace Modestano.Crds.Tests;

/// <summary>What people see of the three kinds with an unmodified kubectl.</summary>
public sealed class KubectlTests
{
    private readonly string folder = Directory.CreateTempSubdirectory("modestano-kubectl-").FullName;
    private KubeApiServer server = null!;

    private string Kubeconfig => Path.Combine(folder, "kubeconfig");

    [OneTimeSetUp]
    public async Task Start_a_server_with_definitions_and_samples()
    {
        server = await KubeApiServer.StartAsync(new KubeApiOptions(), CancellationToken.None);
        server.WriteKubeconfig(Kubeconfig);
        Kubectl("apply", "--server-side", "-k", Repository.PathOf("config/crd"));
        Kubectl("wait", "--for=condition=Established", "--timeout=30s", "crd", "--all");
        Kubectl("apply", "-k", Repository.PathOf("config/samples"));
    }

    [OneTimeTearDown]
    public async Task Stop_the_server()
    {
        await server.DisposeAsync();
        Directory.Delete(folder, true);
    }

    [Test]
    public void Applying_the_samples_again_changes_nothing() => Assert.That(
        // kubectl calls every Secret with stringData configured, as the server never gives that field back.
        Kubectl("apply", "-k", Repository.PathOf("config/samples")).TrimEnd().Split('\n').Where(l => !l.StartsWith("secret/", StringComparison.Ordinal)),
        Has.All.EndsWith("unchanged"));

    [TestCase("mrs", "marketplace")]
    [TestCase("wdr", "shop")]
    [TestCase("rmig", "ireland-to-london")]
    public void A_short_name_lists_the_kind(string shortName, string name) =>
        Assert.That(Kubectl("get", shortName), Does.Match($@"NAME\s+READY\s.*AGE\s*\n{name}\s"));

    [Test]
    public void The_category_lists_all_three() => Assert.That(
        Kubectl("get", "modestano", "--output=name").TrimEnd().Split('\n'),
        Is.EquivalentTo(new[]
        {
            "mongoreplicaset.mongo.modestano.io/marketplace",
            "weighteddnsrecord.mongo.modestano.io/shop",
            "regionmigration.mongo.modestano.io/ireland-to-london",
        }));

    [Test]
    public void Explain_tells_what_a_field_is_for() => Assert.That(
        Kubectl("explain", "mrs.spec.reconfiguration.stabilizationWindow"),
        Does.Contain("A member counts as caught up after it has been healthy and close for this"));

    [Test]
    public void Defaults_are_filled_in() => Assert.That(
        Kubectl("get", "mrs", "marketplace", "--output=jsonpath={.spec.reconfiguration.mode} {.spec.bootstrap} {.spec.connection.mechanism}"),
        Is.EqualTo("Apply Never SCRAM-SHA-256"));

    [TestCase("wdr", "shop", """[{"op": "replace", "path": "/spec/endpoints/0/weight", "value": 256}]""", "spec.endpoints[0].weight in body should be less than or equal to 255")]
    [TestCase("mrs", "marketplace", """[{"op": "replace", "path": "/spec/regions/0/members/0/host", "value": "mongo-1"}]""", "host must be host:port")]
    [TestCase("mrs", "marketplace", """[{"op": "replace", "path": "/spec/replicaSetName", "value": "rs1"}]""", "replicaSetName cannot be changed")]
    [TestCase("rmig", "ireland-to-london", """[{"op": "replace", "path": "/spec/to", "value": "eu-west-3"}]""", "to cannot be changed: make a new migration")]
    public void A_wrong_change_is_refused(string kind, string name, string patch, string message)
    {
        var (exitCode, _, error) = Try("patch", kind, name, "--type=json", "--patch", patch);
        Assert.That(exitCode, Is.Not.Zero);
        Assert.That(error, Does.Contain(message));
    }

    [Test]
    public void A_misspelt_field_is_refused_by_name()
    {
        var manifest = Path.Combine(folder, "misspelt.yaml");
        File.WriteAllText(manifest, Repository.Read("config/samples/marketplace/weighteddnsrecord.yaml").Replace("ttl:", "tlt:", StringComparison.Ordinal));
        var (exitCode, _, error) = Try("apply", "--filename", manifest);
        Assert.That(exitCode, Is.Not.Zero);
        Assert.That(error, Does.Contain("unknown field \"spec.tlt\""));
    }

    private string Kubectl(params string[] arguments)
    {
        var (exitCode, output, error) = Try(arguments);
        Assert.That(exitCode, Is.Zero, $"kubectl {string.Join(' ', arguments)}: {error}");
        return output;
    }

    private (int ExitCode, string Output, string Error) Try(params string[] arguments) =>
        Tool.Try("kubectl", [$"--kubeconfig={Kubeconfig}", $"--cache-dir={folder}/cache", .. arguments]);
}
