using Modestano.Testbed.Mongo.Storage;
using Modestano.Testbed.Mongo.Wire;
using MongoDB.Bson;

namespace Modestano.Testbed.Tests.MongoWire;

/// <summary>The least that a driver takes for a server: a standalone with a document store, to test the layers in front of a member.</summary>
internal sealed class StandaloneMember : ICommandHandler
{
    private readonly Lock _gate = new();
    private readonly DocumentStore _store = new(TimeProvider.System, seed: 1);

    public DocumentStore Store => _store;

    public List<BsonDocument> Commands { get; } = [];

    /// <summary>When set, answers instead of the member.</summary>
    public Func<BsonDocument, ClientSession, CancellationToken, Task<BsonDocument>?>? Override { get; set; }

    public async Task<BsonDocument> ExecuteAsync(BsonDocument command, ClientSession session, CancellationToken cancellationToken)
    {
        lock (_gate)
        {
            Commands.Add(command);
        }

        return Override?.Invoke(command, session, cancellationToken) is { } answer
            ? await answer
            : Answer(command, session);
    }

    public static BsonDocument Hello(BsonDocument command, ClientSession session)
    {
        var name = command.GetElement(0).Name;
        var reply = session.HelloOk ? new BsonDocument("helloOk", true) : [];
        return reply.AddRange(new BsonDocument
        {
            { "topologyVersion", new BsonDocument { { "processId", ObjectId.Parse("6b043d8bc38e63ac9c964b69") }, { "counter", 0L } } },
            { name == "hello" ? "isWritablePrimary" : "ismaster", true },
            { "maxBsonObjectSize", 16777216 }, { "maxMessageSizeBytes", 48000000 }, { "maxWriteBatchSize", 100000 },
            { "localTime", DateTime.UtcNow }, { "logicalSessionTimeoutMinutes", 30 }, { "connectionId", (int)session.ConnectionId },
            { "minWireVersion", 0 }, { "maxWireVersion", 21 }, { "readOnly", false }, { "ok", 1.0 },
        });
    }

    private BsonDocument Answer(BsonDocument command, ClientSession session)
    {
        var name = command.GetElement(0).Name;
        if (name is "hello" or "isMaster" or "ismaster")
        {
            return Hello(command, session);
        }

        lock (_gate)
        {
            if (DocumentStore.IsWrite(name))
            {
                var plan = _store.PlanWrite(command);
                foreach (var operation in plan.Operations)
                {
                    _store.Apply(operation);
                }

                return plan.Reply.Add("ok", 1.0);
            }

            return DocumentStore.IsRead(name) ? _store.Read(command).Add("ok", 1.0)
                : name is "ping" or "endSessions" ? new BsonDocument("ok", 1.0)
                : ServerError.CommandNotFound(name).ToReply();
        }
    }
}
