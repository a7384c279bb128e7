using Modestano.Operator.ReplicaSets.Mongo;
using Modestano.Operator.Runtime;
using MongoDB.Bson;

namespace Modestano.Operator.Tests.Hostile;

/// <summary>Members that answer everything with one document each, and a list of who was called.</summary>
internal sealed class RecordedCalls : IMemberCalls
{
    public List<string> Hosts { get; } = [];

    /// <summary>What every member answers for its configuration.</summary>
    public BsonDocument? Config { get; init; }

    public Task<(BsonDocument Reply, TimeSpan Elapsed)> RunAsync(
        ReplicaSetTarget target, string host, string database, BsonDocument command, TimeSpan deadline, CancellationToken cancellationToken)
    {
        lock (Hosts)
        {
            Hosts.Add(host);
        }

        var reply = new BsonDocument("ok", 1);
        if (command.GetElement(0).Name == "replSetGetConfig" && Config is not null)
        {
            reply["config"] = Config.DeepClone();
        }

        return Task.FromResult((reply, TimeSpan.FromMilliseconds(1)));
    }

    public void Begin(ObjectKey set)
    {
    }

    public TimeSpan? RoundTrip(ReplicaSetTarget target, string host) => null;

    public void Rest(ObjectKey set, string? host)
    {
    }

    public void Forget(ObjectKey set)
    {
    }
}
