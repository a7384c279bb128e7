using Modestano.Operator.Runtime;
using MongoDB.Bson;

namespace Modestano.Operator.ReplicaSets.Mongo;

/// <summary>
/// The one way from a gateway to members: a host that the operator's grants do not name for the object's namespace is not called, whoever named
/// it: a spec, a configuration that a member told, or a status. What a name leads to is looked at where the connection is made (<see cref="GrantedAddresses"/>).
/// </summary>
internal sealed class GrantedCalls(IMemberCalls calls, MongoConnectionOptions options) : IMemberCalls
{
    /// <inheritdoc/>
    public Task<(BsonDocument Reply, TimeSpan Elapsed)> RunAsync(
        ReplicaSetTarget target, string host, string database, BsonDocument command, TimeSpan deadline, CancellationToken cancellationToken) =>
        options.RefusalFor(target.Set, host) is { } refusal
            ? Task.FromException<(BsonDocument, TimeSpan)>(new MongoCallException(host, command.GetElement(0).Name, new MongoFailure(MongoFailureKind.NotGranted, 0, "", refusal)))
            : calls.RunAsync(target, host, database, command, deadline, cancellationToken);

    /// <inheritdoc/>
    public void Begin(ObjectKey set) => calls.Begin(set);

    /// <inheritdoc/>
    public TimeSpan? RoundTrip(ReplicaSetTarget target, string host) => calls.RoundTrip(target, host);

    /// <inheritdoc/>
    public void Rest(ObjectKey set, string? host) => calls.Rest(set, host);

    /// <inheritdoc/>
    public void Forget(ObjectKey set) => calls.Forget(set);
}
