using Modestano.Operator.ReplicaSets.Mongo;
using MongoDB.Bson;
using MongoDB.Bson.Serialization;

namespace Modestano.Operator.Tests.ReplicaSets.Mongo;

/// <summary>Replies of real servers (mongod 4.9, and 5.0 where the name says so), by the number and name of their file in Recordings/.</summary>
internal static class Recording
{
    /// <summary>The reply, as the gateway hands it on: an error reply is a failure.</summary>
    public static CommandReply Reply(string name)
    {
        var reply = Read(name)["reply"].AsBsonDocument;
        return reply.GetValue("ok", 1).ToDouble() == 1
            ? new CommandReply(reply, null)
            : new CommandReply(null, FailureClassifier.FromCommand(reply["code"].ToInt32(), reply["codeName"].AsString, reply["errmsg"].AsString));
    }

    /// <summary>The command that was sent.</summary>
    public static BsonDocument Command(string name) => Read(name)["command"].AsBsonDocument;

    private static BsonDocument Read(string name) =>
        BsonSerializer.Deserialize<BsonDocument>(File.ReadAllText(Path.Combine(AppContext.BaseDirectory, "ReplicaSets", "Mongo", "Recordings", name + ".json")));
}
