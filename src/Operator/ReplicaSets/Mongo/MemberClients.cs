using System.Collections.Concurrent;
using Modestano.Crds.V1Alpha1;
using Modestano.Operator.Runtime;

namespace Modestano.Operator.ReplicaSets.Mongo;

/// <summary>
/// The open clients of all sets. While a set is worked on there is one for each member; at rest only the one to the primary stays, whose
/// monitor reports a change of primary or state. See docs/decisions/mongo-connections.md for what this costs.
/// </summary>
/// <remarks>Passes of one set never overlap, so a client is never closed while its set uses it.</remarks>
internal sealed class MemberClients(MongoConnectionOptions options, IEntityQueue<MongoReplicaSet> queue, TimeProvider time)
    : ILeadershipListener, IDisposable
{
    private readonly ConcurrentDictionary<ObjectKey, Dictionary<(string Host, string Fingerprint), MemberClient>> _sets = new();

    /// <summary>The client to a member, made where there is none yet for this connection; one with old secrets goes when it has been idle.</summary>
    public MemberClient Get(ObjectKey set, string host, ReplicaSetConnection connection)
    {
        var clients = _sets.GetOrAdd(set, _ => []);
        lock (clients)
        {
            var key = (host, connection.Fingerprint);
            if (!clients.TryGetValue(key, out var client))
            {
                client = clients[key] = new MemberClient(host, connection, options, _ => queue.Enqueue(set));
            }

            client.LastUse = time.GetTimestamp();
            return client;
        }
    }

    /// <summary>Closes clients of a set that have been idle for long, except the one to <paramref name="keep"/>.</summary>
    public void CloseIdle(ObjectKey set, string? keep)
    {
        if (!_sets.TryGetValue(set, out var clients))
        {
            return;
        }

        lock (clients)
        {
            foreach (var (key, idle) in clients.Where(c => c.Key.Host != keep && time.GetElapsedTime(c.Value.LastUse) >= options.ClientIdleTime).ToList())
            {
                clients.Remove(key);
                idle.Dispose();
            }
        }
    }

    /// <summary>Closes every client of a set: its object is gone, or its secrets changed.</summary>
    public void Close(ObjectKey set)
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
            Close(set);
        }
    }
}
