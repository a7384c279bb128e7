using System.Diagnostics;
using System.Text;
using DnsClient;
using k8s;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.Logging;
using Modestano.Operator;
using Modestano.Operator.Configuration;
using Modestano.Operator.Dns;
using Modestano.Scenarios.Runtime;
using Modestano.Testbed.KubeApi;
using Modestano.Testbed.Route53;

namespace Modestano.Scenarios.Dns;

/// <summary>The operator on an API server and Route 53 in real time, watched with the clients that people use.</summary>
[Category("RealClients")]
public sealed class ClusterScenarios
{
    private KubeApiServer _cluster = null!;
    private EmbeddedRoute53 _route53 = null!;
    private WebApplication _operator = null!;
    private string _kubeconfig = null!;
    private string _zone = null!;

    [SetUp]
    public async Task StartWorld()
    {
        Environment.SetEnvironmentVariable("AWS_ACCESS_KEY_ID", "AKIDEXAMPLE");
        Environment.SetEnvironmentVariable("AWS_SECRET_ACCESS_KEY", "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY");
        _cluster = await KubeApiServer.StartAsync(new KubeApiOptions(), CancellationToken.None);
        _kubeconfig = Path.Combine(Path.GetTempPath(), Path.GetRandomFileName());
        _cluster.WriteKubeconfig(_kubeconfig);
        _route53 = await EmbeddedRoute53.StartAsync(new Route53Options { PropagationDelay = TimeSpan.FromSeconds(1) });
        _zone = _route53.Zones.CreateZone("modestano.test").Id;
        await KubectlAsync("apply", "--server-side", "-f", Path.Combine(Repository(), "config", "crd", "bases"));
        await KubectlAsync("wait", "--for=condition=Established", "crd", "--all", "--timeout=90s");
        _operator = OperatorHost.Build(
            new OperatorOptions { MetricsPort = 0, HealthPort = 0, LeaderElection = false, Identity = "test", LogLevel = LogLevel.Warning, Grants = Granted() },
            KubernetesClientConfiguration.BuildConfigFromConfigFile(new MemoryStream(Encoding.UTF8.GetBytes(_cluster.KubeconfigYaml()))),
            services => services.AddDns());
        await _operator.StartAsync();
    }

    [TearDown]
    public async Task StopWorld()
    {
        await _operator.DisposeAsync();
        await _route53.DisposeAsync();
        await _cluster.DisposeAsync();
        File.Delete(_kubeconfig);
    }

    [Test]
    public async Task A_record_is_applied_shifted_and_deleted_and_kubectl_aws_and_dns_agree()
    {
        await ApplyAsync(Manifest(255, 0));
        await KubectlAsync("wait", "--for=condition=Ready", "wdr/shop", "--timeout=90s");
        Assert.That(await AnswersAsync(20), Is.EqualTo(new[] { "192.0.2.10" }));

        await ApplyAsync(Manifest(0, 255));
        await Eventually.Is(async () => (await KubectlAsync("get", "wdr", "shop", "-o", "jsonpath={.status.summary.served}")) == "eu-west-1:0 eu-west-2:255", "all traffic goes to London", TimeSpan.FromSeconds(60));
        await KubectlAsync("wait", "--for=condition=Ready", "wdr/shop", "--timeout=90s");

        var listed = await AwsAsync("list-resource-record-sets", "--hosted-zone-id", _zone, "--query", "ResourceRecordSets[?Type=='A'].[SetIdentifier,Weight]", "--output", "text");
        Assert.That(listed.Trim().Split('\n'), Is.EqualTo(new[] { "eu-west-1\t0", "eu-west-2\t255" }));
        Assert.That(await AnswersAsync(20), Is.EqualTo(new[] { "198.51.100.10" }));
        Assert.That(_route53.Zones.Log.Select(b => b.Changes.Count(c => c.Action == "CREATE" && c.Set.Type == "A")), Is.EqualTo(new[] { 2, 2, 2 }), "created, half, whole");
        Assert.That(await KubectlAsync("get", "wdr", "shop"), Does.Match(@"shop\s+True\s+shop\.modestano\.test\s+A\s+eu-west-1:0 eu-west-2:255\s+eu-west-1:0 eu-west-2:255\s+True"));
        Assert.That(await KubectlAsync("describe", "wdr", "shop"), Does.Contain("Shifted shop.modestano.test A from eu-west-1:255 eu-west-2:0 to eu-west-1:127 eu-west-2:128").Or.Contain("to eu-west-1:128 eu-west-2:127"));

        await KubectlAsync("delete", "wdr", "shop", "--timeout=90s");
        Assert.That(_route53.Zones.Sets(_zone).Keys.Select(k => k.Type), Is.EquivalentTo(new[] { "NS", "SOA" }));
        Assert.That(_route53.Requests.CountOf("Throttling"), Is.Zero);
    }

