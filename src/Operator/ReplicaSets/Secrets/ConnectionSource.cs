using System.Collections.Concurrent;
using k8s.Models;
using Modestano.Crds.V1Alpha1;
using Modestano.Operator.ReplicaSets.Mongo;
using Modestano.Operator.Runtime;

namespace Modestano.Operator.ReplicaSets.Secrets;

/// <summary>Connections from Secrets, kept for ten minutes, and read again as soon as a login fails: a rotated password needs no restart.</summary>
public sealed class ConnectionSource(ISecretSource secrets, TimeProvider time, MongoConnectionOptions options) : ILeadershipListener
{
    private static readonly TimeSpan KeepFor = TimeSpan.FromMinutes(10);

    /// <summary>Members that refuse the login would otherwise cost a read of the Secret in each pass.</summary>
    private static readonly TimeSpan LeastAge = TimeSpan.FromSeconds(15);

    private readonly ConcurrentDictionary<ObjectKey, Kept> _kept = new();

    /// <summary>The connection for a set.</summary>
    /// <exception cref="ConnectionRefusedException">A Secret is absent, of a type that the operator does not read, or not complete.</exception>
    /// <exception cref="SecretNotReadableException">The API server refused, or did not answer.</exception>
    public async Task<ReplicaSetConnection> GetAsync(MongoReplicaSet set, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(set);
        var key = ObjectKey.Of(set);
        if (_kept.TryGetValue(key, out var kept) && kept.Spec == set.Spec.Connection && time.GetElapsedTime(kept.ReadAt) < (kept.Doubted ? LeastAge : KeepFor))
        {
            return kept.Connection;
        }

        var found = new Dictionary<string, V1Secret>(StringComparer.Ordinal);
        foreach (var name in ConnectionParser.SecretNames(set.Spec.Connection))
        {
            if (await secrets.GetAsync(key.Namespace, name, cancellationToken) is { } secret)
            {
                found[name] = secret;
            }
        }

        // Where nothing changed the one before stays: it has its key already.
        var parsed = SecurityFloor.Checked(ConnectionParser.Parse(set.Spec.Connection, found), options.LeastSecurity);
        var connection = kept is { Connection: { } before } && before.Fingerprint == parsed.Fingerprint ? before : parsed;
        _kept[key] = new Kept(set.Spec.Connection, connection, time.GetTimestamp(), false);
        return connection;
    }

    /// <summary>A login failed: the next pass reads the Secrets again.</summary>
    public void Doubt(ObjectKey key)
    {
        if (_kept.TryGetValue(key, out var kept))
        {
            _kept[key] = kept with { Doubted = true };
        }
    }

    /// <summary>The object is gone.</summary>
    public void Forget(ObjectKey key) => _kept.TryRemove(key, out _);

    /// <inheritdoc/>
    public void StoppedLeading() => _kept.Clear();

    private sealed record Kept(ConnectionSpec Spec, ReplicaSetConnection Connection, long ReadAt, bool Doubted);
}
