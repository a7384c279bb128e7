using System.Globalization;
using System.Net.Http.Headers;
using System.Text.Json;
using Modestano.Crds.V1Alpha1;
using Modestano.Operator.Configuration;
using Modestano.Operator.Migrations.Planning;

namespace Modestano.Operator.Migrations.Gates;

/// <summary>Instant queries against Prometheus (its HTTP API, <c>/api/v1/query</c>). A query that yields no number, or several, is Unknown.</summary>
public sealed class PrometheusGateSource(IHttpClientFactory clients, Grants grants) : IGateSource
{
    /// <summary>The name of the HTTP client.</summary>
    public const string HttpClientName = "prometheus-gates";

    /// <inheritdoc/>
    public async Task<IReadOnlyList<GateStatus>> EvaluateAsync(MigrationContext context, string region, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(context);
        var results = new List<GateStatus>();
        foreach (var gate in context.Spec.Gates.Prometheus ?? [])
        {
            results.Add(FailureThreshold.Apply(await EvaluateAsync(gate, context, cancellationToken), context.LastResult(gate.Name), gate.FailureThreshold));
        }

        return results;
    }

    private async Task<GateStatus> EvaluateAsync(PrometheusGate gate, MigrationContext context, CancellationToken cancellationToken)
    {
        var limit = $"{(gate.Min is null ? "" : $">= {gate.Min} ")}{(gate.Max is null ? "" : $"<= {gate.Max}")}".Trim();
        GateStatus Result(string result, string? value, string message) =>
            new() { Name = gate.Name, Result = result, Value = value, Limit = limit, Message = message, Time = context.Now.UtcDateTime };

        var granted = grants.FindPrometheus(gate.PrometheusRef, context.Migration.Metadata.NamespaceProperty);
        if (granted.Grant is not { } server)
        {
            return Result(GateVerdict.Unknown, null, granted.Refusal!);
        }

        try
        {
            using var client = clients.CreateClient(HttpClientName);
            using var deadline = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
            deadline.CancelAfter(TimeSpan.FromSeconds(5));
            using var request = new HttpRequestMessage(HttpMethod.Get, new Uri(server.Url, $"api/v1/query?query={Uri.EscapeDataString(gate.Query)}"));
            if (server.BearerTokenFile is { } file)
            {
                request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", (await File.ReadAllTextAsync(file, deadline.Token)).Trim());
            }

            using var response = await client.SendAsync(request, deadline.Token);
            if (!response.IsSuccessStatusCode)
            {
                return Result(GateVerdict.Unknown, null, $"Prometheus answered {(int)response.StatusCode}");
            }

            await using var body = await response.Content.ReadAsStreamAsync(deadline.Token);
            using var answer = await JsonDocument.ParseAsync(body, cancellationToken: deadline.Token);
            return SingleNumber(answer.RootElement) is { } value
                ? Judge(gate, value, Result)
                : Result(GateVerdict.Unknown, null, "the query does not yield exactly one number");
        }
        catch (Exception e) when (e is HttpRequestException or JsonException or IOException or UnauthorizedAccessException || (e is OperationCanceledException && !cancellationToken.IsCancellationRequested))
        {
            return Result(GateVerdict.Unknown, null, $"Prometheus could not be asked ({e.GetType().Name})");
        }
    }

    private static GateStatus Judge(PrometheusGate gate, double value, Func<string, string?, string, GateStatus> result)
    {
        var figure = value.ToString("0.######", CultureInfo.InvariantCulture);
        static double Bound(string text) => double.Parse(text, CultureInfo.InvariantCulture);
        if (gate.Min is { } min && value < Bound(min))
        {
            return result(GateVerdict.Failing, figure, $"below {min}");
        }

        return gate.Max is { } max && value > Bound(max)
            ? result(GateVerdict.Failing, figure, $"above {max}")
            : result(GateVerdict.Passing, figure, "within its bounds");
    }

    // A scalar is [time, "value"]; a vector is a list of {metric, value: [time, "value"]}. NaN is no number.
    private static double? SingleNumber(JsonElement root)
    {
        if (!root.TryGetProperty("data", out var data) || !data.TryGetProperty("result", out var result) || result.ValueKind != JsonValueKind.Array)
        {
            return null;
        }

        var sample = data.TryGetProperty("resultType", out var type) && type.GetString() == "scalar" ? result
            : result.GetArrayLength() == 1 && result[0].TryGetProperty("value", out var only) ? only
            : default;
        return sample.ValueKind == JsonValueKind.Array && sample.GetArrayLength() == 2
            && double.TryParse(sample[1].GetString(), NumberStyles.Float, CultureInfo.InvariantCulture, out var value) && double.IsFinite(value)
            ? value
            : null;
    }
}
