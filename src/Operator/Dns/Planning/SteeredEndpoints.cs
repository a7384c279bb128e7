using Modestano.Crds.V1Alpha1;
using Modestano.Operator.Dns.Records;

namespace Modestano.Operator.Dns.Planning;

/// <summary>
/// What a record's endpoints are while a migration decides on its weights. An edit of the spec moves no traffic then: an endpoint that the
/// migration has not computed serves nothing, one that left the spec stays, and what answers with a weight stays what it was at the latest
/// step (a new value or health check moves traffic as a new weight does). Pure.
/// </summary>
public static class SteeredEndpoints
{
    /// <summary>The endpoints that count, with the weights that count.</summary>
    /// <param name="spec">The record's own.</param>
    /// <param name="latch">What a migration asks for; null, or without weights: the spec alone counts.</param>
    /// <param name="served">Weights as Route 53 holds them.</param>
    public static IReadOnlyList<EndpointSpec> Of(WeightedDnsRecordSpec spec, LatchedOverride? latch, IReadOnlyDictionary<string, int> served)
    {
        ArgumentNullException.ThrowIfNull(spec);
        ArgumentNullException.ThrowIfNull(served);
        if (latch?.Weights is not { } weights)
        {
            return spec.Endpoints;
        }

        bool Serves(string id) => weights.GetValueOrDefault(id) > 0 || served.GetValueOrDefault(id) > 0;
        var latched = (latch.Endpoints ?? []).ToDictionary(e => e.SetIdentifier, StringComparer.Ordinal);
        EndpointSpec Values(EndpointSpec e) => Serves(e.SetIdentifier) && latched.TryGetValue(e.SetIdentifier, out var kept) ? AsLatched(kept) : e;
        var own = spec.Endpoints.Select(e => Values(e) with { Weight = weights.GetValueOrDefault(e.SetIdentifier) });
        var left = latched.Values
            .Where(e => weights.ContainsKey(e.SetIdentifier) && spec.Endpoints.All(s => s.SetIdentifier != e.SetIdentifier))
            .Select(e => AsLatched(e) with { Weight = weights[e.SetIdentifier] });
        return [.. own, .. left];
    }

    /// <summary>Edits of the spec that wait, in words; null: none.</summary>
    public static string? Waiting(WeightedDnsRecordSpec spec, LatchedOverride? latch, IReadOnlyDictionary<string, int> served)
    {
        ArgumentNullException.ThrowIfNull(spec);
        if (latch?.Weights is not { } weights)
        {
            return null;
        }

        var counting = Of(spec, latch, served).ToDictionary(e => e.SetIdentifier, StringComparer.Ordinal);
        var added = spec.Endpoints.Where(e => e.Weight > 0 && !weights.ContainsKey(e.SetIdentifier)).Select(e => $"{e.SetIdentifier} serves nothing until it has computed a weight for it");
        var edited = spec.Endpoints.Where(e => !AnswerAlike(e, counting[e.SetIdentifier], spec.Type)).Select(e => $"what {e.SetIdentifier} answers with changes with its next step (or with the annotation {Annotations.TakeEdits})");
        var removed = counting.Keys.Where(id => spec.Endpoints.All(e => e.SetIdentifier != id)).Select(id => $"{id} goes when it lets go of the record");
        string[] all = [.. added, .. edited, .. removed];
        return all.Length == 0 ? null : string.Join(", ", all);
    }

    private static bool AnswerAlike(EndpointSpec one, EndpointSpec other, string type) =>
        one.HealthCheckId == other.HealthCheckId && one.Alias == other.Alias
        && (one.Values ?? []).Select(v => RecordValues.Meaning(type, v)).Order(StringComparer.Ordinal).SequenceEqual((other.Values ?? []).Select(v => RecordValues.Meaning(type, v)).Order(StringComparer.Ordinal));

    private static EndpointSpec AsLatched(LatchedEndpoint latched) => new()
    {
        SetIdentifier = latched.SetIdentifier,
        Region = latched.Region,
        Values = latched.Values,
        Alias = latched.Alias,
        HealthCheckId = latched.HealthCheckId,
    };
}
