using Modestano.Testbed.Mongo.Wire;
using MongoDB.Bson;
using MongoDB.Bson.Serialization;

namespace Modestano.Testbed.Commands.Servers;

/// <summary>What a member's process says of itself to the hub.</summary>
/// <param name="Host">host:port by which configs know it.</param>
/// <param name="OutboundPort">Where its process connects to others for the hub.</param>
/// <param name="DataFolder">Its <c>--dbpath</c>; who comes again with it has the same disk.</param>
/// <param name="ReplSetName"><c>--replSet</c>; null: a standalone.</param>
/// <param name="KeyFile">What stands for the content of its <c>--keyFile</c>; null: none, and no logins.</param>
/// <param name="Tls">How its port speaks TLS; null: plain.</param>
internal sealed record MongodAttachment(string Host, int OutboundPort, string DataFolder, string? ReplSetName, string? KeyFile, ServerTlsFiles? Tls)
{
    public void Write(Stream stream)
    {
        var document = new BsonDocument { { "host", Host }, { "outbound", OutboundPort }, { "data", DataFolder } };
        document.Add("set", ReplSetName, ReplSetName is not null).Add("key", KeyFile, KeyFile is not null);
        if (Tls is not null)
        {
            document.Add("certificate", Tls.CertificateKeyFile).Add("authority", Tls.AuthorityFile, Tls.AuthorityFile is not null).Add("clients", Tls.RequireClientCertificates);
        }

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
        string? Text(string field) => document.TryGetValue(field, out var value) ? value.AsString : null;
        return new MongodAttachment(
            Text("host")!, document["outbound"].AsInt32, Text("data")!, Text("set"), Text("key"),
            Text("certificate") is { } certificate ? new ServerTlsFiles(certificate, Text("authority"), document["clients"].AsBoolean) : null);
    }
}
