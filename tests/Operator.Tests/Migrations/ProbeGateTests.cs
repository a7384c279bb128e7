using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;
using Modestano.Crds.V1Alpha1;
using Modestano.Operator.Configuration;
using Modestano.Operator.Migrations.Gates;
using Modestano.Operator.Migrations.Planning;

namespace Modestano.Operator.Tests.Migrations;

/// <summary>Probes against a real web server on loopback.</summary>
[TestFixture]
public sealed class ProbeGateTests
{
    private WebApplication _server = null!;
    private int _port;

    [OneTimeSetUp]
    public async Task Start()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        _server = builder.Build();
        _server.MapGet("/healthy", () => Results.Ok());
        _server.MapGet("/broken", () => Results.StatusCode(503));
        _server.MapGet("/elsewhere", () => Results.Redirect("/healthy"));
        _server.MapGet("/shop-only", (HttpRequest request) => request.Host.Host == "shop.modestano.test" ? Results.Ok() : Results.NotFound());
        await _server.StartAsync();
        _port = new Uri(_server.Urls.Single()).Port;
    }

    [OneTimeTearDown]
    public async Task Stop() => await _server.DisposeAsync();

    [TestCase("/healthy", "127.0.0.1", GateVerdict.Passing, "every endpoint in eu-west-2 answers with success")]
    [TestCase("/shop-only", "127.0.0.1", GateVerdict.Passing, "every endpoint in eu-west-2 answers with success", TestName = "A_probe_asks_in_the_records_name")]
    [TestCase("/healthy", "localhost", GateVerdict.Passing, "every endpoint in eu-west-2 answers with success", TestName = "A_probe_resolves_a_name")]
    [TestCase("/broken", "127.0.0.1", GateVerdict.Failing, "endpoint eu-west-2: answered 503", TestName = "A_probe_tells_the_answer_and_nothing_of_its_body")]
    [TestCase("/elsewhere", "127.0.0.1", GateVerdict.Failing, "endpoint eu-west-2: answered 302, a redirect, which is not followed: probe the path that it leads to", TestName = "A_probe_follows_no_redirect")]
    [TestCase("/healthy", "127.0.0.254", GateVerdict.Failing, "endpoint eu-west-2: the connection is refused: nobody listens there", TestName = "A_probe_that_nobody_answers_fails")]
    [TestCase("/healthy", "169.254.169.254", GateVerdict.Unknown, "endpoint eu-west-2: its address is not probed: it is a link-local, metadata or multicast address, or none of a host", TestName = "A_probe_does_not_reach_for_link_local_addresses")]
    public async Task A_probe_is_judged(string path, string address, string result, string message)
    {
        var gate = await EvaluateAsync(path, address, "shop", allowLoopback: true);
        Assert.That((gate.Result, gate.Message), Is.EqualTo((result, message)));
        Assert.That(gate.Time, Is.Not.Null);
    }

    [Test]
    public async Task Loopback_is_probed_only_where_the_operators_configuration_allows_it() =>
        Assert.That((await EvaluateAsync("/healthy", "127.0.0.1", "shop", allowLoopback: false)).Message, Does.EndWith("it is a loopback address"));

    [Test]
    public async Task A_probe_of_a_record_that_the_migration_does_not_steer_is_unknown() =>
        Assert.That((await EvaluateAsync("/healthy", "127.0.0.1", "api", allowLoopback: true)).Message, Is.EqualTo("endpointRef api is none of spec.dnsRecordRefs"));

    private async Task<GateStatus> EvaluateAsync(string path, string address, string endpointRef, bool allowLoopback)
    {
        var stage = new MigrationStage(s => s with
        {
            Gates = new GatesSpec { Probes = [new ProbeGate { Name = "shop-health", EndpointRef = endpointRef, Path = path, Scheme = "http", Port = _port }] },
        });
        stage.Record!.Spec = stage.Record.Spec with { Endpoints = [.. stage.Record.Spec.Endpoints.Select(e => e.Region == "eu-west-2" ? e with { Values = [address] } : e)] };
        stage.Migration.Status = new RegionMigrationStatus { Gates = [new GateStatus { Name = "shop-health", FailingSince = stage.Now.UtcDateTime.AddMinutes(-1) }] };
        var source = new ProbeGateSource(GrantsFile.Parse(
            $"providers: [{{name: production, namespaces: [shop], zones: [Z1], nameSuffixes: [modestano.test], probes: {{ports: [{_port}]}}}}]\nprobes: {{allowLoopback: {(allowLoopback ? "true" : "false")}}}", "grants.yaml"), Outgoing.TestPipelines.Of(), TimeProvider.System);
        return (await source.EvaluateAsync(stage.Context(), "eu-west-2", CancellationToken.None)).Single();
    }
}
