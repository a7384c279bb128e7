using k8s.Models;
using Modestano.Crds.V1Alpha1;
using Modestano.Operator.Dns.Weights;
using Modestano.Operator.Overrides;

namespace Modestano.Operator.Dns.Planning;

/// <summary>Who holds a record, in words. Pure.</summary>
internal static class RecordHold
{
    // Shares that differ by less are the same weights, rounded.
    private const double SmallestShare = 0.001;

    /// <summary>Why nothing may be started; null: it may.</summary>
    public static string? Of(WeightedDnsRecord record, OverrideDecision decision) =>
        ByAnnotation(record) is { } held ? held
        : !decision.Hold ? null
        : decision.State == OverrideState.Silent ? $"The migration {decision.Latch?.MigrationName} asks for less than it did before, as after a restore: nothing is moved until it is clear"
        : $"The migration {decision.Latch?.MigrationName} holds";

    /// <summary>
    /// Why nothing is moved before a migration that names the record has taken up what is served: restored without a status, neither of the two
    /// knows any more that the weights of the spec are old. Null: the spec takes nothing from the region that the migration moves to.
    /// </summary>
    public static string? MovesBack(WeightedDnsRecord record, OverrideDecision decision, ObservedGroup group)
    {
        if (decision.Untaken is not { } untaken)
        {
            return null;
        }

        var there = record.Spec.Endpoints.Where(e => e.Region == untaken.To).Select(e => e.SetIdentifier).ToHashSet(StringComparer.Ordinal);
        var served = group.Sets.Where(s => s.SetIdentifier is not null).ToDictionary(s => s.SetIdentifier!, s => s.Weight ?? 0, StringComparer.Ordinal);
        var wanted = record.Spec.Endpoints.ToDictionary(e => e.SetIdentifier, e => e.Weight, StringComparer.Ordinal);
        double Share(IReadOnlyDictionary<string, int> weights) => Shares.Of(weights).Where(s => there.Contains(s.Key)).Sum(s => s.Value);
        return Share(wanted) < Share(served) - SmallestShare
            ? $"RegionMigration {untaken.MigrationName} has not taken up this record, and the spec would move traffic out of {untaken.To}: nothing is moved until it has, or is deleted"
            : null;
    }

    /// <summary>What a person's annotation says about it; null: there is none.</summary>
    public static string? ByAnnotation(WeightedDnsRecord record) =>
        record.GetAnnotation(Annotations.Hold) is { } why ? $"The annotation {Annotations.Hold} stops work ({why}): remove it to go on" : null;
}
