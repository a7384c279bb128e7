using MongoDB.Bson;

namespace Modestano.Testbed.Mongo.Storage;

/// <summary>Answers what databases, collections and indexes there are, and how large.</summary>
internal sealed class CatalogReads(DocumentStore store, CursorTable cursors)
{
    // A member of a replica set always has these.
    private static readonly string[] SystemDatabases = ["admin", "config", "local"];

    public BsonDocument Run(BsonDocument command) => command.GetElement(0).Name switch
    {
        "listDatabases" => ListDatabases(command),
        "listCollections" => ListCollections(command),
        "listIndexes" => ListIndexes(command),
        "dbStats" => DatabaseStats(command),
        _ => CollectionStats(command),
    };

    private BsonDocument ListDatabases(BsonDocument command)
    {
        CommandFields.Check(command, "filter", "nameOnly", "authorizedDatabases");
        var database = command.GetValue("$db", "admin").AsString;
        if (database != "admin")
        {
            throw new CommandFailedException(13, "Unauthorized", "listDatabases may only be run against the admin database.");
        }

        var nameOnly = CommandFields.Flag(command, "nameOnly");
        var filter = Filter.Parse(CommandFields.Document(command, "filter"));
        var names = store.Namespaces.Select(ns => Namespace.Parse(ns).Database).Concat(SystemDatabases).Distinct().Order(StringComparer.Ordinal);
        var all = names
            .Select(name => (Name: name, Size: SizeOf(name)))
            .Select(entry => new BsonDocument { { "name", entry.Name }, { "sizeOnDisk", entry.Size }, { "empty", entry.Size == 0 } })
            .Where(filter.Matches)
            .ToList();
        if (nameOnly)
        {
            return new BsonDocument("databases", new BsonArray(all.Select(entry => new BsonDocument("name", entry["name"]))));
        }

        var total = all.Sum(entry => entry["sizeOnDisk"].AsInt64);
        return new BsonDocument
        {
            { "databases", new BsonArray(all) }, { "totalSize", total }, { "totalSizeMb", total / (1024 * 1024) },
        };
    }

    private BsonDocument ListCollections(BsonDocument command)
    {
        CommandFields.Check(command, "filter", "nameOnly", "authorizedCollections", "cursor");
        var database = command.GetValue("$db", "test").AsString;
        var nameOnly = CommandFields.Flag(command, "nameOnly");
        var filter = Filter.Parse(CommandFields.Document(command, "filter"));
        var all = CollectionsOf(database)
            .Select(ns => nameOnly
                ? new BsonDocument { { "name", ns.Collection }, { "type", "collection" } }
                : new BsonDocument
                {
                    { "name", ns.Collection }, { "type", "collection" }, { "options", new BsonDocument() },
                    { "info", new BsonDocument("readOnly", false) }, { "idIndex", IndexDefinition.Id.Specification },
                })
            .Where(filter.Matches)
            .ToList();
        return Cursor($"{database}.$cmd.listCollections", all, command);
    }

    private BsonDocument ListIndexes(BsonDocument command)
    {
        CommandFields.Check(command, "cursor", "includeBuildUUIDs");
        var ns = Namespace.OfCommand(command);
        var collection = store.Find(ns.ToString())
            ?? throw new CommandFailedException(26, "NamespaceNotFound", $"ns does not exist: {ns}");
        return Cursor(ns.ToString(), collection.Indexes.Select(index => index.Specification).ToList(), command);
    }

    private BsonDocument DatabaseStats(BsonDocument command)
    {
        CommandFields.Check(command, "scale", "freeStorage");
        var database = command.GetValue("$db", "test").AsString;
        var collections = CollectionsOf(database).Select(ns => store.Find(ns.ToString())!).ToList();
        var (objects, size) = (collections.Sum(c => (long)c.Count), collections.Sum(c => c.SizeBytes));
        return new BsonDocument
        {
            { "db", database }, { "collections", collections.Count }, { "views", 0 }, { "objects", objects },
            { "avgObjSize", objects == 0 ? 0.0 : (double)size / objects }, { "dataSize", (double)size }, { "storageSize", (double)size },
            { "indexes", collections.Sum(c => c.Indexes.Count) }, { "indexSize", 0.0 }, { "totalSize", (double)size }, { "scaleFactor", 1 },
        };
    }

    private BsonDocument CollectionStats(BsonDocument command)
    {
        CommandFields.Check(command, "scale");
        var ns = Namespace.OfCommand(command);
        var collection = store.Find(ns.ToString());
        var reply = new BsonDocument
        {
            { "ns", ns.ToString() }, { "size", collection?.SizeBytes ?? 0 }, { "count", collection?.Count ?? 0 },
        };
        if (collection is { Count: > 0 })
        {
            reply.Add("avgObjSize", collection.SizeBytes / collection.Count);
        }

        return reply.AddRange(new BsonDocument
        {
            { "storageSize", collection?.SizeBytes ?? 0 }, { "capped", false }, { "nindexes", collection?.Indexes.Count ?? 0 },
        });
    }

    private long SizeOf(string database) => CollectionsOf(database).Sum(ns => store.Find(ns.ToString())!.SizeBytes);

    private IEnumerable<Namespace> CollectionsOf(string database) =>
        store.Namespaces.Select(Namespace.Parse).Where(ns => ns.Database == database);

    // These replies have the cursor's fields in another order than find has.
    private BsonDocument Cursor(string ns, IReadOnlyList<BsonDocument> results, BsonDocument command)
    {
        var batchSize = CommandFields.Number(CommandFields.Document(command, "cursor"), "batchSize") ?? int.MaxValue;
        var cursor = cursors.Open(ns, results, batchSize, singleBatch: false);
        return new BsonDocument("cursor", new BsonDocument { { "id", cursor["id"] }, { "ns", ns }, { "firstBatch", cursor["firstBatch"] } });
    }
}
