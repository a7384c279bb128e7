using MongoDB.Bson;

namespace Modestano.Testbed.Mongo.Storage;

/// <summary>An index of a collection, as <c>listIndexes</c> shows it.</summary>
internal sealed record IndexDefinition(string Name, BsonDocument Key, bool Unique, BsonDocument Specification)
{
    public static readonly IndexDefinition Id = new(
        "_id_", new BsonDocument("_id", 1), Unique: true,
        new BsonDocument { { "v", 2 }, { "key", new BsonDocument("_id", 1) }, { "name", "_id_" } });

    public static IndexDefinition Parse(BsonDocument specification)
    {
        var key = specification["key"].AsBsonDocument;
        return new IndexDefinition(
            specification["name"].AsString, key, specification.GetValue("unique", false).ToBoolean(), specification);
    }

    /// <summary>The keys of a document: one, or one for each element where an indexed field is an array.</summary>
    public IEnumerable<BsonArray> KeysOf(BsonDocument document)
    {
        IEnumerable<BsonArray> keys = [[]];
        foreach (var field in Key)
        {
            var values = FieldPath.Parse(field.Name).Leaves(document)
                .SelectMany(leaf => leaf is BsonArray array ? array.DefaultIfEmpty(BsonUndefined.Value) : [leaf ?? BsonNull.Value])
                .Distinct()
                .ToList();
            keys = keys.SelectMany(_ => values, (key, value) => new BsonArray(key) { value }).ToList();
        }

        return keys;
    }
}
