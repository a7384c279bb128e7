using MongoDB.Bson;

namespace Modestano.Testbed.Mongo.Storage;

/// <summary>Plans the commands that make and drop collections, indexes and databases.</summary>
internal sealed class CatalogPlanner(WritePlanner planner)
{
    public BsonDocument Plan(BsonDocument command) => command.GetElement(0).Name switch
    {
        "create" => Create(command),
        "createIndexes" => CreateIndexes(command),
        "drop" => Drop(command),
        "dropDatabase" => DropDatabase(command),
        _ => DropIndexes(command),
    };

    private BsonDocument Create(BsonDocument command)
    {
        CommandFields.Check(
            command, "capped", "size", "max", "autoIndexId", "idIndex", "validator", "validationLevel", "validationAction", "viewOn",
            "pipeline", "collation", "storageEngine", "indexOptionDefaults", "timeseries", "expireAfterSeconds", "temp");
        var special = command.Names.FirstOrDefault(name => name is "capped" or "validator" or "viewOn" or "timeseries");
        if (special is not null && command[special] != false)
        {
            throw ServerError.NotSupported($"Collections with '{special}' are not supported by this member").ToException();
        }

        var ns = Namespace.OfCommand(command);
        if (planner.Scratch.Find(ns.ToString()) is not null)
        {
            throw new CommandFailedException(48, "NamespaceExists", $"Collection already exists. NS: {ns}");
        }

        planner.EnsureCollection(ns);
        return [];
    }

    private BsonDocument CreateIndexes(BsonDocument command)
    {
        CommandFields.Check(command, "indexes", "commitQuorum", "ignoreUnknownIndexOptions");
        var ns = Namespace.OfCommand(command);
        var indexes = CommandFields.Array(command, "indexes");
        if (indexes.Count == 0)
        {
            throw ServerError.BadValue("Must specify at least one index to create").ToException();
        }

        var existed = planner.Scratch.Find(ns.ToString());
        planner.EnsureCollection(ns);
        var before = planner.Scratch.Find(ns.ToString())!.Indexes.Count;
        foreach (var specification in indexes.Cast<BsonDocument>())
        {
            CreateIndex(ns, specification);
        }

        var after = planner.Scratch.Find(ns.ToString())!.Indexes.Count;
        var reply = new BsonDocument { { "numIndexesBefore", before }, { "numIndexesAfter", after } };
        return before == after
            ? reply.Add("note", "all indexes already exist")
            : reply.Add("createdCollectionAutomatically", existed is null).Add("commitQuorum", "votingMembers");
    }

    private void CreateIndex(Namespace ns, BsonDocument specification)
    {
        foreach (var required in new[] { "key", "name" })
        {
            if (!specification.Contains(required))
            {
                throw ServerError.FailedToParse($"The '{required}' field is a required property of an index specification").ToException();
            }
        }

        var normal = new BsonDocument { { "v", 2 }, { "key", specification["key"] }, { "name", specification["name"] } };
        normal.AddRange(specification.Where(field => !normal.Contains(field.Name) && field.Name != "ns" && field.Name != "background"));
        var index = IndexDefinition.Parse(normal);
        var collection = planner.Scratch.Find(ns.ToString())!;
        if (collection.Indexes.Find(other => other.Key == index.Key || other.Name == index.Name) is { } same)
        {
            if (same.Key == index.Key && (same.Name == index.Name || same == IndexDefinition.Id))
            {
                return;
            }

            throw same.Key == index.Key
                ? new CommandFailedException(85, "IndexOptionsConflict", $"Index already exists with a different name: {same.Name}")
                : new CommandFailedException(
                    86, "IndexKeySpecsConflict",
                    "An existing index has the same name as the requested index. When index names are not specified, they are auto generated "
                    + $"and can cause conflicts. Please refer to our documentation. Requested index: {ServerText.Of(index.Specification)}, "
                    + $"existing index: {ServerText.Of(same.Specification)}");
        }

        if (index.Unique && collection.FindSharedKey(index) is { } shared)
        {
            throw DuplicateKey.Error(ns, index, shared).ToException();
        }

        var operation = new BsonDocument("createIndexes", ns.Collection).AddRange(normal);
        planner.Record(new OplogOperation("c", $"{ns.Database}.$cmd", operation));
    }

    private BsonDocument DropIndexes(BsonDocument command)
    {
        CommandFields.Check(command, "index");
        var ns = Namespace.OfCommand(command);
        var collection = Existing(ns);
        var wanted = command.GetValue("index", BsonNull.Value);
        var doomed = wanted == "*"
            ? collection.Indexes.Skip(1).ToList()
            : collection.Indexes.Where(index => index.Name == wanted || index.Key == wanted || (wanted as BsonArray)?.Contains(index.Name) == true).ToList();
        if (doomed.Contains(IndexDefinition.Id))
        {
            throw new CommandFailedException(72, "InvalidOptions", "cannot drop _id index");
        }

        if (doomed.Count == 0 && wanted != "*")
        {
            throw new CommandFailedException(27, "IndexNotFound", wanted.IsBsonDocument
                ? $"can't find index with key: {ServerText.Of(wanted)}"
                : $"index not found with name [{(wanted.IsString ? wanted.AsString : ServerText.Of(wanted))}]");
        }

        foreach (var index in doomed)
        {
            planner.Record(new OplogOperation(
                "c", $"{ns.Database}.$cmd", new BsonDocument { { "dropIndexes", ns.Collection }, { "index", index.Name } }));
        }

        return new BsonDocument("nIndexesWas", collection.Indexes.Count);
    }

    private BsonDocument Drop(BsonDocument command)
    {
        CommandFields.Check(command);
        var ns = Namespace.OfCommand(command);
        var collection = Existing(ns);
        planner.Record(new OplogOperation("c", $"{ns.Database}.$cmd", new BsonDocument("drop", ns.Collection)));
        return new BsonDocument { { "nIndexesWas", collection.Indexes.Count }, { "ns", ns.ToString() } };
    }

    private BsonDocument DropDatabase(BsonDocument command)
    {
        CommandFields.Check(command);
        var database = command.GetValue("$db", "test").AsString;
        if (database is "admin" or "config" or "local")
        {
            throw new CommandFailedException(20, "IllegalOperation", $"Dropping the '{database}' database is prohibited.");
        }

        if (!planner.Scratch.Namespaces.Any(ns => ns.StartsWith(database + ".", StringComparison.Ordinal)))
        {
            return [];
        }

        planner.Record(new OplogOperation("c", $"{database}.$cmd", new BsonDocument("dropDatabase", 1)));
        return new BsonDocument("dropped", database);
    }

    private StoredCollection Existing(Namespace ns) =>
        planner.Scratch.Find(ns.ToString()) ?? throw new CommandFailedException(26, "NamespaceNotFound", "ns not found");
}
