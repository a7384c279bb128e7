using Modestano.Crds.V1Alpha1;

namespace Modestano.Operator.Migrations.Planning;

/// <summary>
/// What a migration that is held for good has reached. It may be less than what it asked for: a target that a gate, a failure or the hold
/// itself kept from going on stays where it is, and that is what its spec has to say. Known is it once the target has taken up the hold and
/// has nothing under way.
/// </summary>
internal static class Reached
{
    /// <summary>The override with what is there in the place of what was asked for; targets of which that is not known stay as asked.</summary>
    public static MigrationOverride Of(MigrationContext context)
    {
        var asked = context.Status.Override!;
        return asked with
        {
            PrimaryRegion = IsKnown(context, ReplicaSet(context)) && context.ReplicaSet?.Status?.PrimaryRegion is { } region ? region : asked.PrimaryRegion,
            Records = asked.Records is null ? null : [.. asked.Records.Select(r => Of(context, r))],
        };
    }

    /// <summary>Whether it is known where the target stands. A released one, and one that is gone, is not asked.</summary>
    /// <param name="context">The look.</param>
    /// <param name="target">As <c>MongoReplicaSet/marketplace</c>.</param>
    public static bool IsKnown(MigrationContext context, string target)
    {
        var latched = target == ReplicaSet(context)
            ? context.ReplicaSet?.Status?.Override
            : context.ExistingRecords.FirstOrDefault(r => target == $"WeightedDnsRecord/{r.Metadata.Name}")?.Status?.Override;
        return latched is { Settled: true } && latched.MigrationUid == context.Uid && latched.ObservedRevision >= context.Status.Override!.Revision;
    }

    private static RecordOverride Of(MigrationContext context, RecordOverride asked) =>
        IsKnown(context, $"WeightedDnsRecord/{asked.Name}") && Targets.Served(context.Records[asked.Name]) is { } served && !Asks.SameWeights(served, asked.Weights) && served.Values.Any(w => w > 0)
            ? asked with { Weights = served, Regions = SteeredEndpoints.Regions(SteeredEndpoints.Of(context.Records[asked.Name], asked)) }
            : asked;

    private static string ReplicaSet(MigrationContext context) => $"MongoReplicaSet/{context.Spec.ReplicaSetRef.Name}";
}
