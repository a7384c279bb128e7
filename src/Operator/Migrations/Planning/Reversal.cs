using Modestano.Crds.V1Alpha1;

namespace Modestano.Operator.Migrations.Planning;

/// <summary>
/// The migration that takes primary and traffic back after one that has ended. It is a migration like any other, with steps, gates and a way
/// back of its own; a roll-back is for one that still runs. Pure.
/// </summary>
public static class Reversal
{
    /// <summary>The spec of the way back: the same sets, records, steps and gates, the other way round, and nobody leaves a set.</summary>
    public static RegionMigrationSpec Of(RegionMigration migration)
    {
        ArgumentNullException.ThrowIfNull(migration);
        var spec = migration.Spec;
        return spec with
        {
            From = spec.To,
            To = spec.From,
            Intent = "Proceed",
            DnsRecordRefs = spec.DnsRecordRefs is { } records ? [.. records.Select(r => r with { TargetWeights = Parts(migration, r.Name) })] : null,
            Decommission = new DecommissionSpec(),
        };
    }

    // The parts of the way there are those of the other region. Where the old one had several endpoints, its traffic is split as it was.
    private static Dictionary<string, int>? Parts(RegionMigration migration, string record)
    {
        if (migration.Status?.Origin?.Records?.FirstOrDefault(r => r.Name == record) is not { Regions: { } regions } began)
        {
            return null;
        }

        var parts = began.Weights.Where(w => regions.GetValueOrDefault(w.Key) == migration.Spec.From).ToDictionary(StringComparer.Ordinal);
        return parts.Values.Distinct().Count() > 1 ? parts : null;
    }
}
