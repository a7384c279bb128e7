using System.Globalization;
using System.Text.Json;
using Modestano.Operator.Runtime;

namespace Modestano.Operator.Migrations.Gates;

/// <summary>
/// What Prometheus answered to an instant query: one number, or what is wrong with it. Reading cannot fail: whatever a server sends, a
/// sentence comes out. The shapes are those of its HTTP API (https://prometheus.io/docs/prometheus/latest/querying/api/).
/// </summary>
/// <param name="Number">The number; null: there is none.</param>
/// <param name="Wrong">What is wrong, and what to do; null: nothing.</param>
internal sealed record PrometheusAnswer(double? Number, string? Wrong)
{
    private const string Aggregate = "aggregate it to one, as with sum() or max()";
    private const int LongestText = 300;

    // A vector's samples lie five deep.
    private static readonly JsonDocumentOptions Bounds = new() { MaxDepth = 32 };

    /// <summary>Reads an answer.</summary>
    /// <param name="status">The HTTP status.</param>
    /// <param name="body">The body; null: it is larger than anything that holds one number.</param>
    /// <param name="limit">The bounds, for the words.</param>
    /// <param name="isOwnQuery">Whether the query is the reader's, and not one that the operator's grants hold under a name.</param>
    public static PrometheusAnswer Read(int status, Stream? body, string limit, bool isOwnQuery)
    {
        if (body is not { } bytes)
        {
            return new(null, $"the answer is too large for one number: {Aggregate}");
        }

        try
        {
            using var document = JsonDocument.Parse(bytes, Bounds);
            return status is >= 200 and < 300 ? Result(document.RootElement, limit, isOwnQuery) : new(null, Refused(status, document.RootElement, isOwnQuery));
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException or FormatException or ArgumentException)
        {
            // Not JSON, or JSON with text that is none (a lone surrogate).
            return status is >= 200 and < 300 ? new(null, "the answer is no JSON that Prometheus gives: does the grant's url lead to it?") : new(null, Refused(status, default, isOwnQuery));
        }
    }

    private static PrometheusAnswer Result(JsonElement root, string limit, bool isOwnQuery)
    {
        if (Text(root, "status") is not "success")
        {
            return new(null, Text(root, "status") is "error" ? OwnWords("Prometheus says", root, isOwnQuery) : Shape("status is not success"));
        }

        if (Member(root, "data") is not { ValueKind: JsonValueKind.Object } data)
        {
            return new(null, Shape("data is no object"));
        }

        if (Member(data, "result") is not { ValueKind: JsonValueKind.Array } result)
        {
            return new(null, Shape("data.result is no list"));
        }

        return Text(data, "resultType") switch
        {
            "scalar" => Sample(result, limit),
            "vector" => Vector(result, limit),
            "matrix" => new(null, "the query yields a range of values: it has to yield one number now, as with rate() or max_over_time()"),
            "string" => new(null, "the query yields a text: it has to yield one number"),
            _ => new(null, Shape("data.resultType is none that is known")),
        };
    }

    private static PrometheusAnswer Vector(JsonElement result, string limit) => result.GetArrayLength() switch
    {
        0 => new(null, "the query yields no series: nothing has these names and labels now; where that means zero, end it with 'or vector(0)'"),
        1 when Member(result[0], "value") is { } sample => Sample(sample, limit),
        1 when Member(result[0], "histogram") is not null => new(null, "the query yields a histogram: make it a number, as with histogram_quantile()"),
        1 => new(null, Shape("the series has no value")),
        _ => new(null, $"the query yields more than one series: {Aggregate}"),
    };

    // [time, "value"]: the value is a text, so that NaN and infinity can be told.
    private static PrometheusAnswer Sample(JsonElement sample, string limit)
    {
        if (sample.ValueKind != JsonValueKind.Array || sample.GetArrayLength() != 2 || sample[1].ValueKind != JsonValueKind.String)
        {
            return new(null, Shape("the value is not a pair of a time and a text"));
        }

        var text = sample[1].GetString()!;
        if (text is "NaN")
        {
            return new(null, $"the value is NaN, which cannot be compared with {limit}: most often 0 was divided by 0");
        }

        if (text is "+Inf" or "-Inf")
        {
            return new(null, $"the value is {text}, which cannot be compared with {limit}: most often something was divided by 0");
        }

        return double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var value) && double.IsFinite(value)
            ? new(value, null)
            : new(null, Shape("the value is no number"));
    }

    private static string Refused(int status, JsonElement root, bool isOwnQuery) => status switch
    {
        _ when Text(root, "status") is "error" => OwnWords(string.Create(CultureInfo.InvariantCulture, $"Prometheus answers {status}"), root, isOwnQuery),
        >= 300 and < 400 => $"Prometheus answers {status}, a redirect, which is not followed: put the final address into the operator's grants (url)",
        401 or 403 => $"Prometheus answers {status}: the bearer token of the operator's grant (bearerTokenFile) is missing or refused",
        404 => $"Prometheus answers {status}: there is no Prometheus API below the url of the operator's grant",
        _ => $"Prometheus answers {status}",
    };

    // What it says of the reader's own query is told. What it says of an execution may hold labels of series that the reader has no business with;
    // other servers with this API answer that as bad_data, too, so the text itself has to be about the parameter.
    private static string OwnWords(string head, JsonElement root, bool isOwnQuery)
    {
        var (type, text) = (Text(root, "errorType"), Text(root, "error") ?? "no text");
        return type is "bad_data" && !isOwnQuery ? $"{head} (bad_data): the query that the operator's grants hold under this name is none that it takes"
            : type is "bad_data" && (text.StartsWith("invalid parameter \"query\"", StringComparison.Ordinal) || text.StartsWith("invalid parameter 'query'", StringComparison.Ordinal)) ? $"{head} (bad_data): {OneLine.Of(text, LongestText)}"
            : $"{head} ({OneLine.Of(type ?? "no errorType", LongestText)}): run the query by hand to see why";
    }

    private static string Shape(string what) => $"the answer is not of the shape that Prometheus gives: {what}";

    private static JsonElement? Member(JsonElement element, string name) =>
        element.ValueKind == JsonValueKind.Object && element.TryGetProperty(name, out var member) ? member : null;

    private static string? Text(JsonElement element, string name) =>
        Member(element, name) is { ValueKind: JsonValueKind.String } text ? text.GetString() : null;
}