    [Test]
    public async Task A_zone_that_does_not_exist_is_a_condition_that_says_what_to_do()
    {
        await ApplyAsync(Manifest(255, 0).Replace(_zone, "Z0NOTGRANTED", StringComparison.Ordinal));
        await KubectlAsync("wait", "--for=condition=Stalled", "wdr/shop", "--timeout=90s");
        Assert.That(await KubectlAsync("get", "wdr", "shop", "-o", "wide"), Does.Contain("does not grant hosted zone Z0NOTGRANTED"));

        Assert.That(await KubectlAsync("delete", "wdr", "shop", "--timeout=90s"), Does.Contain("deleted"), "what was never made need not be removed");
    }

    private Grants Granted() => Grants.None with
    {
        Providers =
        [
            new ProviderGrant
            {
                Name = "production",
                Namespaces = new NamespaceList(["default"]),
                Zones = [_zone],
                NameSuffixes = ["modestano.test"],
                RecordTypes = ["A"],
                Endpoint = _route53.Endpoint,
            },
        ],
    };

    private string Manifest(int ireland, int london) =>
        $$"""
        apiVersion: mongo.modestano.io/v1alpha1
        kind: WeightedDnsRecord
        metadata: {name: shop}
        spec:
          providerRef: {name: production}
          hostedZone: {id: {{_zone}}}
          name: shop.modestano.test
          type: A
          ttl: 1
          deletionPolicy: Delete
          shift: {maxStepPercent: 50, interval: 1s}
          endpoints:
          - {setIdentifier: eu-west-1, region: eu-west-1, weight: {{ireland}}, values: [192.0.2.10]}
          - {setIdentifier: eu-west-2, region: eu-west-2, weight: {{london}}, values: [198.51.100.10]}
        """;

    private async Task ApplyAsync(string manifest)
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

    private async Task<string[]> AnswersAsync(int times)
    {
        var dns = new LookupClient(new LookupClientOptions(_route53.Dns) { UseCache = false });
        var seen = new List<string>();
        for (var i = 0; i < times; i++)
        {
            seen.AddRange((await dns.QueryAsync("shop.modestano.test", QueryType.A)).Answers.ARecords().Select(a => a.Address.ToString()));
        }

        return [.. seen.Distinct()];
    }

    private Task<string> KubectlAsync(params string[] arguments) => RunAsync("kubectl", ["--kubeconfig", _kubeconfig, .. arguments]);

    private Task<string> AwsAsync(params string[] arguments) => RunAsync("aws", ["--region", "eu-west-1", "--endpoint-url", _route53.Endpoint.ToString(), "route53", .. arguments]);

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

    private static string Repository()
    {
        var folder = new DirectoryInfo(TestContext.CurrentContext.TestDirectory);
        while (!File.Exists(Path.Combine(folder.FullName, "Modestano.Operator.sln")))
        {
            folder = folder.Parent ?? throw new InvalidOperationException("the repository's root was not found above the tests");
        }

        return folder.FullName;
    }
}
