using System.Collections.Immutable;
using MongoDB.Bson;

namespace Modestano.Testbed.Mongo.Storage;

/// <summary>One collection's contents at one moment. Changes give a new instance that shares what did not change.</summary>
internal sealed record StoredCollection
{
    private static readonly ImmutableSortedDictionary<BsonValue, long> NoKeys =
        ImmutableSortedDictionary.Create<BsonValue, long>(BsonOrder.Instance);

    private readonly record struct StoredRecord(BsonDocument Document, int Size);

    private ImmutableSortedDictionary<long, StoredRecord> Records { get; init; } = ImmutableSortedDictionary<long, StoredRecord>.Empty;

    private ImmutableSortedDictionary<BsonValue, long> Ids { get; init; } = NoKeys;

    private ImmutableDictionary<string, ImmutableSortedDictionary<BsonValue, long>> UniqueKeys { get; init; } =
        ImmutableDictionary<string, ImmutableSortedDictionary<BsonValue, long>>.Empty;

    private long NextRecord { get; init; } = 1;

    /// <summary>All indexes, <c>_id_</c> first.</summary>
    public ImmutableList<IndexDefinition> Indexes { get; init; } = [IndexDefinition.Id];

    /// <summary>The sum of the documents' BSON sizes, in bytes.</summary>
    public long SizeBytes { get; private init; }

    public int Count => Records.Count;

    /// <summary>All documents in natural order: the order of their first insertion.</summary>
    public IEnumerable<BsonDocument> Documents => Records.Values.Select(record => record.Document);

    public BsonDocument? FindById(BsonValue id) =>
        Ids.TryGetValue(id, out var record) ? Records[record].Document : null;

    /// <summary>Inserts the document, or replaces the one with its <c>_id</c>, without any check.</summary>
    public StoredCollection Put(BsonDocument document)
    {
        var id = document["_id"];
        var exists = Ids.TryGetValue(id, out var number);
        number = exists ? number : NextRecord;
        var old = exists ? Records[number] : default;
        var record = new StoredRecord(document, document.ToBson().Length);
        return this with
        {
            Records = Records.SetItem(number, record),
            Ids = exists ? Ids : Ids.Add(id, number),
            UniqueKeys = MoveKeys(number, old.Document, document),
            NextRecord = exists ? NextRecord : NextRecord + 1,
            SizeBytes = SizeBytes - old.Size + record.Size,
        };
    }

    /// <summary>Removes the document with that <c>_id</c>, if it is there.</summary>
    public StoredCollection Remove(BsonValue id)
    {
        if (!Ids.TryGetValue(id, out var number))
        {
            return this;
        }

        var old = Records[number];
        return this with
        {
            Records = Records.Remove(number),
            Ids = Ids.Remove(id),
            UniqueKeys = MoveKeys(number, old.Document, null),
            SizeBytes = SizeBytes - old.Size,
        };
    }

    public StoredCollection WithIndex(IndexDefinition index)
    {
        if (Indexes.Exists(other => other.Name == index.Name))
        {
            return this;
        }

        var keys = NoKeys;
        if (index.Unique)
        {
            foreach (var (number, record) in Records)
            {
                keys = keys.SetItems(index.KeysOf(record.Document).Select(key => KeyValuePair.Create((BsonValue)key, number)));
            }
        }

        return this with
        {
            Indexes = Indexes.Add(index),
            UniqueKeys = index.Unique ? UniqueKeys.SetItem(index.Name, keys) : UniqueKeys,
        };
    }

    public StoredCollection WithoutIndex(string name) => this with
    {
        Indexes = Indexes.RemoveAll(index => index.Name == name && name != IndexDefinition.Id.Name),
        UniqueKeys = UniqueKeys.Remove(name),
    };

    /// <summary>The unique index, and the key in it, that forbids this document; null if none does.</summary>
    /// <param name="document">The document to be stored.</param>
    /// <param name="inserting">Whether its <c>_id</c> must be new, too.</param>
    public (IndexDefinition Index, BsonArray Key)? FindDuplicate(BsonDocument document, bool inserting)
    {
        var known = Ids.TryGetValue(document["_id"], out var self);
        if (known && inserting)
        {
            return (IndexDefinition.Id, [document["_id"]]);
        }

        foreach (var index in Indexes)
        {
            if (!UniqueKeys.TryGetValue(index.Name, out var keys))
            {
                continue;
            }

            var taken = index.KeysOf(document).FirstOrDefault(
                key => keys.TryGetValue(key, out var owner) && (!known || owner != self));
            if (taken is not null)
            {
                return (index, taken);
            }
        }

        return null;
    }

    /// <summary>The key that two stored documents share under that index; null if it could be unique.</summary>
    public BsonArray? FindSharedKey(IndexDefinition index)
    {
        var seen = new SortedDictionary<BsonValue, long>(BsonOrder.Instance);
        foreach (var (number, record) in Records)
        {
            foreach (var key in index.KeysOf(record.Document))
            {
                if (!seen.TryAdd(key, number) && seen[key] != number)
                {
                    return key;
                }
            }
        }

        return null;
    }

    private ImmutableDictionary<string, ImmutableSortedDictionary<BsonValue, long>> MoveKeys(
        long number, BsonDocument? old, BsonDocument? document)
    {
        var all = UniqueKeys;
        foreach (var index in Indexes)
        {
            if (UniqueKeys.TryGetValue(index.Name, out var keys))
            {
                keys = old is null ? keys : keys.RemoveRange(index.KeysOf(old));
                keys = document is null
                    ? keys
                    : keys.SetItems(index.KeysOf(document).Select(key => KeyValuePair.Create((BsonValue)key, number)));
                all = all.SetItem(index.Name, keys);
            }
        }

        return all;
    }
}
