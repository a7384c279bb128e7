using System.Collections.Immutable;

namespace Modestano.Operator.Configuration;

/// <summary>
/// A Prometheus server that gates may query. It is asked with the operator's token, so what a namespace may learn from it has to be bounded: by
/// a label that a proxy enforces, by queries that are written here, or not at all where the grant says so.
/// </summary>
public sealed record PrometheusGrant
{
    /// <summary>The name in <c>prometheusRef</c>.</summary>
    public required string Name { get; init; }

    /// <summary>Who may use it.</summary>
    public required NamespaceList Namespaces { get; init; }

    /// <summary>The server's base URL, ending in a slash.</summary>
    public required Uri Url { get; init; }

    /// <summary>File with a bearer token, read again for each query; null: none is sent.</summary>
    public string? BearerTokenFile { get; init; }

    /// <summary>
    /// The parameter that is sent with each query, with the object's namespace as its value: a proxy (prom-label-proxy) adds the label to every
    /// selector. Null: none is sent.
    /// </summary>
    public string? EnforcedLabel { get; init; }

    /// <summary>The queries by name; where there are any, a gate's <c>query</c> names one of them. <c>$namespace</c> in one is the object's.</summary>
    public IReadOnlyDictionary<string, string> Queries { get; init; } = ImmutableDictionary<string, string>.Empty;

    /// <summary>Whether any query over all series is allowed.</summary>
    public bool AllSeries { get; init; }

    /// <summary>The parameters of a request, or why there is none.</summary>
    /// <param name="query">The gate's query.</param>
    /// <param name="inNamespace">The object's namespace.</param>
    public (string? Parameters, string? Refusal) Ask(string query, string inNamespace)
    {
        ArgumentNullException.ThrowIfNull(query);
        ArgumentNullException.ThrowIfNull(inNamespace);
        if (Queries.Count > 0)
        {
            return Queries.TryGetValue(query, out var written)
                ? (Parameter("query", written.Replace("$namespace", inNamespace, StringComparison.Ordinal)) + Label(inNamespace), null)
                : (null, $"Prometheus server '{Name}' is granted for named queries only, and query names none of them: use one of {string.Join(", ", Queries.Keys.Order(StringComparer.Ordinal))}");
        }

        return EnforcedLabel is null && !AllSeries
            ? (null, $"Prometheus server '{Name}' is granted without a bound: its entry in 'prometheus' of the operator's grants needs queries, enforcedLabel or allSeries")
            : (Parameter("query", query) + Label(inNamespace), null);
    }

    private static string Parameter(string name, string value) => $"{name}={Uri.EscapeDataString(value)}";

    private string Label(string inNamespace) => EnforcedLabel is { } label ? "&" + Parameter(label, inNamespace) : "";
}
