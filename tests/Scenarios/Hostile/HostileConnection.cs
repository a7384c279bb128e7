using System.Buffers.Binary;
using System.Net.Sockets;
using System.Text;
using MongoDB.Bson;
using MongoDB.Bson.Serialization;

namespace Modestano.Scenarios.Hostile;

/// <summary>What a hostile server does on one connection. Messages are those of the wire protocol: OP_MSG, and OP_QUERY with OP_REPLY for the first hello.</summary>
internal sealed class HostileConnection(HostileMongod server, NetworkStream stream)
{
    private const int OpReply = 1;
    private const int OpMsg = 2013;
    private const int Fields = 249_000;
    private const int Depth = 100_000;

    private static readonly ObjectId SetId = ObjectId.GenerateNewId();
    private static readonly TimeSpan Drip = TimeSpan.FromMilliseconds(100);

    // As large as is read, with as many fields as are read: what they become is far larger.
    private static readonly byte[] Wide = new BsonDocument { { "ok", 1.0 }, { "filler", new BsonBinaryData(new byte[12 << 20]) }, { "list", new BsonArray(Enumerable.Repeat((BsonValue)BsonNull.Value, Fields)) } }.ToBson();
    private static readonly byte[] Deep = NestedBson.Of(Depth);

    private readonly BsonDocument _hello = new()
    {
        { "helloOk", true }, { "isWritablePrimary", !server.IsArbiter }, { "ismaster", !server.IsArbiter }, { "arbiterOnly", server.IsArbiter }, { "setName", HostileMongod.SetName }, { "setVersion", 1 }, { "secondary", false }, { "me", server.Host }, { "primary", server.Host },
        { "hosts", new BsonArray { server.Host } }, { "connectionId", 7 }, { "maxBsonObjectSize", 16777216 }, { "maxMessageSizeBytes", 48000000 }, { "maxWriteBatchSize", 100000 }, { "minWireVersion", 0 }, { "maxWireVersion", 21 },
        { "topologyVersion", new BsonDocument { { "processId", ObjectId.GenerateNewId() }, { "counter", 0L } } }, { "saslSupportedMechs", new BsonArray { "SCRAM-SHA-256" } }, { "ok", 1.0 },
    };

    private int _last;
    private int _logins;

    public async Task ServeAsync(CancellationToken stopped)
    {
        if (server.Malice == Malice.Shakes)
        {
            await ShakeAsync(stopped);
        }

        var header = new byte[16];
        while (true)
        {
            await stream.ReadExactlyAsync(header, stopped);
            var body = new byte[BinaryPrimitives.ReadInt32LittleEndian(header) - header.Length];
            await stream.ReadExactlyAsync(body, stopped);
            var isOld = BinaryPrimitives.ReadInt32LittleEndian(header.AsSpan(12)) != OpMsg;

            // OP_MSG: flags and the kind of the section; before it OP_QUERY: flags, the collection's name, two numbers.
            var start = isOld ? Array.IndexOf(body, (byte)0, 4) + 9 : 5;
            var command = BsonSerializer.Deserialize<BsonDocument>(body.AsSpan(start, BinaryPrimitives.ReadInt32LittleEndian(body.AsSpan(start))).ToArray());
            await AnswerAsync(BinaryPrimitives.ReadInt32LittleEndian(header.AsSpan(4)), command, isOld, stopped);
        }
    }

    private Task AnswerAsync(int request, BsonDocument command, bool isOld, CancellationToken stopped)
    {
        var name = command.GetElement(0).Name;
        server.Commands.AddOrUpdate(name, 1, (_, count) => count + 1);
        var isHello = name is "hello" or "isMaster" or "ismaster";
        var isAwaited = isHello && command.Contains("topologyVersion");
        var ordinary = isHello ? _hello : new BsonDocument { { "ok", 0 }, { "errmsg", "no" }, { "code", 18 }, { "codeName", "AuthenticationFailed" } };
        return server.Malice switch
        {
            Malice.IsSilent => Task.CompletedTask,
            Malice.Drips => DripAsync(Message(request, ordinary.ToBson(), isOld), stopped),
            Malice.Floods when !isHello || isAwaited => SendAsync(Message(request, Wide, isOld), stopped),
            Malice.Nests when !isHello || isAwaited => SendAsync(Message(request, Deep, isOld), stopped),
            Malice.Chatters when isAwaited => ChatterAsync(request, stopped),
            Malice.Names when name == "replSetGetStatus" => SendAsync(Message(request, Status().ToBson(), isOld), stopped),
            Malice.Names when name == "replSetGetConfig" => SendAsync(Message(request, Config().ToBson(), isOld), stopped),
            Malice.Hashes when name == "saslStart" || (isHello && command.Contains("speculativeAuthenticate")) => SendAsync(Message(request, Login(command, isHello).ToBson(), isOld), stopped),
            _ => SendAsync(Message(request, ordinary.ToBson(), isOld), stopped),
        };
    }

