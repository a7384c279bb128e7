using Modestano.Crds.V1Alpha1;
using Modestano.Operator.ReplicaSets.Mongo;
using Modestano.Operator.ReplicaSets.Observation;
using Modestano.Operator.ReplicaSets.Planning;
using Modestano.Operator.ReplicaSets.Secrets;
using Modestano.Operator.Runtime;

namespace Modestano.Operator.ReplicaSets.Control;

/// <summary>Reads the members and folds what they say into the set's memory.</summary>
internal sealed class ReplicaSetObserver(
    IReplicaSetGateway gateway,
    ConnectionSource connections,
    MongoConnectionOptions options,
    TimeProvider time)
{
    /// <summary>Even at rest every member is asked this often: only it can tell that it lost its data, its name or its clock.</summary>
    private static readonly TimeSpan FullInterval = TimeSpan.FromMinutes(10);

    /// <summary>One observation.</summary>
    /// <exception cref="ConnectionRefusedException">A Secret is not usable, or credentials may not go to a host of the spec.</exception>
    public async Task<(ReplicaSetTarget Target, ObservedReplicaSet Observed)> ObserveAsync(MongoReplicaSet set, ReplicaSetMemory memory, CancellationToken cancellationToken)
    {
        var target = new ReplicaSetTarget(ObjectKey.Of(set), await connections.GetAsync(set, cancellationToken));
        if (target.Connection.Mechanism is not null && Wanted(set).Select(options.RefusalFor).FirstOrDefault(r => r is not null) is { } refusal)
        {
            throw new ConnectionRefusedException(ConnectionReasons.NotGranted, refusal);
        }

        var seen = await GlanceAsync(set, target, memory, cancellationToken) ?? await AskEverybodyAsync(set, target, memory, cancellationToken);
        seen = await WithApplicationsAsync(set, target, seen, cancellationToken);
        (memory.Stability, var steady) = memory.Stability.Fold(seen, set.Spec.Reconfiguration.MaxReplicationLag.Value);
        (memory.InitialSyncs, var observed) = memory.InitialSyncs.Fold(steady);
        memory.History = DriftTracker.Fold(Past(set, memory), observed, Policies.From(set.Spec));
        memory.Observed = observed;
        memory.Generation = set.Metadata.Generation;
        return (target, observed);
    }

    /// <summary>At rest: the primary's answer, laid over what everybody said. Null: everybody has to be asked.</summary>
    private async Task<ObservedReplicaSet?> GlanceAsync(MongoReplicaSet set, ReplicaSetTarget target, ReplicaSetMemory memory, CancellationToken cancellationToken)
    {
        var wanted = Wanted(set);
        if (!memory.IsAtRest
            || memory.Observed is not { Primary: { } primary } before
            || time.GetUtcNow() - memory.FullyObservedAt >= FullInterval
            || !wanted.TrueForAll(before.Members.ContainsKey))
        {
            return null;
        }

        var replies = await gateway.ObserveAsync(target, [primary], ObservationReach.NamedHosts, cancellationToken);
        return ObservationRefresh.Merge(before, ObservationBuilder.Build(replies, wanted, before.ReplicaSetId, time.GetUtcNow()));
    }

    private async Task<ObservedReplicaSet> AskEverybodyAsync(MongoReplicaSet set, ReplicaSetTarget target, ReplicaSetMemory memory, CancellationToken cancellationToken)
    {
        var wanted = Wanted(set);

        // After a restart the status remembers the members that the spec no longer names: they may be all that there is of the set.
        var known = memory.Observed?.Config?.Members.Select(m => m.Host) ?? set.Status?.Members?.Where(m => m.Votes is not null).Select(m => m.Host) ?? [];
        var replies = await gateway.ObserveAsync(target, [.. wanted.Union(known, StringComparer.Ordinal)], ObservationReach.AllMembers, cancellationToken);
        if (replies.Any(r => r.Connection?.Kind == MongoFailureKind.AuthenticationFailed))
        {
            connections.Doubt(target.Set);
        }

        memory.FullyObservedAt = time.GetUtcNow();
        return ObservationBuilder.Build(replies, wanted, set.Status?.ReplicaSetId, time.GetUtcNow());
    }

    /// <summary>Who is still connected to members that a migration hides, in every pass: that is what it waits for.</summary>
    private async Task<ObservedReplicaSet> WithApplicationsAsync(MongoReplicaSet set, ReplicaSetTarget target, ObservedReplicaSet seen, CancellationToken cancellationToken)
    {
        if (set.Status?.Override?.HiddenMembers is not { Count: > 0 } hidden)
        {
            return seen;
        }

        var applications = await gateway.ApplicationsAsync(target, hidden, cancellationToken);
        return seen with
        {
            Members = seen.Members.ToDictionary(m => m.Key, m => applications.TryGetValue(m.Key, out var found) ? m.Value with { Applications = found } : m.Value, StringComparer.Ordinal),
        };
    }

    private static List<string> Wanted(MongoReplicaSet set) => [.. set.Spec.Regions.SelectMany(r => r.Members).Select(m => m.Host)];

    /// <summary>The past with what status remembers of it; an edit of the spec acknowledges what others did before.</summary>
    private static PlanningHistory Past(MongoReplicaSet set, ReplicaSetMemory memory)
    {
        var past = memory.History with
        {
            KnownReplicaSetId = set.Status?.ReplicaSetId,
            LastKnownVersion = memory.History.LastKnownVersion ?? set.Status?.ConfigVersion,
            RecoveryUsed = RecoveryUse.Covers(set.Status?.Recovery, set.Spec.Recovery),
        };
        return memory.Generation is { } before && before != set.Metadata.Generation ? past.Acknowledged() : past;
    }
}
