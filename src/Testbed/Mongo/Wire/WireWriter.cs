using System.Buffers.Binary;
using MongoDB.Bson;

namespace Modestano.Testbed.Mongo.Wire;

/// <summary>Makes the bytes of replies.</summary>
internal static class WireWriter
{
    public static byte[] OpMsg(int requestId, int responseTo, uint flags, BsonDocument reply)
    {
        var body = reply.ToBson();
        var withChecksum = (flags & WireProtocol.ChecksumPresent) != 0;
        var end = WireProtocol.HeaderBytes + sizeof(uint) + 1 + body.Length;
        var message = new byte[end + (withChecksum ? sizeof(uint) : 0)];
        WriteHeader(message, requestId, responseTo, WireProtocol.OpMsg);
        BinaryPrimitives.WriteUInt32LittleEndian(message.AsSpan(16), flags);
        body.CopyTo(message, 21);
        if (withChecksum)
        {
            BinaryPrimitives.WriteUInt32LittleEndian(message.AsSpan(end), Crc32C.Of(message.AsSpan(0, end)));
        }

        return message;
    }

    public static byte[] OpReply(int requestId, int responseTo, BsonDocument reply)
    {
        var body = reply.ToBson();
        var message = new byte[WireProtocol.HeaderBytes + 20 + body.Length];
        WriteHeader(message, requestId, responseTo, WireProtocol.OpReply);
        BinaryPrimitives.WriteInt32LittleEndian(message.AsSpan(16), WireProtocol.ReplyAwaitCapable);
        // Cursor id and starting position stay 0.
        BinaryPrimitives.WriteInt32LittleEndian(message.AsSpan(32), 1);
        body.CopyTo(message, 36);
        return message;
    }

    private static void WriteHeader(Span<byte> message, int requestId, int responseTo, int opcode)
    {
        BinaryPrimitives.WriteInt32LittleEndian(message, message.Length);
        BinaryPrimitives.WriteInt32LittleEndian(message[4..], requestId);
        BinaryPrimitives.WriteInt32LittleEndian(message[8..], responseTo);
        BinaryPrimitives.WriteInt32LittleEndian(message[12..], opcode);
    }
}
