using System.Collections.Concurrent;
using k8s.Models;
using Modestano.Crds.V1Alpha1;
using Modestano.Operator.ReplicaSets.Mongo;
using Modestano.Operator.ReplicaSets.Observation;
using Modestano.Operator.ReplicaSets.Secrets;
using Modestano.Operator.Runtime;

namespace Modestano.Operator.ReplicaSets.Control;

/// <summary>
/// The sets that have not come to rest. Few of them keep a client for each member and are looked at as often as each asks for. When a whole
/// region fails, hundreds wait at the same time: then each keeps one client, to a member that tells what it sees, and everybody is asked when
/// that member tells something else, or when it is the set's turn: the longer it waits, the more seldom, down to a share of
/// <see cref="LooksPerSecond"/>. Only sets of namespaces that have more than their share of those that wait are looked at more seldom: a tenant
/// whose members never answer slows nobody else down.
/// </summary>
internal sealed class WaitingSets(IReplicaSetGateway gateway, ConnectionSource connections, TimeProvider time) : ILeadershipListener
{
    /// <summary>Members of sets that wait, beyond which clients are closed after each pass: a client costs two threads and three sockets.</summary>
    public const int MembersWithClients = 256;

    /// <summary>How many crowded sets have all their members asked in a second: each costs a login for each member that answers.</summary>
    public const double LooksPerSecond = 5;

    /// <summary>How many crowded sets have one member asked in a second, as a thousand at rest have.</summary>
    public const double GlancesPerSecond = 100;

    private readonly ConcurrentDictionary<ObjectKey, (int Members, DateTimeOffset Since)> _waiting = new();
    private readonly Crowd _crowd = new(MembersWithClients);

    /// <summary>In a crowd: asks the one member whether it tells what it told when everybody was asked.</summary>
    /// <returns>The time until the next pass; null: this pass has to ask everybody.</returns>
    /// <exception cref="ConnectionRefusedException">A Secret is not usable any more.</exception>
    public async Task<TimeSpan?> GlanceAsync(MongoReplicaSet entity, ReplicaSetMemory memory, CancellationToken cancellationToken)
    {
        if (memory.Parked is not { } parked)
        {
            return null;
        }

        var left = parked.Until - time.GetUtcNow();
        if (!_crowd.Holds(ObjectKey.Of(entity).Namespace) || memory.IsWantedFresh || left <= TimeSpan.Zero || parked.Asked != Asked(entity))
        {
            return null;
        }

        if (memory.Contact is { } contact)
        {
            var target = new ReplicaSetTarget(ObjectKey.Of(entity), await connections.GetAsync(entity, cancellationToken));
            if (target.Connection.Fingerprint != parked.Connection)
            {
                return null;
            }

            var replies = await gateway.ObserveAsync(target, [contact.Host], ObservationReach.StatusOnly, cancellationToken);
            if (Contact.Of(replies[0], entity.Spec.Reconfiguration.MaxReplicationLag.Value) != contact)
            {
                return null;
            }
        }

        return Durations.Least(left, parked.Glance);
    }

    /// <summary>After a pass that asked everybody: closes what the set may not keep.</summary>
    /// <param name="entity">The object.</param>
    /// <param name="target">Its members.</param>
    /// <param name="observed">What was seen.</param>
    /// <param name="memory">The set's memory.</param>
    /// <param name="pause">What the pass ended with.</param>
    /// <returns>The time until the next pass.</returns>
    public TimeSpan Leave(MongoReplicaSet entity, ReplicaSetTarget target, ObservedReplicaSet observed, ReplicaSetMemory memory, Pause pause)
    {
        var now = time.GetUtcNow();
        memory.Parked = null;

        // Under an override each pass asks everybody, at rest too: logging in each time would cost more than the clients.
        if (pause.IsAtRest && entity.Status?.Override is null && ObservationRefresh.SufficesThePrimary(observed))
        {
            Rests(target.Set);
            gateway.Rest(target.Set, observed.Primary);
            return pause.Usual;
        }

        var since = Waits(target.Set, observed.Members.Count, pause.HasActed);
        if (!_crowd.Holds(target.Set.Namespace))
        {
            return pause.Usual;
        }

        gateway.Rest(target.Set, memory.Contact?.Host);
        if (pause.HasActed || entity.Status?.Override is not null)
        {
            return pause.Usual;
        }

        var sets = _crowd.SetsInTurn(target.Set.Namespace);

        // An election or a commit takes seconds: what has just begun to wait, or has just taken a step, is looked at often, then ever more seldom.
        var turn = Durations.Most(pause.Usual, Durations.Least(now - since, TimeSpan.FromSeconds(sets / LooksPerSecond)));
        var until = now + (pause.Until is { } clock ? Durations.Most(clock - now, pause.Usual) : Spread.Of(target.Set, turn));
        var glance = Durations.Most(pause.Usual, TimeSpan.FromSeconds(sets / GlancesPerSecond));
        memory.Parked = new ParkedSet(until, glance, Asked(entity), target.Connection.Fingerprint);
        return Durations.Least(until - now, glance);
    }

    /// <summary>A pass ended with an error: what it opened must not stay open in a crowd.</summary>
    public void Broke(ObjectKey key, ReplicaSetMemory memory)
    {
        if (memory.Observed is { } observed)
        {
            Waits(key, observed.Members.Count, anew: false);
            if (_crowd.Holds(key.Namespace))
            {
                gateway.Rest(key, memory.Contact?.Host);
            }
        }
    }

    /// <summary>The set has come to rest, or its object is gone.</summary>
    public void Rests(ObjectKey key)
    {
        if (_waiting.TryRemove(key, out var entry))
        {
            _crowd.Add(key.Namespace, sets: -1, -entry.Members);
        }
    }

    /// <inheritdoc/>
    public void StoppedLeading()
    {
        foreach (var key in _waiting.Keys)
        {
            Rests(key);
        }
    }

    /// <returns>Since when.</returns>
    private DateTimeOffset Waits(ObjectKey key, int members, bool anew)
    {
        // Passes of one set never overlap, so nobody else changes its entry meanwhile.
        var now = time.GetUtcNow();
        var waits = _waiting.TryGetValue(key, out var before);
        var since = anew || !waits ? now : before.Since;
        _crowd.Add(key.Namespace, waits ? 0 : 1, members - before.Members);
        _waiting[key] = (members, since);
        return since;
    }

    /// <summary>What a person may have changed meanwhile.</summary>
    private static (long? Generation, string? Hold) Asked(MongoReplicaSet entity) =>
        (entity.Metadata.Generation, entity.GetAnnotation(Annotations.Hold));
}

/// <summary>How a pass ended.</summary>
/// <param name="IsAtRest">What is wanted is there.</param>
/// <param name="HasActed">A step was taken.</param>
/// <param name="Usual">The time until the next pass where nothing stands against it.</param>
/// <param name="Until">When what is waited for comes by the clock alone; null: it does not.</param>
internal readonly record struct Pause(bool IsAtRest, bool HasActed, TimeSpan Usual, DateTimeOffset? Until);

/// <summary>A set that waits in a crowd.</summary>
/// <param name="Until">When everybody is asked again whatever happens.</param>
/// <param name="Glance">Between two looks at the one member.</param>
/// <param name="Asked">What the object asked for.</param>
/// <param name="Connection">The fingerprint of the connection by which everybody was asked.</param>
internal sealed record ParkedSet(DateTimeOffset Until, TimeSpan Glance, (long? Generation, string? Hold) Asked, string Connection);
