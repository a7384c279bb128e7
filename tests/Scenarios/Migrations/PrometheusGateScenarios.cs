using k8s;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Modestano.Crds.V1Alpha1;
using Modestano.Operator;
using Modestano.Operator.Configuration;
using Modestano.Operator.Migrations.Gates;
using Modestano.Operator.Migrations.Planning;
using Modestano.Scenarios.Runtime;
using Modestano.Testbed.KubeApi;

namespace Modestano.Scenarios.Migrations;

/// <summary>Gates against the real Prometheus, which scrapes the operator itself.</summary>
[CancelAfter(120_000)]
[Category("EmbeddedOnly")]
public sealed class PrometheusGateScenarios
{
    private static readonly (string Query, string? Min, string? Max, string Result, string? Value)[] Table =
    [
        ("sum(up{job='operator'})", "1", null, GateVerdict.Passing, "1"),
        ("sum(up{job='operator'})", null, "0", GateVerdict.Failing, "1"),
        ("sum(up{job='operator'})", "2", "3", GateVerdict.Failing, "1"),
        ("scalar(sum(up)) / 4", "0.2", "0.25", GateVerdict.Passing, "0.25"),
        ("min(process_open_handles{job='operator'}) > bool 0", "1", null, GateVerdict.Passing, "1"),
        ("absent_metric", null, "1", GateVerdict.Unknown, null),
        ("up > 1", null, "1", GateVerdict.Unknown, null),
        ("{job='operator'}", null, "1000", GateVerdict.Unknown, null),
        ("0 / 0", null, "1", GateVerdict.Unknown, null),
        ("up[1m]", null, "1", GateVerdict.Unknown, null),
        ("sum(up", null, "1", GateVerdict.Unknown, null),
    ];

    [Test]
    public async Task Instant_queries_are_judged_by_their_bounds_and_what_yields_no_number_is_unknown()
    {
        await using var server = await KubeApiServer.StartAsync(new KubeApiOptions(), CancellationToken.None);
        var options = new OperatorOptions { BindAddress = "127.0.0.1", MetricsPort = ScrapingPrometheus.FreePort(), HealthPort = 0, Identity = "scraped", LogLevel = LogLevel.Critical };
        await using var scraped = OperatorHost.Build(options, KubernetesClientConfiguration.BuildConfigFromConfigFile(new MemoryStream(System.Text.Encoding.UTF8.GetBytes(server.KubeconfigYaml()))));
        await scraped.StartAsync();
        using var prometheus = new ScrapingPrometheus(options.MetricsPort);
        await using var services = new ServiceCollection().AddHttpClient().BuildServiceProvider();
        var source = new PrometheusGateSource(services.GetRequiredService<IHttpClientFactory>(), Grants.None with
        {
            Prometheus = [new PrometheusGrant { Name = "main", Namespaces = new NamespaceList(["shop"]), Url = prometheus.Url, AllSeries = true }],
        }, TimeProvider.System);

        Assert.That((await EvaluateAsync(source, Table[0])).Result, Is.EqualTo(GateVerdict.Unknown), "a server that does not answer is no data");
        prometheus.Start();
        await Eventually.Is(async () => (await EvaluateAsync(source, Table[0])).Result == GateVerdict.Passing, "the operator is scraped");
        using (Assert.EnterMultipleScope())
        {
            foreach (var row in Table)
            {
                var gate = await EvaluateAsync(source, row);
                Assert.That((gate.Result, gate.Value), Is.EqualTo((row.Result, row.Value)), $"{row.Query} in [{row.Min}, {row.Max}]: {gate.Message}");
                Assert.That(gate.Time, Is.Not.Null, row.Query);
            }
        }

        var first = await EvaluateAsync(source, Table[1], threshold: 2);
        var second = await EvaluateAsync(source, Table[1], threshold: 2, previous: first);
        Assert.That((first.Result, second.Result), Is.EqualTo((GateVerdict.Unknown, GateVerdict.Failing)), "one bad sample of two is not yet a failure");

        prometheus.Stop();
        Assert.That((await EvaluateAsync(source, Table[1], threshold: 2, previous: second)).Result, Is.EqualTo(GateVerdict.Unknown), "what was failing is not known any more");
        await scraped.StopAsync();
    }

    private static async Task<GateStatus> EvaluateAsync(
        PrometheusGateSource source, (string Query, string? Min, string? Max, string Result, string? Value) row, int? threshold = null, GateStatus? previous = null)
    {
        var migration = new RegionMigration
        {
            Metadata = new() { Name = "to-london", NamespaceProperty = "shop" },
            Spec = new RegionMigrationSpec
            {
                Gates = new GatesSpec { Prometheus = [new PrometheusGate { Name = "figure", PrometheusRef = "main", Query = row.Query, Min = row.Min, Max = row.Max, FailureThreshold = threshold }] },
            },
            Status = new RegionMigrationStatus { Gates = previous is null ? null : [previous] },
        };
        var context = new MigrationContext(DateTimeOffset.UtcNow, migration, null, new Dictionary<string, WeightedDnsRecord>(), [], []);
        return (await source.EvaluateAsync(context, "eu-west-2", CancellationToken.None)).Single();
    }
}
