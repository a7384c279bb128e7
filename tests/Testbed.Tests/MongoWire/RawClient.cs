using System.Buffers.Binary;
using System.Net;
using System.Net.Sockets;
using Modestano.Testbed.Mongo.Wire;
using MongoDB.Bson;
using MongoDB.Bson.Serialization;

namespace Modestano.Testbed.Tests.MongoWire;

/// <summary>A client that writes the protocol's bytes itself.</summary>
internal sealed class RawClient(Socket socket) : IDisposable
{
    private int _requestId;

    public static Task<RawClient> ConnectAsync(RunningMember member) => ConnectAsync(member.Listener.EndPoint);

    public static async Task<RawClient> ConnectAsync(IPEndPoint endPoint)
    {
        var socket = new Socket(SocketType.Stream, ProtocolType.Tcp);
        await socket.ConnectAsync(endPoint);
        return new RawClient(socket);
    }

    public Task<int> SendBytesAsync(byte[] bytes) => socket.SendAsync(bytes);

    /// <summary>Sends a command as OP_MSG and gives its request id.</summary>
    public async Task<int> SendAsync(BsonDocument command, uint flags = 0)
    {
        var id = ++_requestId;
        await socket.SendAsync(WireWriter.OpMsg(id, 0, flags, command));
        return id;
    }

    public async Task<(int RequestId, int ResponseTo, uint Flags, BsonDocument Reply)> ReceiveAsync()
    {
        await using var stream = new NetworkStream(socket, ownsSocket: false);
        var header = new byte[20];
        await stream.ReadExactlyAsync(header);
        var rest = new byte[BinaryPrimitives.ReadInt32LittleEndian(header) - header.Length];
        await stream.ReadExactlyAsync(rest);
        var flags = BinaryPrimitives.ReadUInt32LittleEndian(header.AsSpan(16));
        var size = BinaryPrimitives.ReadInt32LittleEndian(rest.AsSpan(1));
        return (
            BinaryPrimitives.ReadInt32LittleEndian(header.AsSpan(4)), BinaryPrimitives.ReadInt32LittleEndian(header.AsSpan(8)), flags,
            BsonSerializer.Deserialize<BsonDocument>(rest.AsSpan(1, size).ToArray()));
    }

    /// <summary>The document of the next reply, which may be an OP_REPLY.</summary>
    public async Task<BsonDocument> ReceiveDocumentAsync()
    {
        await using var stream = new NetworkStream(socket, ownsSocket: false);
        var header = new byte[16];
        await stream.ReadExactlyAsync(header);
        var rest = new byte[BinaryPrimitives.ReadInt32LittleEndian(header) - header.Length];
        await stream.ReadExactlyAsync(rest);
        var before = BinaryPrimitives.ReadInt32LittleEndian(header.AsSpan(12)) == WireProtocol.OpReply ? 20 : 5;
        return BsonSerializer.Deserialize<BsonDocument>(rest.AsSpan(before).ToArray());
    }

    /// <summary>Whether the server has closed the connection (waits for it).</summary>
    public async Task<bool> IsClosedAsync() => await socket.ReceiveAsync(new byte[1]) == 0;

    public void Dispose() => socket.Dispose();
}
