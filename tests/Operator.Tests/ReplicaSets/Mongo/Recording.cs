using Modestano.Operator.ReplicaSets.Mongo;
using MongoDB.Bson;
using MongoDB.Bson.Serialization;

namespace Modestano.Operator.Tests.ReplicaSets.Mongo;

/// <summary>Replies of a real server (mongod 4.9), by the number and name of their file in Recordings/.</summary>
internal static class Recording
{
    /// <summary>The reply, as the gateway hands it on: an error reply is a failure.</summary>
    public static CommandReply Reply(string name)
    {
        var path = Path.Combine(AppContext.BaseDirectory, "ReplicaSets", "Mongo", "Recordings", name + ".json");
        var reply = BsonSerializer.Deserialize<BsonDocument>(File.ReadAllText(path))["reply"].AsBsonDocument;
        return reply.GetValue("ok", 1).ToDouble() == 1
            ? new CommandReply(reply, null)
            : new CommandReply(null, FailureClassifier.FromCommand(reply["code"].ToInt32(), reply["codeName"].AsString, reply["errmsg"].AsString));
    }
}
