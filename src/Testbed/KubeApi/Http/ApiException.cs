using System.Text.Json.Nodes;

namespace Modestano.Testbed.KubeApi.Http;

/// <summary>A request that ends with a <c>metav1.Status</c> of failure.</summary>
internal sealed class ApiException : Exception
{
    public ApiException(int code, string reason, string message, JsonObject? details = null)
        : base(message)
    {
        Code = code;
        Reason = reason;
        Details = details;
    }

    /// <summary>The HTTP status code, which is also <c>Status.code</c>.</summary>
    public int Code { get; }

    /// <summary>The machine-readable reason, such as <c>NotFound</c>; empty where the server gives none.</summary>
    public string Reason { get; }

    /// <summary><c>Status.details</c>.</summary>
    public JsonObject? Details { get; }

    /// <summary>A continue token to go on with, only for an expired one.</summary>
    public string? Continue { get; init; }

    /// <summary>Seconds for the <c>Retry-After</c> header.</summary>
    public int? RetryAfterSeconds { get; init; }

    /// <summary>The body to answer with.</summary>
    public JsonObject ToStatus()
    {
        var metadata = new JsonObject();
        if (Continue is not null)
        {
            metadata["continue"] = Continue;
        }

        var status = new JsonObject
        {
            ["kind"] = "Status",
            ["apiVersion"] = "v1",
            ["metadata"] = metadata,
            ["status"] = "Failure",
            ["message"] = Message,
        };
        if (Reason.Length > 0)
        {
            status["reason"] = Reason;
        }

        if (Details is not null)
        {
            status["details"] = Details.DeepClone();
        }

        status["code"] = Code;
        return status;
    }
}
