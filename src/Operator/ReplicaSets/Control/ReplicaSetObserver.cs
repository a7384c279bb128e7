using Modestano.Crds.V1Alpha1;
using Modestano.Operator.ReplicaSets.Mongo;
using Modestano.Operator.ReplicaSets.Observation;
using Modestano.Operator.ReplicaSets.Planning;
using Modestano.Operator.ReplicaSets.Planning.Situations;
using Modestano.Operator.ReplicaSets.Secrets;
using Modestano.Operator.ReplicaSets.Topology;
using Modestano.Operator.Runtime;

namespace Modestano.Operator.ReplicaSets.Control;

/// <summary>Reads the members and folds what they say into the set's memory.</summary>
internal sealed class ReplicaSetObserver(
    IReplicaSetGateway gateway,
    ConnectionSource connections,
    MongoConnectionOptions options,
    TimeProvider time)
{
    /// <summary>
    /// Even at rest every member is asked about this often: only it can tell its clock, its version and its oplog. It costs a login each; that a
    /// member lost its data or its name the primary sees within a heartbeat.
    /// </summary>
    private static readonly TimeSpan AllInterval = TimeSpan.FromMinutes(30);

    /// <summary>How often the primary of a set at rest is asked for its oplog, its transactions and its defaults, not its state alone.</summary>
    private static readonly TimeSpan PrimaryInterval = TimeSpan.FromMinutes(5);

    /// <summary>How long the size of the data is believed while members wait to copy it.</summary>
    private static readonly TimeSpan DataSizeInterval = TimeSpan.FromMinutes(30);

    /// <summary>One observation.</summary>
    /// <exception cref="ConnectionRefusedException">A Secret is not usable, or a host of the spec is not granted.</exception>
    public async Task<(ReplicaSetTarget Target, ObservedReplicaSet Observed)> ObserveAsync(MongoReplicaSet set, ReplicaSetMemory memory, CancellationToken cancellationToken)
    {
        // Before a Secret is read: where nothing is granted, the operator has no right to read one, and that is not what is to be told.
        if (RefusalOf(set, ObjectKey.Of(set)) is { } refusal)
        {
            throw new ConnectionRefusedException(ConnectionReasons.NotGranted, refusal);
        }

        var target = new ReplicaSetTarget(ObjectKey.Of(set), await connections.GetAsync(set, cancellationToken)) { SetName = set.Spec.ReplicaSetName };
        var seen = await GlanceAsync(set, target, memory, cancellationToken) ?? await AskEverybodyAsync(set, target, memory, cancellationToken);
        seen = await WithApplicationsAsync(set, target, seen, cancellationToken);
        seen = await WithDataSizeAsync(set, target, memory, seen, cancellationToken);
        seen = await WithFirstLookAsync(set, target, memory, seen, cancellationToken);
        (memory.Stability, var steady) = memory.Stability.Fold(seen, set.Spec.Reconfiguration.MaxReplicationLag.Value);
        (memory.InitialSyncs, var observed) = memory.InitialSyncs.Fold(steady);
        memory.History = DriftTracker.Fold(Past(set, memory, observed.ReplicaSetId), observed, Policies.From(set.Spec));
        memory.Observed = observed;
        memory.Generation = set.Metadata.Generation;
        return (target, observed);
    }

    /// <summary>
    /// Why nobody is asked: a host of the spec is not granted. While a migration steers the set, the granted members are asked all the same: a
    /// missing grant for where it goes must not keep it from the way back. A host without a grant is never asked, and so never added.
    /// </summary>
    private string? RefusalOf(MongoReplicaSet set, ObjectKey key)
    {
        var refusals = Wanted(set).Select(host => options.RefusalFor(key, host)).ToList();
        return set.Status?.Override is not null && refusals.Contains(null) ? null : refusals.FirstOrDefault(r => r is not null);
    }

    /// <summary>At rest: the primary's answer, mostly of one command, laid over what everybody said. Null: everybody has to be asked.</summary>
    private async Task<ObservedReplicaSet?> GlanceAsync(MongoReplicaSet set, ReplicaSetTarget target, ReplicaSetMemory memory, CancellationToken cancellationToken)
    {
        var wanted = Wanted(set);

        // A migration's gates decide by what is seen here: for them each member is asked itself, as the primary may not have noticed yet that it is gone.
        if (!memory.IsAtRest
            || set.Status?.Override is not null
            || memory.Observed is not { Primary: { } primary } before
            || memory.Generation != set.Metadata.Generation
            || time.GetUtcNow() >= memory.AllDueAt
            || !wanted.TrueForAll(h => before.Members.ContainsKey(h.SpelledAs(before.Members.Keys))))
        {
            return null;
        }

        memory.AllAsked = false;
        if (time.GetUtcNow() < memory.PrimaryDueAt)
        {
            var state = await gateway.ObserveAsync(target, [primary], ObservationReach.StatusOnly, cancellationToken);
            return ObservationRefresh.Merge(before, state[0]);
        }

        memory.PrimaryDueAt = time.GetUtcNow() + Spread.Of(target.Set, PrimaryInterval);
        var replies = await gateway.ObserveAsync(target, [primary], ObservationReach.NamedHosts, cancellationToken);
        return ObservationRefresh.Merge(before, ObservationBuilder.Build(replies, wanted, before.ReplicaSetId, time.GetUtcNow()));
    }

    private async Task<ObservedReplicaSet> AskEverybodyAsync(MongoReplicaSet set, ReplicaSetTarget target, ReplicaSetMemory memory, CancellationToken cancellationToken)
    {
        var wanted = Wanted(set);

        // After a restart the status remembers the members that the spec no longer names: they may be all that there is of the set. While it is
        // not known which set is meant, the members of one that the spec no longer names would decide that.
        var known = set.Status?.ReplicaSetId is null ? [] : memory.Observed?.Config?.Members.Select(m => m.Host) ?? set.Status.Members?.Where(m => m.Votes is not null).Select(m => m.Host) ?? [];
        var replies = await gateway.ObserveAsync(target, [.. known.Union(wanted, HostNames.Comparer)], ObservationReach.AllMembers, cancellationToken);
        if (replies.Any(r => r.Connection?.Kind is MongoFailureKind.AuthenticationFailed or MongoFailureKind.TlsFailed))
        {
            connections.Doubt(target.Set);
        }

        memory.AllAsked = true;
        memory.IsWantedFresh = false;
        memory.AllDueAt = time.GetUtcNow() + Spread.Of(target.Set, AllInterval);
        memory.PrimaryDueAt = time.GetUtcNow() + Spread.Of(target.Set, PrimaryInterval);
        var observed = ObservationBuilder.Build(replies, wanted, set.Status?.ReplicaSetId, time.GetUtcNow());
        memory.Contact = Contact.Choose(replies, observed.Primary, set.Spec.Reconfiguration.MaxReplicationLag.Value);
        return observed;
    }

    /// <summary>Who is still connected to members that a migration hides, in every pass: that is what it waits for.</summary>
    private async Task<ObservedReplicaSet> WithApplicationsAsync(MongoReplicaSet set, ReplicaSetTarget target, ObservedReplicaSet seen, CancellationToken cancellationToken)
    {
        if (set.Status?.Override?.HiddenMembers is not { Count: > 0 } hidden)
        {
            return seen;
        }

        var applications = await gateway.ApplicationsAsync(target, [.. hidden.Select(h => h.SpelledAs(seen.Members.Keys))], cancellationToken);
        return seen with
        {
            Members = seen.Members.ToDictionary(m => m.Key, m => applications.TryGetValue(m.Key, out var found) ? m.Value with { Applications = found } : m.Value, StringComparer.Ordinal),
        };
    }

    /// <summary>While somebody waits to be added, and seldom: it takes a command for each database.</summary>
    private async Task<ObservedReplicaSet> WithDataSizeAsync(MongoReplicaSet set, ReplicaSetTarget target, ReplicaSetMemory memory, ObservedReplicaSet seen, CancellationToken cancellationToken)
    {
        if (seen is not { Config: { } config, Primary: { } primary } || set.Spec.Regions.SelectMany(r => r.Members).All(m => m.ArbiterOnly == true || config.Find(m.Host) is not null))
        {
            return seen;
        }

        if (memory.DataSize is not { } known || time.GetUtcNow() - known.At >= DataSizeInterval)
        {
            memory.DataSize = known = (await gateway.DataSizeAsync(target, primary, cancellationToken), time.GetUtcNow());
        }

        return seen with { DataSizeBytes = known.Bytes };
    }

    /// <summary>What a person wants to know before anything is applied, and nobody needs later.</summary>
    private async Task<ObservedReplicaSet> WithFirstLookAsync(MongoReplicaSet set, ReplicaSetTarget target, ReplicaSetMemory memory, ObservedReplicaSet seen, CancellationToken cancellationToken)
    {
        if (set.Spec.Reconfiguration.Mode == "Apply")
        {
            return seen;
        }

        if (seen.Primary is { } primary && (memory.Roles is not { } known || time.GetUtcNow() - known.At >= AllInterval))
        {
            memory.Roles = (await gateway.RolesAsync(target, primary, cancellationToken), time.GetUtcNow());
        }

        foreach (var (name, end) in target.Connection.CertificateEnds)
        {
            memory.CertificateEnds[name] = end;
        }

        return seen with
        {
            OperatorRoles = memory.Roles?.Names,
            Members = memory.CertificateEnds.Count == 0
                ? seen.Members
                : seen.Members.ToDictionary(m => m.Key, m => memory.CertificateEnds.TryGetValue(HostNames.NameOf(m.Key), out var end) ? m.Value with { CertificateEnd = end } : m.Value, StringComparer.Ordinal),
        };
    }

    private static List<string> Wanted(MongoReplicaSet set) => [.. set.Spec.Regions.SelectMany(r => r.Members).Select(m => m.Host)];

    /// <summary>The past with what status remembers of it; an edit of the spec acknowledges what others did before.</summary>
    private static PlanningHistory Past(MongoReplicaSet set, ReplicaSetMemory memory, string? replicaSetId)
    {
        // While it is not known which set is meant, the pass before may have looked at another one: that is no past of this one.
        var isOfAnother = set.Status?.ReplicaSetId is null && memory.Observed?.ReplicaSetId != replicaSetId;
        var past = memory.History with
        {
            KnownReplicaSetId = set.Status?.ReplicaSetId,
            SawSeveralSets = set.Status is { ReplicaSetId: null } && set.Status.Conditions?.Any(c => c is { Type: ConditionTypes.Stalled, Status: "True", Reason: PlanReasons.MemberOfAnotherSet }) == true,
            LastSeenConfig = isOfAnother ? null : memory.History.LastSeenConfig,
            LastKnownVersion = isOfAnother ? null : memory.History.LastKnownVersion ?? set.Status?.ConfigVersion,
            RecoveryUsed = RecoveryUse.Covers(RecoveryUse.Sent(set.Status?.Recovery, memory.UnsentPermit), set.Spec.Recovery),
        };
        if (memory.Observed is null)
        {
            past = HeldChanges.Restore(past, set);
            memory.ToldOfChangesUntil = past.ForeignChanges is [.., var held] ? held.At : null;
        }

        return memory.Generation is { } before && before != set.Metadata.Generation ? past.Acknowledged() : past;
    }
}
