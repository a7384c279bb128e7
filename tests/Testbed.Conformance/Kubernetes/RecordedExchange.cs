using System.Text.Json.Nodes;

namespace Modestano.Testbed.Conformance.Kubernetes;

/// <summary>One request to a real API server and its answer, as they were recorded.</summary>
/// <param name="Id">Step and number in the step, as in <c>005-02</c>; null for a request that only prepares what the recorder had prepared.</param>
/// <param name="Step">The command, or what was tried.</param>
/// <param name="Request">What was sent.</param>
/// <param name="Code">The HTTP status.</param>
/// <param name="Answer">A JSON document, or a string for any other body; null for none.</param>
/// <param name="Lines">The events, where the answer was a watch.</param>
internal sealed record RecordedExchange(string? Id, string Step, RecordedRequest Request, int Code, JsonNode? Answer, JsonArray? Lines)
{
    public static RecordedExchange Parse(JsonObject json)
    {
        string? Text(string name) => json[name]?.GetValue<string>();
        return new RecordedExchange(
            Text("id"),
            Text("step") ?? "given",
            new RecordedRequest(
                Text("method")!, Text("path")!, json["body"], Text("text"), Text("bytes") is { } bytes ? Convert.FromBase64String(bytes) : null, Text("contentType"), Text("accept"), Text("user"), Text("userAgent"),
                json["headers"]?.AsObject().Select(h => (h.Key, h.Value!.GetValue<string>())).Cast<(string, string)?>().FirstOrDefault()),
            json["code"]?.GetValue<int>() ?? 0,
            json["answer"],
            json["lines"]?.AsArray());
    }

    /// <summary>Every exchange of a topic, in the order of recording.</summary>
    public static IReadOnlyList<RecordedExchange> Of(string topic) =>
        [.. JsonNode.Parse(Resources.Text($"Kubernetes/Recordings/{topic}.json"))!.AsArray().Select(e => Parse(e!.AsObject()))];

    public bool IsRead => Request.Method is "GET" or "HEAD";

    public override string ToString() => $"{Id ?? "given"} {Request.Method} {Request.Path} ({Step})";
}

/// <summary>A recorded request; its body is JSON, or text, or the bytes of a protobuf message.</summary>
internal sealed record RecordedRequest(
    string Method, string Path, JsonNode? Body, string? Text, byte[]? Bytes, string? ContentType, string? Accept, string? User, string? UserAgent, (string Name, string Value)? Header);
