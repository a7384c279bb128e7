using System.ComponentModel.DataAnnotations;
using System.Net;
using System.Reflection;
using System.Text.RegularExpressions;
using Modestano.Crds.V1Alpha1;
using Modestano.Operator.Configuration;
using Modestano.Operator.Migrations.Gates;
using Modestano.Operator.Migrations.Planning;
using Modestano.Operator.Tests.Migrations;

namespace Modestano.Operator.Tests.Hostile;

/// <summary>Gates that would have the operator ask what its namespace may not.</summary>
[Category("Hostile")]
public sealed class GateTests
{
    private const string Number = """{"status":"success","data":{"resultType":"scalar","result":[1795400000.1,"0.005"]}}""";

    private static readonly ProbePolicy Everywhere = new(AllowLoopback: false);
    private static readonly ProbeGrant Inside = new([443], [IPNetwork.Parse("10.30.0.0/24"), IPNetwork.Parse("0.0.0.0/0"), IPNetwork.Parse("fd12:3456::/48")]);

    [Test]
    public async Task A_server_whose_grant_bounds_nothing_is_not_asked()
    {
        var (gate, asked) = await AskAsync("", "topk(1, kube_secret_info)");
        Assert.That((gate.Result, asked), Is.EqualTo((GateVerdict.Unknown, (Uri?)null)));
        Assert.That(gate.Message, Does.Contain("queries, enforcedLabel or allSeries"));
    }

    [Test]
    public async Task Where_queries_are_named_no_other_is_asked()
    {
        const string queries = "queries: {error-rate: 'sum(errors{namespace=\"$namespace\"})'}";
        var (own, notAsked) = await AskAsync(queries, "sum(errors)");
        Assert.That((own.Result, notAsked), Is.EqualTo((GateVerdict.Unknown, (Uri?)null)));
        Assert.That(own.Message, Does.EndWith("use one of error-rate"));

        var (named, asked) = await AskAsync(queries, "error-rate");
        Assert.That((named.Result, named.Value), Is.EqualTo((GateVerdict.Passing, "0.005")));
        Assert.That(Uri.UnescapeDataString(asked!.Query), Is.EqualTo("?query=sum(errors{namespace=\"shop\"})"));
    }

    [TestCase("up")]
    [TestCase("up&namespace=other", TestName = "A_query_cannot_bring_a_label_of_its_own")]
    public async Task An_enforced_label_goes_with_every_query(string query)
    {
        var (_, asked) = await AskAsync("enforcedLabel: namespace", query);
        Assert.That(asked!.Query, Is.EqualTo($"?query={Uri.EscapeDataString(query)}&namespace=shop"));
    }

    [Test]
    public async Task What_an_execution_says_of_series_is_not_told()
    {
        var (gate, _) = await AskAsync("allSeries: true", "a * b", """{"status":"error","errorType":"execution","error":"found duplicate series for the match group {pod=\"payroll-7\"}"}""", 422);
        Assert.That(gate.Message, Does.Contain("execution").And.Not.Contain("payroll"));
    }

    [Test]
    public async Task What_is_wrong_with_a_query_of_the_grants_is_not_told_to_who_names_it()
    {
        var (gate, _) = await AskAsync("queries: {error-rate: 'sum(payroll{'}", "error-rate", """{"status":"error","errorType":"bad_data","error":"invalid parameter \"query\": 1:5: parse error: sum(payroll{"}""", 400);
        Assert.That(gate.Message, Does.Contain("bad_data").And.Contain("grants").And.Not.Contain("payroll"));
    }

    [Test]
    public async Task An_answer_beyond_64_KiB_is_not_read()
    {
        var (gate, _) = await AskAsync("allSeries: true", "up", Number + new string(' ', 64 * 1024));
        Assert.That((gate.Result, gate.Message), Is.EqualTo((GateVerdict.Unknown, "the answer is too large for one number: aggregate it to one, as with sum() or max()")));
    }

    [TestCase("203.0.113.7", true)]
    [TestCase("2a01:db8::7", true)]
    [TestCase("10.30.0.7", true, TestName = "A_network_that_is_granted_is_probed")]
    [TestCase("fd12:3456::7", true)]
    [TestCase("10.96.0.1", false, TestName = "A_service_of_the_cluster_is_not_probed")]
    [TestCase("172.16.4.4", false)]
    [TestCase("192.168.1.1", false)]
    [TestCase("100.64.1.1", false)]
    [TestCase("fd99::1", false)]
    [TestCase("127.0.0.1", false)]
    [TestCase("::1", false)]
    [TestCase("0.0.0.0", false)]
    [TestCase("169.254.169.254", false)]
    [TestCase("::ffff:169.254.169.254", false)]
    [TestCase("::169.254.169.254", false)]
    [TestCase("64:ff9b::a9fe:a9fe", false, TestName = "Metadata_behind_NAT64_is_not_probed")]
    [TestCase("64:ff9b:1::a9fe:a9fe", false)]
    [TestCase("2002:a9fe:a9fe::1", false, TestName = "Metadata_behind_6to4_is_not_probed")]
    [TestCase("2002:a60:1::1", false, TestName = "A_service_behind_6to4_is_not_probed")]
    [TestCase("fd00:ec2::254", false)]
    [TestCase("fd20:ce::254", false)]
    [TestCase("fe80::1", false)]
    [TestCase("168.63.129.16", false)]
    [TestCase("100.100.100.200", false)]
    [TestCase("224.0.0.1", false)]
    [TestCase("255.255.255.255", false)]
    public void An_address_is_probed_only_where_users_may_be_served_from(string address, bool allowed) =>
        Assert.That(ProbeAddress.Refusal(IPAddress.Parse(address), Everywhere, Inside) is null, Is.EqualTo(allowed), ProbeAddress.Refusal(IPAddress.Parse(address), Everywhere, Inside));

