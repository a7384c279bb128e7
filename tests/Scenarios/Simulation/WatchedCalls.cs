using Modestano.Operator.ReplicaSets.Mongo;
using Modestano.Operator.Runtime;
using MongoDB.Bson;

namespace Modestano.Scenarios.Simulation;

/// <summary>Stands between the operator and the members, and tells who is asked and what changes something.</summary>
internal sealed class WatchedCalls(IMemberCalls calls) : IMemberCalls
{
    /// <summary>Any command is on its way to a host.</summary>
    public event Action<string>? Asking;

    /// <summary>A command that changes something is on its way to a host.</summary>
    public event Action<string, BsonDocument>? Sending;

    /// <summary>The answer, or what there was instead of it.</summary>
    public event Action<string, BsonDocument, MongoFailure?>? Answered;

    public async Task<(BsonDocument Reply, TimeSpan Elapsed)> RunAsync(
        ReplicaSetTarget target, string host, string database, BsonDocument command, TimeSpan deadline, CancellationToken cancellationToken)
    {
        Asking?.Invoke(host);
        if (command.GetElement(0).Name is not ("replSetReconfig" or "replSetStepDown" or "replSetInitiate" or "setDefaultRWConcern"))
        {
            return await calls.RunAsync(target, host, database, command, deadline, cancellationToken);
        }

        Sending?.Invoke(host, command);
        try
        {
            var answer = await calls.RunAsync(target, host, database, command, deadline, cancellationToken);
            Answered?.Invoke(host, command, null);
            return answer;
        }
        catch (MongoCallException e)
        {
            Answered?.Invoke(host, command, e.Failure);
            throw;
        }
    }

    public void Begin(ObjectKey set) => calls.Begin(set);

    public TimeSpan? RoundTrip(ReplicaSetTarget target, string host) => calls.RoundTrip(target, host);

    public void Rest(ObjectKey set, string? host) => calls.Rest(set, host);

    public void Forget(ObjectKey set) => calls.Forget(set);
}