    private async Task ChatterAsync(int request, CancellationToken stopped)
    {
        for (var i = 1L; ; i++)
        {
            var hello = _hello.DeepClone().AsBsonDocument;
            hello["topologyVersion"]["counter"] = i;
            hello["primary"] = $"mongo-{i % 7}.example.internal:27017";

            // moreToCome: the next one is an answer to this one.
            await SendAsync(Message(request, hello.ToBson(), isOld: false, moreToCome: true), stopped);
            request = _last;
        }
    }

    private BsonDocument Status() => new()
    {
        { "set", HostileMongod.SetName }, { "myState", 1 }, { "term", 1L }, { "date", DateTime.UtcNow },
        { "members", new BsonArray { new BsonDocument { { "_id", 0 }, { "name", server.Host }, { "health", 1.0 }, { "state", 1 }, { "stateStr", "PRIMARY" }, { "self", true }, { "configVersion", 1 }, { "configTerm", 1L } } } }, { "ok", 1.0 },
    };

    private BsonDocument Config()
    {
        string[] hosts = [server.Host, .. HostileMongod.Beyond, .. Enumerable.Range(0, 50 - 1 - HostileMongod.Beyond.Count).Select(i => $"{Guid.NewGuid():N}.{server.Host}")];
        return new()
        {
            { "config", new BsonDocument
                {
                    { "_id", HostileMongod.SetName }, { "version", 1 }, { "term", 1L },
                    { "members", new BsonArray(hosts.Select((host, i) => new BsonDocument { { "_id", i }, { "host", host }, { "votes", i < 7 ? 1 : 0 }, { "priority", i < 7 ? 1.0 : 0.0 } })) },
                    { "settings", new BsonDocument("replicaSetId", SetId) },
                }
            },
            { "ok", 1.0 },
        };
    }

    private BsonDocument Login(BsonDocument command, bool isHello)
    {
        var sasl = isHello ? command["speculativeAuthenticate"].AsBsonDocument : command;
        var nonce = Encoding.UTF8.GetString(sasl["payload"].AsByteArray).Split("r=")[1];
        var salt = Convert.ToBase64String(Guid.NewGuid().ToByteArray());
        var rounds = ++_logins % 2 == 1 ? 1_000_000 : 2_000_000_000;
        var answer = new BsonDocument { { "conversationId", 1 }, { "done", false }, { "payload", Encoding.UTF8.GetBytes($"r={nonce}x,s={salt},i={rounds}") }, { "ok", 1.0 } };
        return isHello ? new BsonDocument(_hello) { { "speculativeAuthenticate", answer } } : answer;
    }

    /// <summary>The beginning of a TLS record (RFC 8446, 5.1) with a ServerHello of the largest length that a record may have.</summary>
    private Task ShakeAsync(CancellationToken stopped) => DripAsync([22, 3, 3, 0x40, 0, 2, 0, 0x3F, 0xFC, 3, 3, .. new byte[16_000]], stopped);

    private async Task DripAsync(byte[] message, CancellationToken stopped)
    {
        for (var i = 0; i < message.Length; i++)
        {
            await SendAsync(message.AsMemory(i, 1), stopped);
            await Task.Delay(Drip, stopped);
        }
    }

    private async Task SendAsync(ReadOnlyMemory<byte> bytes, CancellationToken stopped)
    {
        await stream.WriteAsync(bytes, stopped);
        server.Note(bytes.Length);
    }

    private byte[] Message(int responseTo, byte[] document, bool isOld, bool moreToCome = false)
    {
        var head = isOld ? 36 : 21;
        var message = new byte[head + document.Length];
        BinaryPrimitives.WriteInt32LittleEndian(message, message.Length);
        BinaryPrimitives.WriteInt32LittleEndian(message.AsSpan(4), ++_last);
        BinaryPrimitives.WriteInt32LittleEndian(message.AsSpan(8), responseTo);
        BinaryPrimitives.WriteInt32LittleEndian(message.AsSpan(12), isOld ? OpReply : OpMsg);
        BinaryPrimitives.WriteInt32LittleEndian(message.AsSpan(isOld ? 32 : 16), isOld ? 1 : moreToCome ? 2 : 0);
        document.CopyTo(message, head);
        return message;
    }
}
