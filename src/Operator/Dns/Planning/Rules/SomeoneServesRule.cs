namespace Modestano.Operator.Dns.Planning.Rules;

/// <summary>
/// D1: no batch leaves all weights 0, which Route 53 treats as equal, nor gives weight only to endpoints known to be unhealthy.
/// </summary>
public static class SomeoneServesRule
{
    /// <summary>Why these weights must not be; null: they may.</summary>
    /// <param name="weights">Weight by identifier after the batch, others' included.</param>
    /// <param name="health">Health by identifier.</param>
    /// <param name="migration">The migration that asks for these weights; null: the spec does.</param>
    public static string? Broken(IReadOnlyDictionary<string, int> weights, IReadOnlyDictionary<string, EndpointHealth> health, string? migration = null)
    {
        ArgumentNullException.ThrowIfNull(weights);
        var serving = weights.Where(w => w.Value > 0).Select(w => w.Key).ToList();
        if (serving.Count == 0)
        {
            return "every weight would be 0, which Route 53 treats as equal shares: "
                + (migration is null ? "give one endpoint a weight above 0" : $"the migration {migration} asks for that, whatever spec.endpoints says; look at its status.override, and hold it or roll it back");
        }

        return serving.All(id => health.TryGetValue(id, out var seen) && seen == EndpointHealth.Unhealthy)
            ? $"only {string.Join(", ", serving)} would have weight, and their health checks fail: bring an endpoint up, or give weight to a healthy one"
            : null;
    }
}
