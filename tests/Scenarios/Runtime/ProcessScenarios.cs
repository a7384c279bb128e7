using System.Diagnostics;
using System.Text;
using k8s;
using k8s.Autorest;
using Modestano.Crds.Generation;
using Modestano.Testbed.KubeApi;

namespace Modestano.Scenarios.Runtime;

/// <summary>The shipped program: how it starts, stops and is replaced.</summary>
[CancelAfter(120_000)]
[Category("EmbeddedOnly")]
public sealed class ProcessScenarios
{
    private readonly string _folder = Directory.CreateTempSubdirectory("modestano-").FullName;
    private KubeApiServer _server = null!;
    private Kubernetes _client = null!;

    [OneTimeSetUp]
    public async Task Start()
    {
        _server = await KubeApiServer.StartAsync(new KubeApiOptions(), CancellationToken.None);
        _client = new Kubernetes(KubernetesClientConfiguration.BuildConfigFromConfigFile(new MemoryStream(Encoding.UTF8.GetBytes(_server.KubeconfigYaml()))));
        _server.WriteKubeconfig(Kubeconfig);
        await InstallDefinitionsAsync();
    }

    [OneTimeTearDown]
    public async Task Stop()
    {
        _client.Dispose();
        await _server.DisposeAsync();
        Directory.Delete(_folder, recursive: true);
    }

    [Test]
    public async Task A_configuration_that_is_not_usable_ends_the_process_with_code_2_and_says_why()
    {
        var (code, log) = await OperatorProcess.RunAsync("run", "--kubeconfig", "/nonexistent", "--workers", "many", "--metrics-port", "80800");
        Assert.That(code, Is.EqualTo(2));
        Assert.That(log, Does.Contain("--workers: 'many'").And.Contain("--metrics-port: '80800'"));
    }

    [Test]
    public async Task A_kubeconfig_that_is_missing_is_named()
    {
        var (code, log) = await OperatorProcess.RunAsync("run", "--kubeconfig", "/nonexistent");
        Assert.That(code, Is.EqualTo(2));
        Assert.That(log, Does.Contain("--kubeconfig: '/nonexistent'"));
    }

    [Test]
    public async Task The_help_names_every_setting_with_its_variable()
    {
        var (code, log) = await OperatorProcess.RunAsync("--help");
        Assert.That(code, Is.Zero);
        Assert.That(log, Does.Contain("--lease-duration").And.Contain("MODESTANO_LEASE_DURATION").And.Contain("crds"));
    }

    [Test]
    public async Task Definitions_that_are_missing_are_waited_for_and_named()
    {
        await using var empty = await KubeApiServer.StartAsync(new KubeApiOptions(), CancellationToken.None);
        var kubeconfig = Path.Combine(_folder, "empty");
        empty.WriteKubeconfig(kubeconfig);
        await using var one = OperatorProcess.Start("run", "--kubeconfig", kubeconfig, "--metrics-port", "0", "--health-port", "0");
        await Eventually.Is(() => one.Log.Contains("is the custom resource definition installed?", StringComparison.Ordinal), "the log tells what is missing");
        await one.TerminateAsync();
        Assert.That(await one.ExitAsync(), Is.Zero, one.Log);
    }

    [Test]
    public async Task On_sigterm_the_process_releases_its_lease_and_ends_with_code_0()
    {
        await using var one = StartOperator("graceful");
        await Eventually.Is(async () => await HolderAsync("graceful") is not null, "it leads");
        await one.TerminateAsync();
        Assert.That(await one.ExitAsync(), Is.Zero, one.Log);
        Assert.That((await _client.CoordinationV1.ReadNamespacedLeaseAsync("graceful", "default")).Spec.LeaseDurationSeconds, Is.EqualTo(1), one.Log);
    }

    [Test]
    public async Task After_a_sigkill_the_other_replica_takes_over_when_the_lease_has_run_out()
    {
        await using var one = StartOperator("killed");
        await Eventually.Is(async () => await HolderAsync("killed") is not null, "one leads");
        var first = await HolderAsync("killed");
        await using var two = StartOperator("killed");
        await Eventually.Is(() => two.Log.Contains("All kinds are listed", StringComparison.Ordinal), "the other one is ready");
        Assert.That(two.Log, Does.Not.Contain("Leading as"));

        one.Kill();
        var gap = await Eventually.Is(async () => await HolderAsync("killed") != first, "the other one leads");
        Assert.That(gap, Is.LessThan(TimeSpan.FromSeconds(14)), "by the lease of four seconds, not by the usual one of fifteen");
        await Eventually.Is(() => two.Log.Contains("Leading as", StringComparison.Ordinal), "it works");
    }

    private string Kubeconfig => Path.Combine(_folder, "kubeconfig");

    private OperatorProcess StartOperator(string lease) => OperatorProcess.Start(
        "run", "--kubeconfig", Kubeconfig, "--metrics-port", "0", "--health-port", "0", "--lease-name", lease,
        "--lease-duration", "4s", "--lease-renew-deadline", "3s", "--lease-retry-period", "500ms");

    private async Task<string?> HolderAsync(string lease)
    {
        try
        {
            return (await _client.CoordinationV1.ReadNamespacedLeaseAsync(lease, "default")).Spec.HolderIdentity;
        }
        catch (HttpOperationException e) when (e.Response.StatusCode == System.Net.HttpStatusCode.NotFound)
        {
            return null;
        }
    }

    private async Task InstallDefinitionsAsync()
    {
        foreach (var (fileName, yaml) in CrdManifests.All())
        {
            var path = Path.Combine(_folder, fileName);
            await File.WriteAllTextAsync(path, yaml);
            using var kubectl = Process.Start(new ProcessStartInfo("kubectl", ["--kubeconfig", Kubeconfig, "create", "-f", path]) { RedirectStandardOutput = true, RedirectStandardError = true })!;
            var error = await kubectl.StandardError.ReadToEndAsync();
            await kubectl.WaitForExitAsync();
            Assert.That(kubectl.ExitCode, Is.Zero, error);
        }
    }
}
