using System.Buffers.Binary;

namespace Modestano.Tests.Shared;

/// <summary>BSON that no reader should follow to its end.</summary>
internal static class NestedBson
{
    /// <summary>Documents in each other, so many of them; the innermost is empty.</summary>
    public static byte[] Of(int depth)
    {
        // A length, the type, the name `a`; at the end a zero byte for each.
        var bytes = new byte[((depth - 1) * 8) + 5];
        for (var i = 0; i < depth; i++)
        {
            BinaryPrimitives.WriteInt32LittleEndian(bytes.AsSpan(i * 7), bytes.Length - (i * 8));
            if (i < depth - 1)
            {
                bytes[(i * 7) + 4] = 3;
                bytes[(i * 7) + 5] = (byte)'a';
            }
        }

        return bytes;
    }
}
