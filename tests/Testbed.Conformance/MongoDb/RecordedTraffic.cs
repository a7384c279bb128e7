using System.Buffers.Binary;
using System.Text;
using MongoDB.Bson;

namespace Modestano.Testbed.Conformance.MongoDb;

/// <summary>One request of a real driver and the reply of a real server, as a decoding proxy between them wrote them down.</summary>
internal sealed class RecordedExchange
{
    private readonly BsonDocument _document;

    private RecordedExchange(string path)
    {
        Name = Path.GetFileNameWithoutExtension(path);
        _document = BsonDocument.Parse(File.ReadAllText(path));
    }

    public string Name { get; }

    /// <summary>Whether the request went to a secondary; the recorded set's primary was behind this port.</summary>
    public bool IsToSecondary => _document["proxyPort"] != 28037;

    public bool IsHandshake => Request["op"] == "OP_QUERY";

    public BsonDocument Reply => DocumentOf(_document["reply"].AsBsonDocument);

    private BsonDocument Request => _document["request"].AsBsonDocument;

    public static IEnumerable<RecordedExchange> All(string prefix) =>
        Directory.GetFiles(Path.Combine(TestContext.CurrentContext.TestDirectory, "MongoDb", "Recordings", "traffic"), "*.json")
            .Order(StringComparer.Ordinal)
            .Select(path => new RecordedExchange(path))
            .Where(exchange => exchange.Name.Contains(prefix, StringComparison.Ordinal));

    /// <summary>The request's bytes, as the driver sent them.</summary>
    public byte[] RequestBytes()
    {
        using var body = new MemoryStream();
        if (IsHandshake)
        {
            body.Write(Int32(Request["flags"].AsInt32));
            body.Write(Encoding.UTF8.GetBytes(Request["ns"].AsString + "\0"));
            body.Write(Int32(Request["skip"].AsInt32));
            body.Write(Int32(Request["nReturn"].AsInt32));
            body.Write(Request["query"].ToBson());
        }
        else
        {
            body.Write(Int32(Request["flagBits"].AsInt32));
            foreach (var section in Request["sections"].AsBsonArray)
            {
                Write(body, section.AsBsonDocument);
            }
        }

        var header = new[] { 16 + (int)body.Length, Request["requestId"].AsInt32, 0, IsHandshake ? 2004 : 2013 };
        return [.. header.SelectMany(Int32), .. body.ToArray()];
    }

    private static void Write(MemoryStream body, BsonDocument section)
    {
        body.WriteByte((byte)section["kind"].AsInt32);
        if (section["kind"] == 0)
        {
            body.Write(section["doc"].ToBson());
            return;
        }

        byte[] sequence =
        [
            .. Encoding.UTF8.GetBytes(section["id"].AsString + "\0"), .. section["docs"].AsBsonArray.SelectMany(document => document.ToBson()),
        ];
        body.Write(Int32(sizeof(int) + sequence.Length));
        body.Write(sequence);
    }

    private static BsonDocument DocumentOf(BsonDocument message) =>
        message.Contains("doc") ? message["doc"].AsBsonDocument : message["sections"][0]["doc"].AsBsonDocument;

    private static byte[] Int32(int value)
    {
        var bytes = new byte[sizeof(int)];
        BinaryPrimitives.WriteInt32LittleEndian(bytes, value);
        return bytes;
    }
}
