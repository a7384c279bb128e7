using Modestano.Crds.V1Alpha1;
using Modestano.Operator.Migrations.Planning;

namespace Modestano.Operator.Migrations.Gates;

/// <summary>The Route 53 health checks of the endpoints that traffic goes to (D5). Pure.</summary>
public static class EndpointGates
{
    /// <summary>One gate a record that has a health check in the region.</summary>
    public static IEnumerable<GateStatus> Evaluate(IEnumerable<WeightedDnsRecord> records, string region, DateTimeOffset now)
    {
        foreach (var record in records)
        {
            var checkedOnes = (record.Status?.Endpoints ?? []).Where(e => e.Region == region && e.Health is not null).ToList();
            if (checkedOnes.Count == 0)
            {
                continue;
            }

            var bad = checkedOnes.FirstOrDefault(e => e.Health == "Unhealthy") ?? checkedOnes.FirstOrDefault(e => e.Health != "Healthy");
            yield return new GateStatus
            {
                Name = $"health-check-{record.Metadata.Name}",
                Result = bad is null ? GateVerdict.Passing : bad.Health == "Unhealthy" ? GateVerdict.Failing : GateVerdict.Unknown,
                Message = bad is null ? $"every health check in {region} passes" : $"the health check of endpoint {bad.SetIdentifier} is {bad.Health}",
                Time = now.UtcDateTime,
            };
        }
    }
}
