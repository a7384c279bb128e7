using Modestano.Testbed.KubeApi;

namespace Modestano.Testbed.Tests.KubeApi;

/// <summary>
/// A server on which the operator is installed from <c>config/default</c> by the real kubectl, for all tests of a fixture. Each test makes
/// objects of names of its own.
/// </summary>
public abstract class InstalledCluster
{
    /// <summary>Where <c>config/default</c> puts the operator.</summary>
    protected const string SystemNamespace = "modestano-operator-system";

    protected const string OperatorDeployment = "deployment/modestano-operator-controller-manager";

    /// <summary>The user as which the installed operator works.</summary>
    protected const string OperatorAccount = $"system:serviceaccount:{SystemNamespace}:modestano-operator-controller-manager";

    private protected KubeApiServer Server { get; private set; } = null!;

    private protected Kubectl Kubectl { get; private set; } = null!;

    [OneTimeSetUp]
    public async Task InstallAsync()
    {
        Server = await KubeApiServer.StartAsync(new KubeApiOptions(), CancellationToken.None);
        Kubectl = new Kubectl(Server);
        await Kubectl.RunAsync("apply", "--server-side", "-k", Config("default"));
        await Kubectl.RunAsync("wait", "--for=condition=Established", "crd", "--all", "--timeout=60s");
    }

    [OneTimeTearDown]
    public async Task StopAsync()
    {
        Kubectl.Dispose();
        await Server.DisposeAsync();
    }

    /// <summary>A file or folder of <c>config/</c> as it is committed.</summary>
    protected static string Config(string path) => RepositoryRoot.PathOf(Path.Combine("config", path));

    /// <summary>The sample replica set under another name, written to a file.</summary>
    private protected string SampleReplicaSet(string name, Func<string, string>? edit = null)
    {
        var text = File.ReadAllText(Config("samples/marketplace/mongoreplicaset.yaml")).Replace("name: marketplace\n", $"name: {name}\n", StringComparison.Ordinal);
        return Kubectl.Manifest($"{name}.yaml", edit?.Invoke(text) ?? text);
    }

    /// <summary>Runs a command that must fail; the result is what it said.</summary>
    private protected async Task<string> RefusedAsync(params string[] arguments)
    {
        var result = await Kubectl.TryAsync(arguments);
        Assert.That(result.ExitCode, Is.Not.Zero, $"kubectl {string.Join(' ', arguments)}: {result.Output}");
        return result.Error;
    }

    /// <summary>One value of an object.</summary>
    private protected Task<string> ValueAsync(string resource, string path) => Kubectl.RunAsync("get", resource, "-o", $"jsonpath={{{path}}}");
}
