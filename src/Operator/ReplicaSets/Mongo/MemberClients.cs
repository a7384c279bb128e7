using System.Collections.Concurrent;
using Modestano.Crds.V1Alpha1;
using Modestano.Operator.Runtime;
using MongoDB.Bson;

namespace Modestano.Operator.ReplicaSets.Mongo;

/// <summary>
/// The open clients of all sets. While a set is worked on there is one for each member; at rest only the one to the primary stays, whose
/// monitor reports a change of primary or state. See docs/decisions/mongo-connections.md for what this costs.
/// </summary>
/// <remarks>Passes of one set never overlap, so a client is never closed while its set uses it.</remarks>
internal sealed class MemberClients(MongoConnectionOptions options, IEntityQueue<MongoReplicaSet> queue, TimeProvider time)
    : IMemberCalls, ILeadershipListener, IDisposable
{
    private static readonly TimeSpan LoginPause = TimeSpan.FromSeconds(5);

    private readonly ConcurrentDictionary<ObjectKey, Dictionary<(string Host, string Fingerprint), MemberClient>> _sets = new();

    /// <inheritdoc/>
    public Task<(BsonDocument Reply, TimeSpan Elapsed)> RunAsync(
        ReplicaSetTarget target,
        string host,
        string database,
        BsonDocument command,
        TimeSpan deadline,
        CancellationToken cancellationToken)
    {
        MemberClient client;
        try
        {
            client = Get(target.Set, host, target.Connection);
        }
        catch (Exception e) when (e is FormatException or ArgumentException)
        {
            var failure = new MongoFailure(MongoFailureKind.Unreachable, 0, "", "the driver cannot use this address: host:port with a port from 1 to 65535 is needed");
            throw new MongoCallException(host, command.GetElement(0).Name, failure);
        }

        // A login that was refused a moment ago is not tried again at once: neither side gains by it, and accounts may be locked.
        return client.Refusal is { } refusal
            ? throw new MongoCallException(host, command.GetElement(0).Name, refusal)
            : client.RunAsync(database, command, deadline, cancellationToken);
    }

    /// <summary>The client to a member, made where there is none yet for this connection; one with old secrets goes when it has been idle.</summary>
    private MemberClient Get(ObjectKey set, string host, ReplicaSetConnection connection)
    {
        var clients = _sets.GetOrAdd(set, _ => []);
        lock (clients)
        {
            var key = (host, connection.Fingerprint);
            if (clients.TryGetValue(key, out var client) && client.Refusal is not null)
            {
                if (time.GetElapsedTime(client.LastUse) < LoginPause)
                {
                    return client;
                }

                client.Dispose();
                client = null;
            }

            client ??= clients[key] = new MemberClient(host, connection, options, _ => queue.Enqueue(set));

            client.LastUse = time.GetTimestamp();
            return client;
        }
    }

    /// <inheritdoc/>
    public void Rest(ObjectKey set, string? primary)
    {
        if (!_sets.TryGetValue(set, out var clients))
        {
            return;
        }

        lock (clients)
        {
            // At once, not after a while: a thousand sets that start together would otherwise hold all their members' clients at the same time.
            foreach (var (key, idle) in clients.Where(c => c.Key.Host != primary).ToList())
            {
                clients.Remove(key);
                idle.Dispose();
            }
        }
    }

    /// <inheritdoc/>
    public void Forget(ObjectKey set)
    {
        if (_sets.TryRemove(set, out var clients))
        {
            lock (clients)
            {
                foreach (var client in clients.Values)
                {
                    client.Dispose();
                }

                clients.Clear();
            }
        }
    }

    /// <inheritdoc/>
    public void StoppedLeading() => Dispose();

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (var set in _sets.Keys)
        {
            Forget(set);
        }
    }
}
