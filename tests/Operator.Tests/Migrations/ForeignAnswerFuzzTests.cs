using System.Net;
using System.Text;
using System.Text.Json.Nodes;
using Modestano.Crds.V1Alpha1;
using Modestano.Operator.Configuration;
using Modestano.Operator.Migrations.Gates;
using Modestano.Operator.Migrations.Planning;

namespace Modestano.Operator.Tests.Migrations;

/// <summary>Whatever a Prometheus answers, a gate has a result with words: nothing that it sends ends a pass.</summary>
[TestFixture]
public sealed class ForeignAnswerFuzzTests
{
    // As Prometheus 2.42 gives them.
    private static readonly string[] Recordings =
    [
        """{"status":"success","data":{"resultType":"vector","result":[{"metric":{"__name__":"up","instance":"127.0.0.1:9090","job":"shop"},"value":[1795400000.1,"0.02"]}]}}""",
        """{"status":"success","data":{"resultType":"vector","result":[{"metric":{},"value":[1,"0"]},{"metric":{"a":"b"},"value":[1,"NaN"]}]}}""",
        """{"status":"success","data":{"resultType":"scalar","result":[1795400000.1,"1e-05"]}}""",
        """{"status":"success","data":{"resultType":"matrix","result":[{"metric":{},"values":[[1,"1"],[2,"2"]]}]}}""",
        """{"status":"success","data":{"resultType":"string","result":[1795400000.1,"a"]},"warnings":["x"]}""",
        """{"status":"error","errorType":"bad_data","error":"invalid parameter \"query\": 1:5: parse error: unclosed left parenthesis"}""",
    ];

    private static readonly Func<JsonNode?>[] Strangers =
    [
        () => null, () => 1, () => -1.5e300, () => true, () => "", () => "NaN", () => "\u0000\u2028", () => new JsonArray(), () => new JsonObject(),
        () => new JsonArray(null, 1, "a"), () => new string('x', 5000), () => new JsonObject { ["status"] = new JsonObject(), ["data"] = new JsonArray() },
    ];

    [Test]
    public async Task Ten_thousand_mutated_answers_each_have_a_result_and_words()
    {
        var random = new Random(11);
        using var handler = new NextAnswer();
        var source = new PrometheusGateSource(handler, Grants.None with
        {
            Prometheus = [new PrometheusGrant { Name = "main", Namespaces = new NamespaceList(["shop"]), Url = new Uri("http://prometheus.test:9090/"), AllSeries = true }],
        }, TimeProvider.System);
        var context = new MigrationStage(s => s with { Gates = new GatesSpec { Prometheus = [new PrometheusGate { Name = "g", PrometheusRef = "main", Query = "up", Max = "0.01" }] } }).Context();
        for (var i = 0; i < 10_000; i++)
        {
            handler.Body = Mutated(random);
            handler.Status = random.Next(4) == 0 ? random.Next(100, 600) : 200;
            GateStatus gate;
            try
            {
                gate = (await source.EvaluateAsync(context, "eu-west-2", CancellationToken.None)).Single();
            }
            catch (Exception e)
            {
                throw new AssertionException($"answer {i}, {handler.Status}: {Encoding.UTF8.GetString(handler.Body)}", e);
            }

            Assert.That(gate.Result, Is.AnyOf(GateVerdict.Passing, GateVerdict.Failing, GateVerdict.Unknown));
            Assert.That(gate.Message, Is.Not.Empty.And.Length.LessThanOrEqualTo(1000).And.Not.Contains("could not be evaluated"), Encoding.UTF8.GetString(handler.Body));
            Assert.That(gate.Message!.Any(char.IsControl), Is.False, gate.Message);
        }
    }

    [Test]
    public async Task A_body_without_an_end_and_one_without_a_floor_are_read_only_as_far_as_a_number_needs()
    {
        using var handler = new NextAnswer { Body = Encoding.UTF8.GetBytes(new string('[', 60_000)) };
        var deep = await AskAsync(handler);
        handler.Body = Encoding.UTF8.GetBytes($$"""{"status":"success","data":"{{new string('x', 400_000)}}"}""");
        var large = await AskAsync(handler);
        Assert.That(deep.Message, Does.StartWith("the answer is no JSON"));
        Assert.That(large.Message, Is.EqualTo("the answer is too large for one number: aggregate it to one, as with sum() or max()"));
    }

    private static async Task<GateStatus> AskAsync(NextAnswer handler)
    {
        var grants = Grants.None with { Prometheus = [new PrometheusGrant { Name = "main", Namespaces = new NamespaceList(["shop"]), Url = new Uri("http://prometheus.test:9090/"), AllSeries = true }] };
        var context = new MigrationStage(s => s with { Gates = new GatesSpec { Prometheus = [new PrometheusGate { Name = "g", PrometheusRef = "main", Query = "up", Max = "0.01" }] } }).Context();
        return (await new PrometheusGateSource(handler, grants, TimeProvider.System).EvaluateAsync(context, "eu-west-2", CancellationToken.None)).Single();
    }

    private static byte[] Mutated(Random random)
    {
        var text = Recordings[random.Next(Recordings.Length)];
        if (random.Next(2) == 0)
        {
            var root = JsonNode.Parse(text)!;
            for (var times = random.Next(1, 4); times > 0; times--)
            {
                Replace(root, random);
            }

            return Encoding.UTF8.GetBytes(root.ToJsonString());
        }

        var bytes = Encoding.UTF8.GetBytes(text).ToList();
        for (var times = random.Next(1, 5); times > 0 && bytes.Count > 0; times--)
        {
            var at = random.Next(bytes.Count);
            switch (random.Next(4))
            {
                case 0:
                    bytes[at] = (byte)random.Next(256);
                    break;
                case 1:
                    bytes.RemoveRange(at, random.Next(1, Math.Min(20, bytes.Count - at) + 1));
                    break;
                case 2:
                    bytes.InsertRange(at, bytes.GetRange(0, random.Next(bytes.Count)));
                    break;
                default:
                    bytes.InsertRange(at, Encoding.UTF8.GetBytes("\\ud800"));
                    break;
            }
        }

        return [.. bytes];
    }

    private static void Replace(JsonNode root, Random random)
    {
        var holders = Descend(root).Where(n => n is JsonObject { Count: > 0 } or JsonArray { Count: > 0 }).ToList();
        if (holders.Count == 0)
        {
            return;
        }

        var stranger = Strangers[random.Next(Strangers.Length)]();
        switch (holders[random.Next(holders.Count)])
        {
            case JsonObject o:
                o[o.ElementAt(random.Next(o.Count)).Key] = stranger;
                break;
            case JsonArray a:
                a[random.Next(a.Count)] = stranger;
                break;
        }
    }

    private static IEnumerable<JsonNode> Descend(JsonNode node) => node switch
    {
        JsonObject o => o.Select(p => p.Value).OfType<JsonNode>().SelectMany(Descend).Prepend(node),
        JsonArray a => a.OfType<JsonNode>().SelectMany(Descend).Prepend(node),
        _ => [node],
    };

    private sealed class NextAnswer : HttpMessageHandler, IHttpClientFactory
    {
        public byte[] Body { get; set; } = [];

        public int Status { get; set; } = 200;

        public HttpClient CreateClient(string name) => new(this, disposeHandler: false);

        protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken) =>
            Task.FromResult(new HttpResponseMessage((HttpStatusCode)Status) { Content = new ByteArrayContent(Body) });
    }
}
