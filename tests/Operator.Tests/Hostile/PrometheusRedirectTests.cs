using System.Net;
using System.Net.Sockets;
using System.Text;
using Microsoft.Extensions.DependencyInjection;
using Modestano.Crds.V1Alpha1;
using Modestano.Operator.Configuration;
using Modestano.Operator.Migrations;
using Modestano.Operator.Migrations.Gates;
using Modestano.Operator.Migrations.Planning;
using Modestano.Operator.Tests.Migrations;
using Prometheus;

namespace Modestano.Operator.Tests.Hostile;

/// <summary>A Prometheus, or who answers in its place, that sends the operator and its token elsewhere; over the client that the operator ships.</summary>
[Category("Hostile")]
public sealed class PrometheusRedirectTests
{
    [TestCase(301)]
    [TestCase(302)]
    [TestCase(303)]
    [TestCase(307)]
    [TestCase(308)]
    public async Task A_redirect_is_not_followed_and_the_token_goes_nowhere_else(int status)
    {
        using var elsewhere = new TcpListener(IPAddress.Loopback, 0);
        elsewhere.Start();
        using var prometheus = new TcpListener(IPAddress.Loopback, 0);
        prometheus.Start();
        var token = Path.GetTempFileName();
        await File.WriteAllTextAsync(token, "s3cret");
        var asked = AnswerAsync(prometheus, $"HTTP/1.1 {status} Elsewhere\r\nLocation: http://{elsewhere.LocalEndpoint}/api/v1/query?query=up\r\nContent-Length: 0\r\n\r\n");
        try
        {
            var gate = await AskAsync($"url: http://{prometheus.LocalEndpoint}/, bearerTokenFile: {token}, allSeries: true");

            Assert.That(await asked, Does.Contain("Authorization: Bearer s3cret"), "whom the grants name gets it");
            Assert.That((gate.Result, gate.Message), Is.EqualTo((GateVerdict.Unknown, $"Prometheus answers {status}, a redirect, which is not followed: put the final address into the operator's grants (url)")));
            Assert.That(elsewhere.Pending(), Is.False);
        }
        finally
        {
            File.Delete(token);
        }
    }

    private static async Task<string> AnswerAsync(TcpListener listener, string answer)
    {
        using var connection = await listener.AcceptTcpClientAsync();
        var request = new byte[8 * 1024];
        var read = await connection.GetStream().ReadAsync(request);
        await connection.GetStream().WriteAsync(Encoding.ASCII.GetBytes(answer));
        return Encoding.ASCII.GetString(request, 0, read);
    }

    private static async Task<GateStatus> AskAsync(string server)
    {
        var services = new ServiceCollection();
        services.AddLogging();
        services.AddSingleton(TimeProvider.System);
        services.AddSingleton<IMetricFactory>(Metrics.WithCustomRegistry(Metrics.NewCustomRegistry()));
        services.AddMigrations();
        await using var provider = services.BuildServiceProvider();
        var grants = GrantsFile.Parse($"prometheus: [{{name: main, namespaces: [shop], {server}}}]", "grants.yaml");
        var context = new MigrationStage(s => s with { Gates = new GatesSpec { Prometheus = [new PrometheusGate { Name = "errors", PrometheusRef = "main", Query = "up", Max = "0.01" }] } }).Context();
        return (await new PrometheusGateSource(provider.GetRequiredService<IHttpClientFactory>(), grants, TimeProvider.System).EvaluateAsync(context, "eu-west-2", CancellationToken.None)).Single();
    }
}
