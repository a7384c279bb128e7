using MongoDB.Bson;

namespace Modestano.Testbed.Mongo.Storage;

/// <summary>The error 11000 DuplicateKey.</summary>
internal static class DuplicateKey
{
    public static ServerError Error(Namespace ns, IndexDefinition index, BsonArray key)
    {
        var value = new BsonDocument(index.Key.Names.Zip(key, (name, part) => new BsonElement(name, part)));
        return new ServerError(
            11000, "DuplicateKey",
            $"E11000 duplicate key error collection: {ns} index: {index.Name} dup key: {ServerText.Of(value)}",
            new BsonDocument { { "keyPattern", index.Key }, { "keyValue", value } });
    }
}
