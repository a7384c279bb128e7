using System.Text.Json.Nodes;
using Modestano.Testbed.KubeApi.Authorization;

namespace Modestano.Testbed.Tests.KubeApi;

/// <summary>
/// Sends again what kubectl and raw clients once sent to a real API server of version 1.24, and compares the answers.
/// Steps whose answer differs on purpose (fieldValidation of later versions, texts of Go's parsers) are sent, but have no answer in the recording.
/// </summary>
public sealed class RecordedExchangeTests
{
    private const string OperatorToken = "operator-token";

    // Only these hold managedFields; they are left out of the other ones, where they would be most of the text.
    private static readonly string[] WithManagedFields = ["apply", "managed-fields"];

    private static readonly string[] Recordings =
    [
        "apply", "create-and-replace", "deletion", "events", "forbidden", "generation-and-status", "leases", "managed-fields", "not-found-and-conflict", "patches",
    ];

    [TestCaseSource(nameof(Recordings))]
    public async Task The_answers_are_those_of_a_real_server(string recording)
    {
        // The recorded server ran no garbage collector.
        await using var server = await TestServer.StartWithWidgetsAsync(o => o with
        {
            CollectGarbage = false,
            Users = [new(KubeUser.ServiceAccount("modestano-system", "modestano-operator"), OperatorToken)],
        });
        await server.SendAsync("POST", "/api/v1/namespaces", """{"metadata":{"name":"modestano-system"}}""");
        var answers = new RecordedAnswer();
        var differences = new List<string>();
        foreach (var exchange in JsonNode.Parse(await TestServer.EmbeddedText($"KubeApi/{recording}.json"))!.AsArray())
        {
            differences.AddRange(await ReplayAsync(server, answers, exchange!.AsObject(), WithManagedFields.Contains(recording)));
        }

        Assert.That(differences, Is.Empty, string.Join("\n", differences));
    }

    private static async Task<IEnumerable<string>> ReplayAsync(TestServer server, RecordedAnswer answers, JsonObject exchange, bool withManagedFields)
    {
        string? Text(string name) => exchange[name]?.GetValue<string>();
        var (method, path) = (Text("method")!, answers.Fill(Text("path")!));
        var body = exchange["body"] is { } json ? answers.Fill(json.ToJsonString(Plain)) : Text("text");
        var answer = await server.SendAsync(
            method,
            path,
            body,
            Text("contentType") ?? TestServer.Json,
            Text("accept") ?? TestServer.Json,
            Text("user") switch { "operator" => OperatorToken, "anonymous" => null, "unknown" => "nobody-knows", _ => "admin-token" },
            Text("userAgent"));
        var place = $"{Text("step") ?? "given"}: {method} {path}";
        if (exchange["given"] is not null)
        {
            return answer.Code is 200 or 201 ? [] : [$"{place}: {answer.Code} {answer.Text}"];
        }

        if (!exchange.TryGetPropertyValue("answer", out var wanted))
        {
            return [];
        }

        var code = exchange["code"]!.GetValue<int>();
        if (answer.Code != code)
        {
            return [$"{place}: wanted {code}, found {answer.Code} {answer.Text}"];
        }

        if (wanted is not JsonObject)
        {
            return answers.IsSame(wanted!.GetValue<string>().Trim(), answer.Text.Trim()) || method == "HEAD" ? [] : [$"{place}: wanted {wanted}, found {answer.Text}"];
        }

        return answers.Compare(wanted, answer.Body, withManagedFields).Select(d => $"{place}: {d}");
    }

    private static readonly System.Text.Json.JsonSerializerOptions Plain = new() { Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping };
}
