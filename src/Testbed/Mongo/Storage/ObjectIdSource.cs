using System.Buffers.Binary;
using MongoDB.Bson;

namespace Modestano.Testbed.Mongo.Storage;

/// <summary>Object ids as the server makes them (seconds, five process bytes, counter), the same for the same seed and clock.</summary>
public sealed class ObjectIdSource
{
    private readonly TimeProvider _time;
    private readonly byte[] _process = new byte[5];
    private int _counter;

    /// <param name="time">Gives the seconds.</param>
    /// <param name="seed">Gives the process bytes and the first counter; each member has its own.</param>
    public ObjectIdSource(TimeProvider time, int seed)
    {
        _time = time;
#pragma warning disable CA5394 // Not a secret: ids must repeat with the seed.
        var random = new Random(seed);
        random.NextBytes(_process);
        _counter = random.Next(0x1000000);
#pragma warning restore CA5394
    }

    /// <summary>The next id.</summary>
    public ObjectId Next()
    {
        Span<byte> bytes = stackalloc byte[12];
        BinaryPrimitives.WriteUInt32BigEndian(bytes, (uint)_time.GetUtcNow().ToUnixTimeSeconds());
        _process.CopyTo(bytes[4..]);
        _counter = (_counter + 1) & 0xFFFFFF;
        bytes[9] = (byte)(_counter >> 16);
        bytes[10] = (byte)(_counter >> 8);
        bytes[11] = (byte)_counter;
        return new ObjectId(bytes.ToArray());
    }
}
