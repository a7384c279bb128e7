using MongoDB.Bson;
using MongoDB.Bson.Serialization;

namespace Modestano.Testbed.Commands.Servers;

/// <summary>What a member's process says of itself to the hub.</summary>
/// <param name="Host">host:port that it listens at.</param>
/// <param name="DataFolder">Its <c>--dbpath</c>; who comes again with it has the same disk.</param>
/// <param name="ReplSetName"><c>--replSet</c>; null: a standalone.</param>
/// <param name="KeyFile">What stands for the content of its <c>--keyFile</c>; null: none, and no logins.</param>
internal sealed record MongodAttachment(string Host, string DataFolder, string? ReplSetName, string? KeyFile)
{
    public void Write(Stream stream)
    {
        var document = new BsonDocument { { "host", Host }, { "data", DataFolder } };
        document.Add("set", ReplSetName, ReplSetName is not null).Add("key", KeyFile, KeyFile is not null);
        stream.Write(document.ToBson());
    }

    public static MongodAttachment Read(Stream stream)
    {
        var size = new byte[sizeof(int)];
        stream.ReadExactly(size);
        var bytes = new byte[BitConverter.ToInt32(size)];
        size.CopyTo(bytes, 0);
        stream.ReadExactly(bytes.AsSpan(size.Length));
        var document = BsonSerializer.Deserialize<BsonDocument>(bytes);
        return new MongodAttachment(
            document["host"].AsString, document["data"].AsString, document.GetValue("set", BsonNull.Value) as BsonString is { } set ? set.Value : null,
            document.GetValue("key", BsonNull.Value) as BsonString is { } key ? key.Value : null);
    }
}
