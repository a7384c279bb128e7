using System.Net;
using Modestano.Crds.V1Alpha1;
using Modestano.Operator.Configuration;
using Modestano.Operator.Migrations.Gates;

namespace Modestano.Operator.Tests.Migrations;

/// <summary>The answers are those that Prometheus 2.42 gives to an instant query.</summary>
[TestFixture]
public sealed class PrometheusGateTests
{
    private const string OneSeries = """{"status":"success","data":{"resultType":"vector","result":[{"metric":{"job":"shop"},"value":[1795400000.1,"0.02"]}]}}""";
    private const string NoSeries = """{"status":"success","data":{"resultType":"vector","result":[]}}""";
    private const string TwoSeries = """{"status":"success","data":{"resultType":"vector","result":[{"metric":{},"value":[1,"0"]},{"metric":{},"value":[1,"0"]}]}}""";
    private const string Scalar = """{"status":"success","data":{"resultType":"scalar","result":[1795400000.1,"0.005"]}}""";
    private const string NotANumber = """{"status":"success","data":{"resultType":"scalar","result":[1795400000.1,"NaN"]}}""";
    private const string BadQuery = """{"status":"error","errorType":"bad_data","error":"invalid parameter \"query\": 1:5: parse error: unclosed left parenthesis"}""";

    [TestCase(OneSeries, 200, null, "0.01", GateVerdict.Failing, "above 0.01")]
    [TestCase(OneSeries, 200, null, "0.02", GateVerdict.Passing, "within its bounds")]
    [TestCase(OneSeries, 200, "0.5", null, GateVerdict.Failing, "below 0.5")]
    [TestCase(Scalar, 200, "0", "0.01", GateVerdict.Passing, "within its bounds")]
    [TestCase(NoSeries, 200, null, "0.01", GateVerdict.Unknown, "the query does not yield exactly one number")]
    [TestCase(TwoSeries, 200, null, "0.01", GateVerdict.Unknown, "the query does not yield exactly one number")]
    [TestCase(NotANumber, 200, null, "0.01", GateVerdict.Unknown, "the query does not yield exactly one number")]
    [TestCase(BadQuery, 400, null, "0.01", GateVerdict.Unknown, "Prometheus answered 400")]
    [TestCase("<html>", 200, null, "0.01", GateVerdict.Unknown, "Prometheus could not be asked (JsonReaderException)")]
    public async Task An_answer_is_judged(string answer, int status, string? min, string? max, string result, string message)
    {
        var gate = await EvaluateAsync(answer, status, "main", min, max);
        Assert.That((gate.Result, gate.Message), Is.EqualTo((result, message)));
    }

    [Test]
    public async Task A_server_that_is_not_granted_to_the_namespace_is_not_asked()
    {
        var gate = await EvaluateAsync(OneSeries, 200, "other", null, "1");
        Assert.That(gate.Result, Is.EqualTo(GateVerdict.Unknown));
        Assert.That(gate.Message, Does.StartWith("Prometheus server 'other' is not granted to namespace 'shop'"));
    }

    private static async Task<GateStatus> EvaluateAsync(string answer, int status, string server, string? min, string? max)
    {
        var grants = Grants.None with
        {
            Prometheus = [new PrometheusGrant { Name = "main", Namespaces = new NamespaceList(["shop"]), Url = new Uri("http://prometheus.test:9090/") }],
        };
        var stage = new MigrationStage(s => s with
        {
            Gates = new GatesSpec { Prometheus = [new PrometheusGate { Name = "error-rate", PrometheusRef = server, Query = "rate(errors[5m])", Min = min, Max = max }] },
        });
        using var handler = new FixedAnswer(answer, (HttpStatusCode)status);
        var source = new PrometheusGateSource(new Factory(handler), grants);
        return (await source.EvaluateAsync(stage.Context(), "eu-west-2", CancellationToken.None)).Single();
    }

    private sealed class FixedAnswer(string body, HttpStatusCode status) : HttpMessageHandler
    {
        protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
        {
            Assert.That(request.RequestUri!.AbsoluteUri, Is.EqualTo("http://prometheus.test:9090/api/v1/query?query=rate%28errors%5B5m%5D%29"));
            return Task.FromResult(new HttpResponseMessage(status) { Content = new StringContent(body) });
        }
    }

    private sealed class Factory(HttpMessageHandler handler) : IHttpClientFactory
    {
        public HttpClient CreateClient(string name) => new(handler, disposeHandler: false);
    }
}
