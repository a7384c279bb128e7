using System.Net;
using Modestano.Crds.V1Alpha1;
using Modestano.Operator.Configuration;
using Modestano.Operator.Migrations.Gates;
using Modestano.Operator.Migrations.Planning;

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

    private const string Aggregate = "aggregate it to one, as with sum() or max()";
    private const string NoShape = "the answer is not of the shape that Prometheus gives: ";

    [TestCase(OneSeries, 200, null, "0.01", GateVerdict.Failing, "0.02 is above max 0.01")]
    [TestCase(OneSeries, 200, null, "0.02", GateVerdict.Passing, "within its bounds")]
    [TestCase(OneSeries, 200, "0.5", null, GateVerdict.Failing, "0.02 is below min 0.5")]
    [TestCase(Scalar, 200, "0", "0.01", GateVerdict.Passing, "within its bounds")]
    [TestCase(NoSeries, 200, null, "0.01", GateVerdict.Unknown, "the query yields no series: nothing has these names and labels now; where that means zero, end it with 'or vector(0)'")]
    [TestCase(TwoSeries, 200, null, "0.01", GateVerdict.Unknown, $"the query yields more than one series: {Aggregate}")]
    [TestCase(NotANumber, 200, null, "0.01", GateVerdict.Unknown, "the value is NaN, which cannot be compared with <= 0.01: most often 0 was divided by 0")]
    [TestCase("""{"status":"success","data":{"resultType":"scalar","result":[1,"+Inf"]}}""", 200, "0.2", "0.5", GateVerdict.Unknown, "the value is +Inf, which cannot be compared with >= 0.2 <= 0.5: most often something was divided by 0")]
    [TestCase("""{"status":"success","data":{"resultType":"matrix","result":[]}}""", 200, null, "1", GateVerdict.Unknown, "the query yields a range of values: it has to yield one number now, as with rate() or max_over_time()")]
    [TestCase("""{"status":"success","data":{"resultType":"string","result":[1,"a"]}}""", 200, null, "1", GateVerdict.Unknown, "the query yields a text: it has to yield one number")]
    [TestCase("""{"status":"success","data":{"resultType":"vector","result":[{"metric":{},"histogram":[1,{}]}]}}""", 200, null, "1", GateVerdict.Unknown, "the query yields a histogram: make it a number, as with histogram_quantile()")]
    [TestCase(BadQuery, 400, null, "0.01", GateVerdict.Unknown, "Prometheus answers 400 (bad_data): invalid parameter \"query\": 1:5: parse error: unclosed left parenthesis")]
    [TestCase("""{"status":"error","errorType":"bad_data","error":"duplicate series for {tenant=\"other\",token=\"s3cret\"}"}""", 400, null, "0.01", GateVerdict.Unknown, "Prometheus answers 400 (bad_data): run the query by hand to see why")]
    [TestCase(BadQuery, 200, null, "0.01", GateVerdict.Unknown, "Prometheus says (bad_data): invalid parameter \"query\": 1:5: parse error: unclosed left parenthesis")]
    [TestCase("", 503, null, "0.01", GateVerdict.Unknown, "Prometheus answers 503")]
    [TestCase("<html>", 302, null, "0.01", GateVerdict.Unknown, "Prometheus answers 302, a redirect, which is not followed: put the final address into the operator's grants (url)")]
    [TestCase("", 401, null, "0.01", GateVerdict.Unknown, "Prometheus answers 401: the bearer token of the operator's grant (bearerTokenFile) is missing or refused")]
    [TestCase("404 page not found", 404, null, "0.01", GateVerdict.Unknown, "Prometheus answers 404: there is no Prometheus API below the url of the operator's grant")]
    [TestCase("<html>", 200, null, "0.01", GateVerdict.Unknown, "the answer is no JSON that Prometheus gives: does the grant's url lead to it?")]
    [TestCase("""{"status":"success","data":null}""", 200, null, "0.01", GateVerdict.Unknown, $"{NoShape}data is no object")]
    [TestCase("""{"status":"success","data":{"resultType":"vector","result":null}}""", 200, null, "0.01", GateVerdict.Unknown, $"{NoShape}data.result is no list")]
    [TestCase("""{"status":"success","data":{"resultType":"scalar","result":[1,0.005]}}""", 200, null, "0.01", GateVerdict.Unknown, $"{NoShape}the value is not a pair of a time and a text")]
    [TestCase("[1,2]", 200, null, "0.01", GateVerdict.Unknown, $"{NoShape}status is not success")]
    [TestCase("""{"status":"error","error":"\ud800"}""", 200, null, "0.01", GateVerdict.Unknown, "the answer is no JSON that Prometheus gives: does the grant's url lead to it?")]
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
            Prometheus = [new PrometheusGrant { Name = "main", Namespaces = new NamespaceList(["shop"]), Url = new Uri("http://prometheus.test:9090/"), AllSeries = true }],
        };
        var stage = new MigrationStage(s => s with
        {
            Gates = new GatesSpec { Prometheus = [new PrometheusGate { Name = "error-rate", PrometheusRef = server, Query = "rate(errors[5m])", Min = min, Max = max }] },
        });
        using var handler = new FixedAnswer(answer, (HttpStatusCode)status);
        var source = new PrometheusGateSource(new Factory(handler), grants, TimeProvider.System);
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
