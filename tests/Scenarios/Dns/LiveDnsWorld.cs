using System.Diagnostics;
using System.Text;
using k8s;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.Logging;
using Modestano.Operator;
using Modestano.Operator.Configuration;
using Modestano.Operator.Dns;
using Modestano.Testbed.KubeApi;
using Modestano.Testbed.Route53;

namespace Modestano.Scenarios.Dns;

/// <summary>The operator's DNS side with an embedded API server and Route 53, in real time and over real connections.</summary>
internal sealed class LiveDnsWorld : IAsyncDisposable
{
    private readonly KubeApiServer _cluster;
    private WebApplication? _operator;

    private LiveDnsWorld(KubeApiServer cluster, EmbeddedRoute53 route53)
    {
        (_cluster, Route53) = (cluster, route53);
        cluster.WriteKubeconfig(Kubeconfig);
        Zone = route53.Zones.CreateZone("modestano.test").Id;
        Kubernetes = new Kubernetes(Connection());
    }

    /// <summary>The path of a kubeconfig for the API server.</summary>
    public string Kubeconfig { get; } = Path.Combine(Path.GetTempPath(), Path.GetRandomFileName());

    public EmbeddedRoute53 Route53 { get; }

    /// <summary>The id of <c>modestano.test</c>.</summary>
    public string Zone { get; }

    public IKubernetes Kubernetes { get; }

    /// <param name="options">How Route 53 behaves.</param>
    /// <param name="withOperator">Whether the operator runs in this process.</param>
    public static async Task<LiveDnsWorld> StartAsync(Route53Options options, bool withOperator = true)
    {
        Environment.SetEnvironmentVariable("AWS_ACCESS_KEY_ID", "AKIDEXAMPLE");
        Environment.SetEnvironmentVariable("AWS_SECRET_ACCESS_KEY", "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY");
        var world = new LiveDnsWorld(await KubeApiServer.StartAsync(new KubeApiOptions(), CancellationToken.None), await EmbeddedRoute53.StartAsync(options));
        await world.KubectlAsync("apply", "--server-side", "-f", Path.Combine(RepositoryRoot.PathOf(), "config", "crd", "bases"));
        await world.KubectlAsync("wait", "--for=condition=Established", "crd", "--all", "--timeout=90s");
        if (!withOperator)
        {
            return world;
        }

        world._operator = OperatorHost.Build(
            new OperatorOptions { MetricsPort = 0, HealthPort = 0, LeaderElection = false, Identity = "test", LogLevel = LogLevel.Warning, Grants = world.Granted(options.RequestsPerSecond) },
            world.Connection(),
            services => services.AddDns());
        await world._operator.StartAsync();
        return world;
    }

    public async ValueTask DisposeAsync()
    {
        if (_operator is not null)
        {
            await _operator.DisposeAsync();
        }

        Kubernetes.Dispose();
        await Route53.DisposeAsync();
        await _cluster.DisposeAsync();
        File.Delete(Kubeconfig);
    }

    public async Task ApplyAsync(string manifest)
    {
        var file = Path.Combine(Path.GetTempPath(), Path.GetRandomFileName() + ".yaml");
        await File.WriteAllTextAsync(file, manifest);
        try
        {
            await KubectlAsync("apply", "-f", file);
        }
        finally
        {
            File.Delete(file);
        }
    }

    public Task<string> KubectlAsync(params string[] arguments) => RunAsync("kubectl", ["--kubeconfig", Kubeconfig, .. arguments]);

    public Task<string> AwsAsync(params string[] arguments) => RunAsync("aws", ["--region", "eu-west-1", "--endpoint-url", Route53.Endpoint.ToString(), "route53", .. arguments]);

    private KubernetesClientConfiguration Connection() =>
        KubernetesClientConfiguration.BuildConfigFromConfigFile(new MemoryStream(Encoding.UTF8.GetBytes(_cluster.KubeconfigYaml())));

    private Grants Granted(int? rate) => Grants.None with
    {
        Providers =
        [
            new ProviderGrant
            {
                Name = "production",
                Namespaces = new NamespaceList(["default"]),
                Zones = [Zone],
                NameSuffixes = ["modestano.test"],
                RecordTypes = ["A", "TXT"],
                Endpoint = Route53.Endpoint,
                RequestsPerSecond = (rate ?? 5) * 0.8,
            },
        ],
    };

    private static async Task<string> RunAsync(string command, string[] arguments)
    {
        var start = new ProcessStartInfo(command, arguments) { RedirectStandardOutput = true, RedirectStandardError = true };
        using var process = Process.Start(start) ?? throw new InvalidOperationException($"{command} does not start");
        var errors = process.StandardError.ReadToEndAsync();
        var output = await process.StandardOutput.ReadToEndAsync();
        await process.WaitForExitAsync();
        Assert.That(process.ExitCode, Is.Zero, $"{command} {string.Join(' ', arguments)}: {await errors}{output}");
        return output;
    }
}
