using System.Text.Json;
using k8s.Autorest;

namespace Modestano.Operator.Runtime;

/// <summary>The API server refused a request: its own message, which the client's exception keeps in the response's body only.</summary>
public sealed class ApiRefusedException : Exception
{
    /// <summary>Tells what was tried and what came back.</summary>
    /// <param name="attempt">What was tried, as <c>writing the status of MongoReplicaSet shop/marketplace</c>.</param>
    /// <param name="answer">What came back.</param>
    public ApiRefusedException(string attempt, HttpOperationException answer)
        : base($"{attempt}: the API server answered {(int)answer.Response.StatusCode} {answer.Response.StatusCode}: {MessageOf(answer)}", answer)
    {
    }

    /// <summary>The message of the Status object in an error's body, or the body's beginning.</summary>
    public static string MessageOf(HttpOperationException answer)
    {
        var body = answer.Response.Content ?? "";
        try
        {
            using var status = JsonDocument.Parse(body);
            if (status.RootElement.ValueKind == JsonValueKind.Object
                && status.RootElement.TryGetProperty("message", out var message)
                && message.ValueKind == JsonValueKind.String)
            {
                return message.GetString()!;
            }
        }
        catch (JsonException)
        {
            // A proxy or an overloaded server answers in plain text.
            return Beginning(body);
        }

        return Beginning(body);
    }

    /// <summary>The server's own words where there are some, else the exception's.</summary>
    public static string Describe(Exception e) => e is HttpOperationException answer ? MessageOf(answer) : e.Message;

    private static string Beginning(string body) => OneLine.Of(body, 300);
}
