using Modestano.Testbed.Mongo.Storage;
using Modestano.Testbed.Mongo.Wire;
using MongoDB.Bson;

namespace Modestano.Testbed.Mongo.Foreign;

/// <summary>What speaks MongoDB's protocol and is no member of a replica set that anybody could reconfigure.</summary>
public enum ForeignKind
{
    /// <summary>The router of a sharded cluster: <c>msg: isdbgrid</c> in hello.</summary>
    Mongos,

    /// <summary>Amazon DocumentDB: looks like a set named rs0, and has no reconfiguration.</summary>
    DocumentDb,

    /// <summary>Azure Cosmos DB for MongoDB: looks like a set named globaldb, and has no replication commands.</summary>
    CosmosDb,
}

/// <summary>
/// Answers what tells such a server from a member, as far as it is documented: <c>hello</c>, and the refusals of replication commands.
/// </summary>
/// <param name="kind">What it plays.</param>
/// <param name="host">host:port by which it is reached.</param>
public sealed class ForeignServer(ForeignKind kind, string host) : ICommandHandler
{
    private const string CosmosSet = "globaldb";

    /// <inheritdoc/>
    public Task<BsonDocument> ExecuteAsync(BsonDocument command, ClientSession session, CancellationToken cancellationToken) => Task.FromResult(Answer(command, session));

    /// <summary>The reply to a command.</summary>
    public BsonDocument Answer(BsonDocument command, ClientSession session)
    {
        var name = command.GetElement(0).Name;
        return name switch
        {
            "hello" or "isMaster" or "ismaster" => Hello(name, session),
            "ping" or "endSessions" => new BsonDocument("ok", 1.0),
            "buildInfo" or "buildinfo" => new BsonDocument { { "version", kind == ForeignKind.Mongos ? "7.0.16" : "5.0.0" }, { "versionArray", new BsonArray { 5, 0, 0, 0 } }, { "ok", 1.0 } },
            _ => Refusal(name),
        };
    }

    private BsonDocument Hello(string name, ClientSession session)
    {
        var reply = session.HelloOk ? new BsonDocument("helloOk", true) : [];
        reply.Add(name == "hello" ? "isWritablePrimary" : "ismaster", true);
        if (kind == ForeignKind.Mongos)
        {
            reply.Add("msg", "isdbgrid").Add("topologyVersion", new BsonDocument { { "processId", ObjectId.Empty }, { "counter", 0L } });
        }
        else
        {
            reply.AddRange(new BsonDocument
            {
                { "secondary", false }, { "hosts", new BsonArray { host } }, { "setName", kind == ForeignKind.CosmosDb ? CosmosSet : "rs0" },
                { "setVersion", 1 }, { "primary", host }, { "me", host },
            });
        }

        return reply.AddRange(new BsonDocument
        {
            { "maxBsonObjectSize", 16777216 }, { "maxMessageSizeBytes", 48000000 }, { "maxWriteBatchSize", 100000 }, { "localTime", DateTime.UtcNow },
            { "logicalSessionTimeoutMinutes", 30 }, { "connectionId", (int)session.ConnectionId }, { "minWireVersion", 0 },
            { "maxWireVersion", kind == ForeignKind.Mongos ? 21 : 13 }, { "readOnly", false }, { "ok", 1.0 },
        });
    }

    private BsonDocument Refusal(string name) => kind switch
    {
        ForeignKind.Mongos when name == "replSetGetStatus" => new ServerError(76, "NoReplicationEnabled", "replSetGetStatus is not supported through mongos").ToReply(),
        ForeignKind.DocumentDb => new ServerError(303, "Location303", $"Feature not supported: {name}").ToReply(),
        _ => ServerError.CommandNotFound(name).ToReply(),
    };
}
