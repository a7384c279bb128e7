using Modestano.Crds.V1Alpha1;

namespace Modestano.Operator.Migrations.Planning;

/// <summary>Builds what the targets are asked for. The revision is raised by the planner when the values differ.</summary>
public static class Asks
{
    /// <summary>How long a permission to raise weights is good for: two renewals fit into it, and a dead operator's runs out soon.</summary>
    public static readonly TimeSpan PermitDuration = TimeSpan.FromSeconds(30);

    /// <summary>The records at a share of the traffic.</summary>
    public static MigrationOverride AtPercent(MigrationContext context, MigrationOverride current, int percent)
    {
        var records = context.RecordRefs.Select(reference =>
        {
            var origin = context.Status.Origin!.Records!.First(r => r.Name == reference.Name).Weights;
            var asked = SteeredEndpoints.Asked(context.Status, reference.Name);
            var endpoints = SteeredEndpoints.Of(context.Records.GetValueOrDefault(reference.Name), asked);
            var weights = TrafficWeights.For(endpoints, origin, context.Spec.From, context.Spec.To, percent, reference.TargetWeights);

            // Records may stand at different shares when they are claimed: none goes back because others are behind it.
            decimal? Share(IReadOnlyDictionary<string, int> of) => TrafficWeights.PercentInNewRegion(endpoints, of, context.Spec.From, context.Spec.To);
            return new RecordOverride
            {
                Name = reference.Name,
                Weights = asked is not null && Share(asked.Weights) > Share(weights) ? asked.Weights : weights,
                Regions = SteeredEndpoints.Regions(endpoints),
                PermittedUntil = (context.Now + PermitDuration).UtcDateTime,
            };
        });
        return current with { Records = [.. records] };
    }

    /// <summary>Permission to raise weights, given anew; unchanged while the old one is good for more than half of its time.</summary>
    public static MigrationOverride Permit(MigrationOverride current, DateTimeOffset now)
    {
        var enough = (now + (PermitDuration / 2)).UtcDateTime;
        return current.Records is null || current.Records.All(r => r.PermittedUntil >= enough)
            ? current
            : current with { Records = [.. current.Records.Select(r => r with { PermittedUntil = (now + PermitDuration).UtcDateTime })] };
    }

    /// <summary>Permission to raise weights, taken back.</summary>
    public static MigrationOverride Forbid(MigrationOverride current) =>
        current.Records is null || current.Records.All(r => r.PermittedUntil is null)
            ? current
            : current with { Records = [.. current.Records.Select(r => r with { PermittedUntil = null })] };

    /// <summary>A record that nobody would serve if it got what it is asked for (D1); null: none. What was asked for before is not judged again.</summary>
    public static RecordOverride? NobodyServes(MigrationOverride? before, MigrationOverride? asked) => (asked?.Records ?? [])
        .FirstOrDefault(r => r.Weights.Values.All(w => w <= 0) && !(before?.Records ?? []).Any(b => b.Name == r.Name && SameWeights(b.Weights, r.Weights)));

    /// <summary>Whether two overrides ask for the same; permissions and the revision do not count.</summary>
    public static bool SameValues(MigrationOverride? one, MigrationOverride? other)
    {
        if (one is null || other is null)
        {
            return one is null && other is null;
        }

        return one.PrimaryRegion == other.PrimaryRegion
            && (one.Hold ?? false) == (other.Hold ?? false)
            && (one.Immediate ?? false) == (other.Immediate ?? false)
            && (one.RetiredMembers ?? []).SequenceEqual(other.RetiredMembers ?? [])
            && (one.HiddenMembers ?? []).SequenceEqual(other.HiddenMembers ?? [])
            && (one.VotelessMembers ?? []).SequenceEqual(other.VotelessMembers ?? [])
            && (one.Records ?? []).Count == (other.Records ?? []).Count
            && (one.Records ?? []).Zip(other.Records ?? []).All(pair => pair.First.Name == pair.Second.Name && SameWeights(pair.First.Weights, pair.Second.Weights));
    }

    /// <summary>Whether two records ask for the same weights; an endpoint that is not named has none.</summary>
    public static bool SameWeights(IReadOnlyDictionary<string, int> one, IReadOnlyDictionary<string, int> other) =>
        one.Keys.Union(other.Keys).All(id => one.GetValueOrDefault(id) == other.GetValueOrDefault(id));
}
