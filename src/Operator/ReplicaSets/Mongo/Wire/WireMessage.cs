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
    /// <returns>How many fields it has.</returns>
    /// <exception cref="ReplyRefusedException">It is not what the driver can read safely.</exception>
    public static int Check(ReadOnlySpan<byte> message, ReplyBounds bounds)
    {
        var body = message[HeaderBytes..];
        return BinaryPrimitives.ReadInt32LittleEndian(message[12..]) switch
        {
            OpMsg => Sections(body, bounds),
            OpReply => Documents(body, bounds),
            // Compression was not asked for, and nothing else is an answer.
            var opCode => throw new ReplyRefusedException($"the answer has opCode {opCode}, which nobody asked for"),
        };
    }

    private static int Sections(ReadOnlySpan<byte> body, ReplyBounds bounds)
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

        return shape.Fields;
    }

    // responseFlags, cursorID, startingFrom, numberReturned, then the documents.
    private static int Documents(ReadOnlySpan<byte> body, ReplyBounds bounds)
    {
        var shape = new BsonShape(body, bounds);
        shape.Skip(20);
        while (!shape.IsAtEnd)
        {
            shape.Document();
        }

        return shape.Fields;
    }
}
