using System.Net;
using System.Net.Http.Headers;
using System.Net.Sockets;
using k8s;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;
using Modestano.Operator;
using Modestano.Operator.Configuration;
using Modestano.Operator.Observability.Scraping;
using Modestano.Testbed.KubeApi;

namespace Modestano.Operations.Tests.Scraping;

/// <summary>/metrics with <c>--metrics-secure</c>: TLS, and tokens that the API server reviews. The operator has the shipped roles and no other.</summary>
[CancelAfter(60_000)]
public sealed class SecureMetricsTests
{
    private string _folder = "";
    private KubeApiServer _server = null!;
    private KubernetesClientConfiguration _asOperator = null!;
    private string _prometheus = "";
    private string _stranger = "";

    [SetUp]
    public async Task Start()
    {
        _folder = Directory.CreateTempSubdirectory("modestano-metrics-").FullName;
        _server = await KubeApiServer.StartAsync(new KubeApiOptions(), CancellationToken.None);
        _server.WriteKubeconfig(Path.Combine(_folder, "admin"));
        Kubectl("create", "namespace", "system");
        Kubectl("create", "namespace", "monitoring");
        Kubectl("apply", "-k", Repository.PathOf("config/rbac"));
        Kubectl("create", "clusterrolebinding", "scrape", "--clusterrole=metrics-reader", "--serviceaccount=monitoring:prometheus");
        _prometheus = _server.AddServiceAccountToken("monitoring", "prometheus");
        _stranger = _server.AddServiceAccountToken("monitoring", "stranger");
        _server.AddServiceAccountToken("system", "controller-manager");
        _server.WriteKubeconfig(Path.Combine(_folder, "operator"), "system:serviceaccount:system:controller-manager");
        _asOperator = KubernetesClientConfiguration.BuildConfigFromConfigFile(Path.Combine(_folder, "operator"));
    }

    [TearDown]
    public async Task Stop()
    {
        await _server.DisposeAsync();
        Directory.Delete(_folder, recursive: true);
    }

    [Test]
    public async Task Who_may_get_metrics_gets_them_and_nobody_else()
    {
        var options = new OperatorOptions { BindAddress = "127.0.0.1", MetricsPort = FreePort(), HealthPort = 0, MetricsSecure = true, Identity = "test", LogLevel = LogLevel.Critical };
        await using var app = OperatorHost.Build(options, _asOperator);
        await app.StartAsync();
        var url = new Uri($"https://127.0.0.1:{options.MetricsPort}/metrics");
        using var plain = new HttpClient();
        var (allowed, body) = await GetAsync(url, _prometheus);
        using (Assert.EnterMultipleScope())
        {
            Assert.That(allowed, Is.EqualTo(HttpStatusCode.OK));
            Assert.That(body, Does.Contain("controller_runtime_reconcile_total"));
            Assert.That((await GetAsync(url, null)).Code, Is.EqualTo(HttpStatusCode.Unauthorized));
            Assert.That((await GetAsync(url, "made-up")).Code, Is.EqualTo(HttpStatusCode.Unauthorized));
            Assert.That((await GetAsync(url, _stranger)).Code, Is.EqualTo(HttpStatusCode.Forbidden));
            Assert.That(async () => await plain.GetAsync(new Uri($"http://127.0.0.1:{options.MetricsPort}/metrics")), Throws.InstanceOf<HttpRequestException>());
        }

        await GetAsync(url, _prometheus);
        Assert.That(_server.Requests.Total("create", "tokenreviews"), Is.EqualTo(3), "one for each token, however often it scrapes");

        await _server.Faults.TakeDownAsync();
        Assert.That((await GetAsync(url, "another")).Code, Is.EqualTo(HttpStatusCode.ServiceUnavailable), "who cannot be asked about is not let in");
        await app.StopAsync();
    }

    [Test]
    public async Task A_right_that_is_taken_away_ends_within_a_minute_and_one_that_is_given_counts_within_ten_seconds()
    {
        var time = new FakeTimeProvider();
        using var client = new Kubernetes(_asOperator);
        var review = new ScrapeReview(client, time, NullLogger<ScrapeReview>.Instance);
        Assert.That(await AskAsync(_prometheus), Is.EqualTo(ScrapeVerdict.Allowed));
        Assert.That(await AskAsync(_stranger), Is.EqualTo(ScrapeVerdict.Forbidden));

        Kubectl("delete", "clusterrolebinding", "scrape");
        Kubectl("create", "clusterrolebinding", "scrape2", "--clusterrole=metrics-reader", "--serviceaccount=monitoring:stranger");
        time.Advance(TimeSpan.FromSeconds(10));
        Assert.That(await AskAsync(_stranger), Is.EqualTo(ScrapeVerdict.Allowed));
        time.Advance(TimeSpan.FromSeconds(50));
        Assert.That(await AskAsync(_prometheus), Is.EqualTo(ScrapeVerdict.Forbidden));

        Task<ScrapeVerdict> AskAsync(string token) => review.DecideAsync($"Bearer {token}", "/metrics", CancellationToken.None);
    }

    private static async Task<(HttpStatusCode Code, string Body)> GetAsync(Uri url, string? token)
    {
        using var handler = new HttpClientHandler { ServerCertificateCustomValidationCallback = HttpClientHandler.DangerousAcceptAnyServerCertificateValidator };
        using var client = new HttpClient(handler);
        client.DefaultRequestHeaders.Authorization = token is null ? null : new AuthenticationHeaderValue("Bearer", token);
        using var response = await client.GetAsync(url);
        return (response.StatusCode, await response.Content.ReadAsStringAsync());
    }

    private static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }

    private void Kubectl(params string[] arguments) => Tool.Run("kubectl", ["--kubeconfig", Path.Combine(_folder, "admin"), .. arguments]);
}
