using System.Buffers.Binary;

namespace Modestano.Operator.ReplicaSets.Mongo.Wire;

/// <summary>The frame of a message and what may be in it (MongoDB Wire Protocol: OP_MSG, and OP_REPLY as the answer to the first hello).</summary>
internal static class WireMessage
{
    /// <summary>messageLength, requestID, responseTo, opCode: four bytes each.</summary>
    public const int HeaderBytes = 16;

    private const int OpReply = 1;
    private const int OpMsg = 2013;
    private const int ChecksumPresent = 1;

    /// <summary>The length that a header tells, itself included.</summary>
    /// <exception cref="ReplyRefusedException">It is too short or too long.</exception>
    public static int Length(ReadOnlySpan<byte> header, ReplyBounds bounds)
    {
        var length = BinaryPrimitives.ReadInt32LittleEndian(header);
        return length < HeaderBytes ? throw new ReplyRefusedException("the answer is not MongoDB's protocol")
            : length > bounds.MaxMessageBytes ? throw new ReplyRefusedException($"the answer is longer than {bounds.MaxMessageBytes / 1024 / 1024} MiB")
            : length;
    }

    /// <summary>Looks through a whole message.</summary>
    /// <exception cref="ReplyRefusedException">It is not what the driver can read safely.</exception>
    public static void Check(ReadOnlySpan<byte> message, ReplyBounds bounds)
    {
        var body = message[HeaderBytes..];
        switch (BinaryPrimitives.ReadInt32LittleEndian(message[12..]))
        {
            case OpMsg:
                Sections(body, bounds);
                break;
            case OpReply:
                Documents(body, bounds);
                break;
            case var opCode:
                // Compression was not asked for, and nothing else is an answer.
                throw new ReplyRefusedException($"the answer has opCode {opCode}, which nobody asked for");
        }
    }

    private static void Sections(ReadOnlySpan<byte> body, ReplyBounds bounds)
    {
        var flags = body.Length < 4 ? 0 : BinaryPrimitives.ReadInt32LittleEndian(body);
        var hasChecksum = (flags & ChecksumPresent) != 0;
        var shape = new BsonShape(hasChecksum && body.Length >= 8 ? body[..^4] : body, bounds);
        shape.Skip(4);
        while (!shape.IsAtEnd)
        {
            // A server answers with one document; sequences of them are for requests only.
            if (shape.Byte() != 0)
            {
                throw new ReplyRefusedException("the answer has a section that no server sends");
            }

            shape.Document();
        }
    }

    // responseFlags, cursorID, startingFrom, numberReturned, then the documents.
    private static void Documents(ReadOnlySpan<byte> body, ReplyBounds bounds)
    {
        var shape = new BsonShape(body, bounds);
        shape.Skip(20);
        while (!shape.IsAtEnd)
        {
            shape.Document();
        }
    }
}
