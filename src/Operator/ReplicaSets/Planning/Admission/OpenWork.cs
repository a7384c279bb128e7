using System.Globalization;
using Modestano.Operator.ReplicaSets.Observation;

namespace Modestano.Operator.ReplicaSets.Planning.Admission;

/// <summary>Work on the servers that a change of votes or of the primary would disturb.</summary>
internal static class OpenWork
{
    private const string IndexBuilds = "IndexBuilds";

    /// <summary>
    /// What runs; null: nothing. What is not known does not count: not every login may ask. While a region has failed an index build does not
    /// count either: it may wait for that region's voters for ever, and the evacuation for it.
    /// </summary>
    public static Blocker? Check(PlanContext context) => First(context, f => f.Check != IndexBuilds || !HasFailedRegion(context));

    /// <summary>The same, index builds aside.</summary>
    public static Blocker? OldTransaction(PlanContext context) => First(context, f => f.Check != IndexBuilds);

    /// <summary>Transactions and index builds of every data-bearing member that tells.</summary>
    public static IEnumerable<Finding> Of(ObservedReplicaSet observed, PlanningPolicy policy)
    {
        var limit = policy.MaxTransactionAge;
        var members = observed.Config!.Members.Where(m => !m.ArbiterOnly).Select(m => observed.Member(m.Host)).ToList();
        foreach (var member in members.Where(m => m.OldestTransactionAge is not null))
        {
            yield return Finding.Of(
                "OldestTransaction",
                member.Host,
                member.OldestTransactionAge <= limit,
                Buckets.Lag(member.OldestTransactionAge),
                new Crds.V1Alpha1.Duration(limit).ToString(),
                () => new Blocker(PlanReasons.LongTransaction, $"a transaction older than {limit.TotalSeconds:0.###} s is open on {member.Host}: the next change of votes or primary waits for it"));
        }

        foreach (var member in members.Where(m => m.IndexBuilds is not null))
        {
            yield return Finding.Of(
                IndexBuilds,
                member.Host,
                member.IndexBuilds == 0,
                member.IndexBuilds?.ToString(CultureInfo.InvariantCulture),
                "0",
                () => new Blocker(PlanReasons.LongTransaction, $"an index is built on {member.Host}: the next change of votes or primary waits for it. By default a build waits for every voter: if one is gone for good, lower the build's quorum with setIndexCommitQuorum on the primary"));
        }
    }

    private static Blocker? First(PlanContext context, Func<Finding, bool> counts) => Of(context.Observed, context.Policy).Where(counts).Select(f => f.Blocker).FirstOrDefault(b => b is not null);

    /// <summary>A region with data in which the primary sees nobody healthy, and where it does not belong.</summary>
    private static bool HasFailedRegion(PlanContext context) => context.Config.Members.Where(m => m.IsDataBearing)
        .GroupBy(context.RegionOf)
        .Any(region => region.Key.Length > 0 && region.Key != context.Rest.PrimaryRegion && region.All(m => context.Observed.Member(m.Host).Healthy == false));
}
