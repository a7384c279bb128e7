using System.Buffers.Binary;

namespace Modestano.Operator.ReplicaSets.Mongo.Wire;

/// <summary>Looks through BSON without making anything of it and without recursion (bsonspec.org, version 1.1).</summary>
internal ref struct BsonShape(ReadOnlySpan<byte> bytes, ReplyBounds bounds)
{
    private const string Broken = "the answer is not BSON";

    private readonly ReadOnlySpan<byte> _bytes = bytes;
    private readonly ReplyBounds _bounds = bounds;
    private int _position;
    private int _fields;

    /// <summary>Whether everything has been looked at.</summary>
    public readonly bool IsAtEnd => _position == _bytes.Length;

    /// <summary>How many fields were stepped over.</summary>
    public readonly int Fields => _fields;

    /// <summary>Steps over one document.</summary>
    /// <exception cref="ReplyRefusedException">It is none, it is nested too deeply, or it has too many fields.</exception>
    public void Document()
    {
        // Where each open document ends: a length that reaches beyond its parent's is no BSON.
        var ends = new Stack<int>();
        Open(ends, _bytes.Length);
        while (ends.Count > 0)
        {
            var type = Byte();
            if (type == 0)
            {
                if (_position != ends.Pop())
                {
                    throw new ReplyRefusedException(Broken);
                }

                continue;
            }

            if (++_fields > _bounds.MaxFields)
            {
                throw new ReplyRefusedException($"the answer has more than {_bounds.MaxFields} fields");
            }

            Text();
            Value(type, ends);
            if (ends.Count > 0 && _position >= ends.Peek())
            {
                throw new ReplyRefusedException(Broken);
            }
        }
    }

    /// <summary>Steps over a text that ends with a zero byte.</summary>
    public void Text()
    {
        var length = _bytes[_position..].IndexOf((byte)0);
        Skip(length < 0 ? _bytes.Length : length + 1);
    }

    /// <summary>Steps over so many bytes.</summary>
    public void Skip(long count) =>
        _position = count < 0 || count > _bytes.Length - _position ? throw new ReplyRefusedException(Broken) : _position + (int)count;

    /// <summary>The next byte.</summary>
    public byte Byte()
    {
        Skip(1);
        return _bytes[_position - 1];
    }

    /// <summary>The next four bytes as a number.</summary>
    public int Number()
    {
        Skip(4);
        return BinaryPrimitives.ReadInt32LittleEndian(_bytes[(_position - 4)..]);
    }

    private void Open(Stack<int> ends, int limit)
    {
        var start = _position;
        var length = Number();
        if (length < 5 || length > limit - start)
        {
            throw new ReplyRefusedException(Broken);
        }

        if (ends.Count == _bounds.MaxDepth)
        {
            throw new ReplyRefusedException($"the answer has more than {_bounds.MaxDepth} documents in each other");
        }

        ends.Push(start + length);
    }

    private void Value(byte type, Stack<int> ends)
    {
        switch (type)
        {
            case 0x03 or 0x04:
                Open(ends, ends.Peek());
                break;
            case 0x01 or 0x09 or 0x11 or 0x12:
                Skip(8);
                break;
            case 0x02 or 0x0D or 0x0E:
                Skip(Length(Number()));
                break;
            case 0x05:
                Skip(Length(Number()) + 1L);
                break;
            case 0x06 or 0x0A or 0x7F or 0xFF:
                break;
            case 0x07:
                Skip(12);
                break;
            case 0x08:
                Skip(1);
                break;
            case 0x0B:
                Text();
                Text();
                break;
            case 0x0C:
                Skip(Length(Number()) + 12L);
                break;
            case 0x0F:
                // Code with a scope: its own length, the code, then a document.
                Skip(4);
                Skip(Length(Number()));
                Open(ends, ends.Peek());
                break;
            case 0x10:
                Skip(4);
                break;
            case 0x13:
                Skip(16);
                break;
            default:
                throw new ReplyRefusedException(Broken);
        }
    }

    private static int Length(int length) => length < 0 ? throw new ReplyRefusedException(Broken) : length;
}
