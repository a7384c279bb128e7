using Modestano.Crds.V1Alpha1;
using Modestano.Operator.ReplicaSets.Control;
using Modestano.Operator.ReplicaSets.Observation;
using Modestano.Operator.ReplicaSets.Topology;
using Modestano.Operator.Runtime;

namespace Modestano.Operator.Migrations.Gates;

/// <summary>
/// What the replica set's own controller saw last, while that is fresh; a stale observation is no observation, and a new pass is asked for.
/// </summary>
public sealed class ObservedHealthSource(ObservedReplicaSets observations, IEntityQueue<MongoReplicaSet> queue, TimeProvider time) : IReplicaSetHealthSource
{
    /// <summary>An observation older than this says nothing about now.</summary>
    public static readonly TimeSpan Freshness = TimeSpan.FromSeconds(10);

    /// <inheritdoc/>
    public ReplicaSetHealth? Observe(MongoReplicaSet replicaSet, DateTimeOffset? notBefore)
    {
        ArgumentNullException.ThrowIfNull(replicaSet);
        var key = ObjectKey.Of(replicaSet);
        var observed = observations.Find(key);
        var age = observed is null ? TimeSpan.MaxValue : time.GetUtcNow() - observed.At;
        var isFresh = age <= Freshness && (notBefore is null || observed!.At >= notBefore);
        if (age > Freshness / 2 || !isFresh)
        {
            observations.WantFresh(key);
            queue.Enqueue(key);
        }

        return observed is null || !isFresh ? null : Of(observed, replicaSet.Spec);
    }

    /// <summary>The part of an observation that gates look at.</summary>
    public static ReplicaSetHealth? Of(ObservedReplicaSet observed, MongoReplicaSetSpec spec)
    {
        ArgumentNullException.ThrowIfNull(observed);
        ArgumentNullException.ThrowIfNull(spec);
        var regions = spec.Regions.SelectMany(r => r.Members, (r, m) => (m.Host, r.Name)).DistinctBy(p => p.Host, HostNames.Comparer).ToDictionary(p => p.Host, p => p.Name, HostNames.Comparer);
        return observed.Config is null ? null : new ReplicaSetHealth(observed.Primary, [.. observed.Config.Members.Select(m => Of(m, observed.Member(m.Host), regions))]);
    }

    private static MemberFigures Of(ConfigMember member, ObservedMember seen, Dictionary<string, string> regions) => new(
        member.Host,
        regions.TryGetValue(member.Host, out var region) || member.Tags.TryGetValue(TagNames.Region, out region) ? region : null,
        member.IsVoter,
        !member.ArbiterOnly,
        seen is { Healthy: true, Reachable: true } && seen.State is MemberState.Primary or MemberState.Secondary or MemberState.Arbiter,
        seen.State == MemberState.Primary ? TimeSpan.Zero : seen.Lag,
        seen.OplogWindow)
    {
        IsVisible = !member.Hidden && member.SecondaryDelaySecs == 0,
        Applications = seen.Applications,
    };
}
