using Modestano.Operator.Runtime;
using MongoDB.Bson;

namespace Modestano.Operator.ReplicaSets.Mongo;

/// <summary>Commands to single members: what the gateway needs of a driver, and what a simulation stands in for.</summary>
public interface IMemberCalls
{
    /// <summary>Runs a command on one member.</summary>
    /// <param name="target">Whose member, and how to log in.</param>
    /// <param name="host">The member: host:port.</param>
    /// <param name="database">admin or local.</param>
    /// <param name="command">The command.</param>
    /// <param name="deadline">How long to wait.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <returns>The reply and how long it took.</returns>
    /// <exception cref="MongoCallException">
    /// It failed, or the deadline passed, or a login was to be tried on a member that says that it is an arbiter
    /// (<see cref="MongoFailureKind.ArbiterHasNoUsers"/>): then nothing was sent.
    /// </exception>
    /// <exception cref="OperationCanceledException">The caller's token was cancelled.</exception>
    Task<(BsonDocument Reply, TimeSpan Elapsed)> RunAsync(
        ReplicaSetTarget target,
        string host,
        string database,
        BsonDocument command,
        TimeSpan deadline,
        CancellationToken cancellationToken);

    /// <summary>An observation of the set begins: what its members answered before it is no longer held.</summary>
    void Begin(ObjectKey set);

    /// <summary>How long a member takes to answer, by what is known of it without asking; null: nothing is.</summary>
    TimeSpan? RoundTrip(ReplicaSetTarget target, string host);

    /// <summary>Closes all connections of a set but the one to a host, which reports changes; null: all.</summary>
    void Rest(ObjectKey set, string? host);

    /// <summary>Closes everything of a set: its object is gone.</summary>
    void Forget(ObjectKey set);
}
