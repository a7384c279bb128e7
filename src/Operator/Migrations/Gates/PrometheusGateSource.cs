using System.Globalization;
using System.Net.Http.Headers;
using Modestano.Crds.V1Alpha1;
using Modestano.Operator.Configuration;
using Modestano.Operator.Migrations.Planning;
using Modestano.Operator.Runtime;

namespace Modestano.Operator.Migrations.Gates;

/// <summary>Instant queries against Prometheus (its HTTP API, <c>/api/v1/query</c>). A query that yields no number, or several, is Unknown.</summary>
public sealed class PrometheusGateSource(IHttpClientFactory clients, Grants grants, TimeProvider time) : IGateSource
{
    /// <summary>The name of the HTTP client.</summary>
    public const string HttpClientName = "prometheus-gates";

    // An answer that holds one number has a few hundred bytes, its labels included.
    private const int LargestBody = 64 * 1024;

    /// <inheritdoc/>
    public async Task<IReadOnlyList<GateStatus>> EvaluateAsync(MigrationContext context, string region, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(context);
        var asked = (context.Spec.Gates.Prometheus ?? []).Select(async gate => FailureThreshold.Apply(
            await GateRound.AskAsync(token => AskAsync(gate, context, token), gate.Name, context.Now, time, cancellationToken), context.LastResult(gate.Name), gate.FailureThreshold));
        return await Task.WhenAll(asked);
    }

    /// <summary>Where redirects would lead is nobody's choice but the operator's configuration.</summary>
    internal static SocketsHttpHandler Handler() => new() { AllowAutoRedirect = false, UseCookies = false };

    private async Task<GateStatus> AskAsync(PrometheusGate gate, MigrationContext context, CancellationToken cancellationToken)
    {
        var limit = $"{(gate.Min is null ? "" : $">= {gate.Min} ")}{(gate.Max is null ? "" : $"<= {gate.Max}")}".Trim();
        GateStatus Result(string result, string? value, string message) =>
            new() { Name = gate.Name, Result = result, Value = value, Limit = limit, Message = message, Time = context.Now.UtcDateTime };

        var granted = grants.FindPrometheus(gate.PrometheusRef, context.Migration.Metadata.NamespaceProperty);
        if (granted.Grant is not { } server)
        {
            return Result(GateVerdict.Unknown, null, granted.Refusal!);
        }

        var (parameters, unbounded) = server.Ask(gate.Query, context.Migration.Metadata.NamespaceProperty);
        if (parameters is null)
        {
            return Result(GateVerdict.Unknown, null, unbounded!);
        }

        try
        {
            using var client = clients.CreateClient(HttpClientName);
            using var request = new HttpRequestMessage(HttpMethod.Get, new Uri(server.Url, $"api/v1/query?{parameters}"));
            if (server.BearerTokenFile is { } file)
            {
                request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", (await File.ReadAllTextAsync(file, cancellationToken)).Trim());
            }

            using var response = await client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, cancellationToken);
            var answer = PrometheusAnswer.Read((int)response.StatusCode, await BoundedBody.ReadAsync(response.Content, LargestBody, cancellationToken), limit, isOwnQuery: server.Queries.Count == 0);
            return answer.Number is { } value ? Judge(gate, value, Result) : Result(GateVerdict.Unknown, null, answer.Wrong!);
        }
        catch (Exception e) when (e is not OperationCanceledException)
        {
            return Result(GateVerdict.Unknown, null, $"Prometheus could not be asked: {CallFailure.Words(e)}");
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            return Result(GateVerdict.Unknown, null, $"Prometheus gave no answer within {GateRound.Length.TotalSeconds:0} s");
        }
    }

    private static GateStatus Judge(PrometheusGate gate, double value, Func<string, string?, string, GateStatus> result)
    {
        var figure = Figure(value);
        if (gate.Min is { } min && value < Bound(min, double.NegativeInfinity))
        {
            return result(GateVerdict.Failing, figure, $"{figure} is below min {min}");
        }

        return gate.Max is { } max && value > Bound(max, double.PositiveInfinity)
            ? result(GateVerdict.Failing, figure, $"{figure} is above max {max}")
            : result(GateVerdict.Passing, figure, "within its bounds");
    }

    // The API takes only decimal numbers; what it took before it did is no bound.
    private static double Bound(string text, double none) => double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var bound) ? bound : none;

    private static string Figure(double value) => Math.Abs(value) is > 1e15 or (> 0 and < 1e-6)
        ? value.ToString("0.###e0", CultureInfo.InvariantCulture)
        : value.ToString("0.######", CultureInfo.InvariantCulture);
}
