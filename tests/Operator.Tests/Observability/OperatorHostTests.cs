using System.Net;
using System.Net.Sockets;
using k8s;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Time.Testing;
using Modestano.Operator.Configuration;
using Modestano.Operator.Runtime;
using Modestano.Operator.Runtime.Hosting;
using Modestano.Operator.Runtime.Informers;

namespace Modestano.Operator.Tests.Observability;

[CancelAfter(20_000)]
public sealed class OperatorHostTests
{
    [Test]
    public async Task Every_service_of_every_domain_can_be_made()
    {
        await using var app = Build(new OperatorOptions { MetricsPort = 0, HealthPort = 0, Identity = "test" }, OperatorHost.AddDomains);
        Assert.That(app.Services.GetServices<Microsoft.Extensions.Hosting.IHostedService>(), Is.Not.Empty);
    }

    [Test]
    public async Task Health_and_metrics_are_told_each_on_its_own_port()
    {
        var options = new OperatorOptions { BindAddress = "127.0.0.1", MetricsPort = FreePort(), HealthPort = FreePort(), Identity = "test", LogLevel = LogLevel.Critical };
        await using var app = Build(options, _ => { });
        await app.StartAsync();
        using var client = new HttpClient();
        Assert.That(await StatusOf(client, options.HealthPort, "/healthz"), Is.EqualTo(HttpStatusCode.OK));
        Assert.That(await StatusOf(client, options.HealthPort, "/metrics"), Is.EqualTo(HttpStatusCode.NotFound));
        Assert.That(await StatusOf(client, options.MetricsPort, "/healthz"), Is.EqualTo(HttpStatusCode.NotFound));
        Assert.That(await client.GetStringAsync(new Uri($"http://127.0.0.1:{options.MetricsPort}/metrics")), Does.Contain("controller_runtime_reconcile_total").And.Contain("workqueue_depth"));

        app.Services.GetRequiredService<RuntimeState>().Break("a worker died");
        Assert.That(await StatusOf(client, options.HealthPort, "/healthz"), Is.EqualTo(HttpStatusCode.ServiceUnavailable));
        await app.StopAsync();
    }

    [Test]
    public async Task A_replica_is_ready_once_every_kind_is_listed_and_for_as_long_as_it_can_be()
    {
        var time = new FakeTimeProvider();
        var options = new OperatorOptions { BindAddress = "127.0.0.1", MetricsPort = 0, HealthPort = FreePort(), Identity = "test", LogLevel = LogLevel.Critical };
        await using var app = Build(options, services => services.AddInformer<Runtime.Widget>().AddSingleton<TimeProvider>(time));
        await app.StartAsync();
        using var client = new HttpClient();
        Assert.That(await StatusOf(client, options.HealthPort, "/readyz"), Is.EqualTo(HttpStatusCode.ServiceUnavailable), "nothing can be listed from a port that nobody listens on");
        app.Services.GetRequiredService<RuntimeState>().Ready();
        Assert.That(await StatusOf(client, options.HealthPort, "/readyz"), Is.EqualTo(HttpStatusCode.OK));

        var gadgets = app.Services.GetRequiredService<Sight>().Of(new EntityKind("example.com", "v1", "gadgets", "Gadget"), null);
        gadgets.Listed();
        gadgets.Failed(time.GetTimestamp() - (long)(Sight.Grace.TotalSeconds * time.TimestampFrequency), new HttpRequestException("connection refused"));
        using var answer = await client.GetAsync(new Uri($"http://127.0.0.1:{options.HealthPort}/readyz"));
        Assert.That((answer.StatusCode, await answer.Content.ReadAsStringAsync()), Is.EqualTo((HttpStatusCode.ServiceUnavailable, "cannot list gadgets.example.com: edits and holds are not seen; the log and the objects tell why\n")));
        Assert.That(await StatusOf(client, options.HealthPort, "/healthz"), Is.EqualTo(HttpStatusCode.OK), "a new process would see no more");
        await app.StopAsync();
    }

    private static WebApplication Build(OperatorOptions options, Action<IServiceCollection> configure) =>
        OperatorHost.Build(options, new KubernetesClientConfiguration { Host = "http://127.0.0.1:1" }, configure);

    private static async Task<HttpStatusCode> StatusOf(HttpClient client, int port, string path)
    {
        using var response = await client.GetAsync(new Uri($"http://127.0.0.1:{port}{path}"));
        return response.StatusCode;
    }

    private static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }
}
