using System.Buffers.Binary;
using System.Text;
using MongoDB.Bson;
using MongoDB.Bson.IO;
using MongoDB.Bson.Serialization;
using MongoDB.Bson.Serialization.Serializers;

namespace Modestano.Testbed.Mongo.Wire;

/// <summary>Reads messages from a client's stream.</summary>
internal static class WireReader
{
    /// <summary>The next message, or null when the client has closed the stream between two messages.</summary>
    /// <param name="stream">The client's stream.</param>
    /// <param name="isFirst">Whether it is the first one of its connection.</param>
    /// <param name="cancellationToken">Ends the waiting.</param>
    /// <exception cref="MalformedMessageException">The bytes are no message that a server accepts.</exception>
    /// <exception cref="EndOfStreamException">The stream ended within a message.</exception>
    public static async Task<WireRequest?> ReadAsync(Stream stream, bool isFirst, CancellationToken cancellationToken)
    {
        var header = new byte[WireProtocol.HeaderBytes];
        var read = await stream.ReadAtLeastAsync(header, header.Length, throwOnEndOfStream: false, cancellationToken);
        if (read == 0)
        {
            return null;
        }

        if (read < header.Length)
        {
            throw new EndOfStreamException("The client closed the stream within a message header.");
        }

        // Read as a header, the hello of TLS may announce a message of some megabytes that would be waited for. It gives itself away as the answer to
        // something, which nobody's first message is.
        if (isFirst && BinaryPrimitives.ReadInt32LittleEndian(header.AsSpan(8)) is not (0 or -1))
        {
            throw new MalformedMessageException("SSL handshake received but server is started without SSL support");
        }

        var length = BinaryPrimitives.ReadInt32LittleEndian(header);
        if (length is < WireProtocol.HeaderBytes or > WireProtocol.MaxMessageBytes)
        {
            throw new MalformedMessageException(
                $"Message length {length} is invalid: it must be from {WireProtocol.HeaderBytes} to {WireProtocol.MaxMessageBytes}.");
        }

        var message = new byte[length];
        header.CopyTo(message, 0);
        await stream.ReadExactlyAsync(message.AsMemory(header.Length), cancellationToken);
        try
        {
            return Parse(message);
        }
        catch (Exception invalid) when (invalid is FormatException or BsonException or IOException or ArgumentException or OverflowException)
        {
            throw new MalformedMessageException($"The message is not valid: {invalid.Message}", invalid);
        }
    }

    private static WireRequest Parse(byte[] message)
    {
        var requestId = BinaryPrimitives.ReadInt32LittleEndian(message.AsSpan(4));
        var opcode = BinaryPrimitives.ReadInt32LittleEndian(message.AsSpan(12));
        return opcode switch
        {
            WireProtocol.OpMsg => ParseOpMsg(requestId, message),
            WireProtocol.OpQuery => ParseOpQuery(requestId, message),
            _ => throw new MalformedMessageException($"Opcode {opcode} is not one of OP_MSG and OP_QUERY."),
        };
    }

    private static WireRequest ParseOpMsg(int requestId, byte[] message)
    {
        var flags = BinaryPrimitives.ReadUInt32LittleEndian(message.AsSpan(WireProtocol.HeaderBytes));
        if ((flags & WireProtocol.RequiredFlags & ~(WireProtocol.ChecksumPresent | WireProtocol.MoreToCome)) != 0)
        {
            throw new MalformedMessageException($"Message contains illegal flags value: {flags}.");
        }

        var end = message.Length;
        if ((flags & WireProtocol.ChecksumPresent) != 0)
        {
            end -= sizeof(uint);
            if (Crc32C.Of(message.AsSpan(0, end)) != BinaryPrimitives.ReadUInt32LittleEndian(message.AsSpan(end)))
            {
                throw new MalformedMessageException("OP_MSG checksum does not match contents.");
            }
        }

        BsonDocument? body = null;
        var sequences = new List<(string Name, BsonArray Documents)>();
        for (var at = WireProtocol.HeaderBytes + sizeof(uint); at < end;)
        {
            switch (message[at++])
            {
                case 0 when body is null:
                    body = ReadDocument(message, ref at, end);
                    break;
                case 0:
                    throw new MalformedMessageException("OP_MSG has more than one body section.");
                case 1:
                    sequences.Add(ReadSequence(message, ref at, end));
                    break;
                case var kind:
                    throw new MalformedMessageException($"Unknown section kind {kind}.");
            }
        }

        if (body is null)
        {
            throw new MalformedMessageException("OP_MSG has no body section.");
        }

        foreach (var (name, documents) in sequences)
        {
            body.Add(name, documents);
        }

        return new WireRequest(requestId, flags, IsOpQuery: false, body);
    }

    private static WireRequest ParseOpQuery(int requestId, byte[] message)
    {
        var flags = BinaryPrimitives.ReadInt32LittleEndian(message.AsSpan(WireProtocol.HeaderBytes));
        var at = WireProtocol.HeaderBytes + sizeof(int);
        var ns = ReadCString(message, ref at, message.Length);
        at += 2 * sizeof(int);
        var query = ReadDocument(message, ref at, message.Length);
        if (!ns.EndsWith(".$cmd", StringComparison.Ordinal))
        {
            throw new MalformedMessageException($"OP_QUERY on '{ns}': only commands are accepted.");
        }

        // A query may come wrapped, with its read preference beside it.
        var command = query.GetValue("$query", query).AsBsonDocument;
        command["$db"] = ns[..^".$cmd".Length];
        if ((flags & WireProtocol.QuerySecondaryOk) != 0 && !command.Contains("$readPreference"))
        {
            command["$readPreference"] = query.GetValue("$readPreference", new BsonDocument("mode", "secondaryPreferred"));
        }

        return new WireRequest(requestId, 0, IsOpQuery: true, command);
    }

    private static (string Name, BsonArray Documents) ReadSequence(byte[] message, ref int at, int end)
    {
        var size = BinaryPrimitives.ReadInt32LittleEndian(message.AsSpan(at));
        var sectionEnd = at + size;
        if (size < sizeof(int) || sectionEnd > end)
        {
            throw new MalformedMessageException($"Document sequence of {size} bytes does not fit its message.");
        }

        at += sizeof(int);
        var name = ReadCString(message, ref at, sectionEnd);
        var documents = new BsonArray();
        while (at < sectionEnd)
        {
            documents.Add(ReadDocument(message, ref at, sectionEnd));
        }

        return (name, documents);
    }

    private static BsonDocument ReadDocument(byte[] message, ref int at, int end)
    {
        var size = at + sizeof(int) <= end ? BinaryPrimitives.ReadInt32LittleEndian(message.AsSpan(at)) : 0;
        if (size < 5 || at + size > end)
        {
            throw new MalformedMessageException($"BSON document of {size} bytes does not fit its message.");
        }

        using var reader = new BsonBinaryReader(new MemoryStream(message, at, size, writable: false));
        var document = BsonDocumentSerializer.Instance.Deserialize(BsonDeserializationContext.CreateRoot(reader));
        at += size;
        return document;
    }

    private static string ReadCString(byte[] message, ref int at, int end)
    {
        var length = message.AsSpan(at, end - at).IndexOf((byte)0);
        if (length < 0)
        {
            throw new MalformedMessageException("A string has no end.");
        }

        var text = Encoding.UTF8.GetString(message, at, length);
        at += length + 1;
        return text;
    }
}
