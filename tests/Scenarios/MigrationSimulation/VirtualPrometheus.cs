using System.Net;
using System.Text;
using Modestano.Testbed.Mongo.Model;

namespace Modestano.Scenarios.MigrationSimulation;

/// <summary>What a Prometheus answers, in the loop's time; and what it answered, as nobody else knows it.</summary>
internal sealed class VirtualPrometheus(EventLoop loop) : HttpMessageHandler
{
    /// <summary>Answers that are no figure, as they were seen or as a proxy could give them.</summary>
    private static readonly (HttpStatusCode Status, string Body)[] Broken =
    [
        (HttpStatusCode.OK, """{"status":"success","data":{"resultType":"vector","result":[]}}"""),
        (HttpStatusCode.OK, """{"status":"success","data":{"resultType":"vector","result":[{"metric":{"a":"1"},"value":[1700000000,"1"]},{"metric":{"a":"2"},"value":[1700000000,"2"]}]}}"""),
        (HttpStatusCode.OK, """{"status":"success","data":{"resultType":"vector","result":[{"metric":{},"value":[1700000000,"NaN"]}]}}"""),
        (HttpStatusCode.OK, """{"status":"success","data":{"resultType":"vector","result":[{"metric":{},"value":[1700000000,0.5]}]}}"""),
        (HttpStatusCode.OK, """{"status":"success","data":{"resultType":"vector","result":[{"metric":{},"value":"0.5"}]}}"""),
        (HttpStatusCode.OK, """{"status":"success","data":null}"""),
        (HttpStatusCode.OK, """{"status":"success","data":[]}"""),
        (HttpStatusCode.OK, "[1, 2]"),
        (HttpStatusCode.OK, "null"),
        (HttpStatusCode.OK, ""),
        (HttpStatusCode.OK, "<html>sign in</html>"),
        (HttpStatusCode.BadRequest, """{"status":"error","errorType":"bad_data","error":"invalid parameter \"query\": 1:1: parse error"}"""),
        (HttpStatusCode.ServiceUnavailable, "upstream connect error"),
        (HttpStatusCode.Found, ""),
    ];

    private readonly Dictionary<string, Answer> _answers = [];

    /// <summary>Kinds of answers.</summary>
    public enum Mood
    {
        Passing,
        Failing,
        Broken,
        Refused,
        Slow,
        Hanging,
    }

    /// <summary>Lets a query answer in a way from now on.</summary>
    public void Set(string query, Mood mood, int variant = 0)
    {
        var before = Of(query);
        _answers[query] = new Answer(mood, variant, before.Mood == mood ? before.Since : loop.Elapsed, before.Mood == Mood.Failing && mood != Mood.Failing ? loop.Elapsed : before.FailedUntil);
    }

    /// <summary>For how long a query has not been answered with a figure that passes; null: it is.</summary>
    public TimeSpan? NotPassingFor(string query) => Of(query) is { Mood: not (Mood.Passing or Mood.Slow) } answer ? loop.Elapsed - answer.Since : null;

    /// <summary>Whether a query answered with a figure that fails within the last while.</summary>
    public bool FailedWithin(string query, TimeSpan lately) => Of(query) is var answer && (answer.Mood == Mood.Failing || loop.Elapsed - answer.FailedUntil <= lately);

    protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        var query = Uri.UnescapeDataString(request.RequestUri!.Query["?query=".Length..].Split('&')[0]);
        var answer = Of(query);
        var source = new TaskCompletionSource<HttpResponseMessage>();
        var delay = answer.Mood switch { Mood.Slow => TimeSpan.FromSeconds(4), Mood.Hanging => TimeSpan.FromSeconds(60), _ => TimeSpan.FromMilliseconds(20) };
        loop.Schedule(delay, () => LoopContext.Outside(() =>
        {
            if (answer.Mood == Mood.Refused)
            {
                source.TrySetException(new HttpRequestException(HttpRequestError.ConnectionError, "Connection refused"));
            }
            else if (answer.Mood == Mood.Hanging)
            {
                source.TrySetCanceled(cancellationToken);
            }
            else
            {
                source.TrySetResult(Respond(request, answer));
            }
        }));
        cancellationToken.Register(() => LoopContext.Outside(() => source.TrySetCanceled(cancellationToken)));
        return source.Task;
    }

    private Answer Of(string query) => _answers.GetValueOrDefault(query) ?? new Answer(Mood.Passing, 0, TimeSpan.Zero, TimeSpan.FromDays(-1));

    private static HttpResponseMessage Respond(HttpRequestMessage request, Answer answer)
    {
        var (status, body) = answer.Mood switch
        {
            Mood.Failing => (HttpStatusCode.OK, Figure("0.05")),
            Mood.Broken => Broken[answer.Variant % Broken.Length],
            _ => (HttpStatusCode.OK, Figure("0.001")),
        };
        return new HttpResponseMessage(status) { RequestMessage = request, Content = new StringContent(body, Encoding.UTF8, "application/json") };
    }

    private static string Figure(string value) => """{"status":"success","data":{"resultType":"vector","result":[{"metric":{},"value":[1700000000,"FIGURE"]}]}}""".Replace("FIGURE", value, StringComparison.Ordinal);

    private sealed record Answer(Mood Mood, int Variant, TimeSpan Since, TimeSpan FailedUntil);
}