    [TestCase("shop.modestano.test", 443, "no connection", TestName = "A_record_with_a_grant_is_probed")]
    [TestCase("shop.neighbour.test", 443, "does not grant the name", TestName = "A_record_without_a_grant_is_not_probed")]
    [TestCase("shop.modestano.test", 6443, "port 6443 is not probed", TestName = "A_port_without_a_grant_is_not_probed")]
    public async Task A_probe_needs_a_grant(string name, int port, string message)
    {
        var gate = await ProbeAsync(name, port, record => record);
        Assert.That(gate.Message, message == "no connection" ? Does.Not.Contain("not probed") : Does.Contain(message));
    }

    [Test]
    public async Task A_forged_status_opens_no_probe()
    {
        var gate = await ProbeAsync("shop.modestano.test", 443, record =>
        {
            record.Spec = record.Spec with { HostedZone = new HostedZoneReference { Id = "Z9" } };
            record.Status = new WeightedDnsRecordStatus { HostedZoneId = "Z1" };
            return record;
        });
        Assert.That(gate.Message, Does.Contain("does not grant hosted zone Z9"));
    }

    [TestCase("/healthz?full=1", true)]
    [TestCase("/", true)]
    [TestCase("//metadata.internal/latest", false)]
    [TestCase("healthz", false)]
    public void A_path_names_no_other_host(string path, bool allowed)
    {
        var pattern = typeof(ProbeGate).GetProperty(nameof(ProbeGate.Path))!.GetCustomAttribute<RegularExpressionAttribute>()!.Pattern;
        Assert.That(Regex.IsMatch(path, pattern), Is.EqualTo(allowed));
    }

    private static async Task<GateStatus> ProbeAsync(string name, int port, Func<WeightedDnsRecord, WeightedDnsRecord> change)
    {
        var stage = new MigrationStage(s => s with { Gates = new GatesSpec { Probes = [new ProbeGate { Name = "health", EndpointRef = "shop", Path = "/", Port = port }] } });
        // Nobody listens there.
        stage.Record!.Spec = stage.Record.Spec with { Name = name, Endpoints = [.. stage.Record.Spec.Endpoints.Select(e => e with { Values = ["127.0.0.253"] })] };
        change(stage.Record);
        var grants = GrantsFile.Parse("providers: [{name: production, namespaces: [shop], zones: [Z1], nameSuffixes: [modestano.test]}]\nprobes: {allowLoopback: true}", "grants.yaml");
        return (await new ProbeGateSource(grants, Outgoing.TestPipelines.Of(), TimeProvider.System).EvaluateAsync(stage.Context(), "eu-west-2", CancellationToken.None)).Single();
    }

    private static async Task<(GateStatus Gate, Uri? Asked)> AskAsync(string bound, string query, string answer = Number, int status = 200)
    {
        var grants = GrantsFile.Parse($"prometheus:\n- name: main\n  namespaces: [shop]\n  url: http://prometheus.test:9090\n  {bound}", "grants.yaml");
        var stage = new MigrationStage(s => s with { Gates = new GatesSpec { Prometheus = [new PrometheusGate { Name = "error-rate", PrometheusRef = "main", Query = query, Max = "1" }] } });
        using var handler = new Answering(answer, status);
        var source = new PrometheusGateSource(new Factory(handler), grants, TimeProvider.System);
        return ((await source.EvaluateAsync(stage.Context(), "eu-west-2", CancellationToken.None)).Single(), handler.Asked);
    }

    private sealed class Answering(string body, int status) : HttpMessageHandler
    {
        public Uri? Asked { get; private set; }

        protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
        {
            Asked = request.RequestUri;
            return Task.FromResult(new HttpResponseMessage((HttpStatusCode)status) { Content = new StringContent(body) });
        }
    }

    private sealed class Factory(HttpMessageHandler handler) : IHttpClientFactory
    {
        public HttpClient CreateClient(string name) => new(handler, disposeHandler: false);
    }
}
