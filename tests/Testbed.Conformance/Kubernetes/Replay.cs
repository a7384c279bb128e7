using System.Text;
using System.Text.Json.Nodes;
using Modestano.Testbed.KubeApi.Authorization;
using Modestano.Testbed.KubeApi.Http;
using Modestano.Testbed.Tests.KubeApi;

namespace Modestano.Testbed.Conformance.Kubernetes;

/// <summary>Sends the exchanges of one topic to an embedded server, in the recorded order, and collects where its answers differ.</summary>
internal sealed class Replay : IAsyncDisposable
{
    private const string OperatorToken = "optoken";

    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(20);

    private readonly TestServer server;
    private readonly string topic;
    private readonly RecordedAnswer answers = new();
    private readonly UnrecordedHands hands;
    private readonly List<string> differences = [];

    private Replay(TestServer server, string topic)
    {
        this.server = server;
        this.topic = topic;
        hands = new UnrecordedHands(server, answers);
    }

    /// <returns>The differences, each with its exchange and its place.</returns>
    public static async Task<IReadOnlyList<string>> RunAsync(string topic)
    {
        // The recorded server ran no garbage collector, called itself 1.24 and ended a watch that had nothing to say without a word.
        var server = await TestServer.StartAsync(o => o with
        {
            CollectGarbage = false,
            ClosingBookmark = false,
            MinorVersion = "24",
            Users = [new(KubeUser.ServiceAccount("modestano-system", "modestano-operator"), OperatorToken)],
        });
        await using var replay = new Replay(server, topic);
        if (topic != "crd-create")
        {
            await server.DefineWidgetsAsync();
        }

        await server.SendAsync("POST", "/api/v1/namespaces", """{"metadata":{"name":"modestano-system"}}""");
        foreach (var exchange in RecordedExchange.Of(topic))
        {
            await replay.PlayAsync(exchange);
        }

        return replay.differences;
    }

    public ValueTask DisposeAsync() => server.DisposeAsync();

    private async Task PlayAsync(RecordedExchange exchange)
    {
        switch (exchange.Request.Method)
        {
            case "WRITE":
                await hands.WriteAsync(answers.Fill(exchange.Request.Path), exchange.Request.Body!.AsObject());
                return;
            case "COMPACT":
                server.Server.Faults.ForgetHistory();
                return;
        }

        if (exchange.Lines is not null)
        {
            await new WatchReplay(server, answers, hands).PlayAsync(exchange, d => Report(exchange, d));
            return;
        }

        // The recorder, too, waited until a changed definition was served.
        await server.Server.SettleAsync();
        await hands.PrepareAsync(exchange);
        await server.Server.SettleAsync();
        (await DifferencesAsync(exchange)).ForEach(d => Report(exchange, d));
        hands.Saw(exchange);
    }

    private async Task<List<string>> DifferencesAsync(RecordedExchange exchange)
    {
        Answer answer;
        try
        {
            answer = await SendAsync(exchange.Request, holdsDocument: exchange.Code == 304).WaitAsync(Limit);
        }
        catch (TimeoutException)
        {
            return [$": no answer within {Limit}"];
        }

        if (exchange.Id is null)
        {
            return answer.Code is 200 or 201 ? [] : [$"{answer.Code} {answer.Text}"];
        }

        if (answer.Code != exchange.Code)
        {
            return [$": wanted {exchange.Code} {exchange.Answer?.ToJsonString()}, found {answer.Code} {answer.Text}"];
        }

        if (exchange.Answer is JsonObject or JsonArray)
        {
            if (!answer.ContentType.Contains("json", StringComparison.Ordinal) && !answer.ContentType.Contains("yaml", StringComparison.Ordinal))
            {
                return [$": wanted JSON or YAML, found {answer.ContentType}"];
            }

            // Texts of 400s and 500s quote Go's parsers: people read them, clients do not.
            var isGoText = exchange.Code is 400 or 500;
            return
            [
                .. answers.Compare(exchange.Answer, answer.ContentType.Contains("yaml", StringComparison.Ordinal) ? YamlText.Parse(answer.Text) : answer.Body, withManagedFields: exchange.Answer.ToJsonString().Contains("managedFields", StringComparison.Ordinal))
                    .Where(d => !(isGoText && d.StartsWith(".message: ", StringComparison.Ordinal))),
            ];
        }

        return exchange.Answer is null || exchange.Request.Method == "HEAD" || answers.IsSame(exchange.Answer.GetValue<string>().Trim(), answer.Text.Trim())
            ? []
            : [$": wanted {exchange.Answer}, found {answer.Text}"];
    }

    private async Task<Answer> SendAsync(RecordedRequest request, bool holdsDocument) => await server.SendAsync(
        request.Method,
        answers.Fill(request.Path),
        request.Bytes ?? (request.Body is { } json ? answers.Fill(json.ToJsonString(Plain)) : request.Text) switch { null => null, var text => Encoding.UTF8.GetBytes(text) },
        request.ContentType ?? TestServer.Json,
        request.Accept,
        request.User switch { null => "admin-token", "optoken" => OperatorToken, "anonymous" => null, _ => "nobody-knows" },
        request.UserAgent,
        holdsDocument ? ("If-None-Match", await TagAsync(request.Path)) : request.Header);

    /// <summary>The client held the document of that server, by a date that was not written down; here it holds the one of this, by its tag.</summary>
    private async Task<string> TagAsync(string path) => (await server.GetAsync(path)).Headers.ETag?.ToString() ?? "";

    private void Report(RecordedExchange exchange, string difference)
    {
        if (!MayDiffer.Allows(topic, exchange, difference))
        {
            differences.Add($"{exchange}: {difference}");
        }
    }

    private static readonly System.Text.Json.JsonSerializerOptions Plain = new() { Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping };
}
