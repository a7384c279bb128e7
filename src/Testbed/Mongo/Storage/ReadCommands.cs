using MongoDB.Bson;

namespace Modestano.Testbed.Mongo.Storage;

/// <summary>Answers the commands that read.</summary>
internal sealed class ReadCommands(DocumentStore store, CursorTable cursors)
{
    public static readonly IReadOnlySet<string> Names = new HashSet<string>(StringComparer.Ordinal)
    {
        "find", "getMore", "killCursors", "aggregate", "count", "distinct", "listDatabases", "listCollections", "listIndexes", "dbStats",
        "collStats",
    };

    public BsonDocument Run(BsonDocument command, IEnumerable<BsonDocument>? contents)
    {
        var name = command.GetElement(0).Name;
        return name switch
        {
            "find" => Find(command, contents),
            "getMore" => GetMore(command),
            "killCursors" => KillCursors(command),
            "aggregate" => Aggregate(command, contents),
            "count" => Count(command, contents),
            "distinct" => Distinct(command, contents),
            _ when Names.Contains(name) => new CatalogReads(store, cursors).Run(command),
            _ => throw ServerError.CommandNotFound(name).ToException(),
        };
    }

    private BsonDocument Find(BsonDocument command, IEnumerable<BsonDocument>? contents)
    {
        CommandFields.Check(
            command, "filter", "sort", "projection", "hint", "skip", "limit", "batchSize", "singleBatch", "max", "min", "returnKey",
            "showRecordId", "tailable", "awaitData", "oplogReplay", "noCursorTimeout", "allowPartialResults", "collation", "allowDiskUse", "let",
            "ntoreturn");
        WritePlanner.RefuseUnsupported(command);
        if (CommandFields.Flag(command, "tailable"))
        {
            throw ServerError.NotSupported("Tailable cursors are not supported by this member").ToException();
        }

        var ns = Namespace.OfCommand(command);
        var limit = NonNegative(command, "limit");
        var found = Matching(ns, CommandFields.Document(command, "filter"), contents);
        found = SortOrder.Parse(CommandFields.Document(command, "sort")).Apply(found).Skip(NonNegative(command, "skip") ?? 0);
        found = limit is > 0 ? found.Take(limit.Value) : found;
        var projection = CommandFields.Document(command, "projection");
        if (projection.ElementCount > 0)
        {
            found = found.Select(Projection.Parse(projection).Apply);
        }

        return Cursor(ns.ToString(), found, NonNegative(command, "batchSize"), CommandFields.Flag(command, "singleBatch"));
    }

    private BsonDocument GetMore(BsonDocument command)
    {
        CommandFields.Check(command, "collection", "batchSize", "term", "lastKnownCommittedOpTime");
        var ns = $"{command.GetValue("$db", "test")}.{command.GetValue("collection", string.Empty)}";
        return new BsonDocument("cursor", cursors.GetMore(command[0].ToInt64(), ns, NonNegative(command, "batchSize")));
    }

    private BsonDocument KillCursors(BsonDocument command)
    {
        CommandFields.Check(command, "cursors");
        return cursors.Kill(CommandFields.Array(command, "cursors").Select(id => id.ToInt64()));
    }

    private BsonDocument Aggregate(BsonDocument command, IEnumerable<BsonDocument>? contents)
    {
        CommandFields.Check(
            command, "pipeline", "cursor", "explain", "allowDiskUse", "hint", "let", "collation", "bypassDocumentValidation", "fromMongos",
            "needsMerge");
        WritePlanner.RefuseUnsupported(command);
        if (!command.Contains("cursor"))
        {
            throw ServerError.FailedToParse("The 'cursor' option is required, except for aggregate with the explain argument").ToException();
        }

        var stages = CommandFields.Array(command, "pipeline");
        var database = command.GetValue("$db", "test").AsString;
        var onDatabase = FieldTypes.IsNumber(command[0]);
        var ns = onDatabase ? new Namespace(database, "$cmd.aggregate") : Namespace.OfCommand(command);
        var pipeline = Pipeline.Parse(stages);
        var results = pipeline.Run(contents ?? store.Find(ns.ToString())?.Documents ?? []);
        return Cursor(ns.ToString(), results, NonNegative(CommandFields.Document(command, "cursor"), "batchSize"), singleBatch: false);
    }

    private BsonDocument Count(BsonDocument command, IEnumerable<BsonDocument>? contents)
    {
        CommandFields.Check(command, "query", "limit", "skip", "hint", "collation", "fields");
        var ns = Namespace.OfCommand(command);
        var found = Matching(ns, CommandFields.Document(command, "query"), contents).Skip(NonNegative(command, "skip") ?? 0);
        var limit = Math.Abs(CommandFields.Number(command, "limit") ?? 0);
        return new BsonDocument("n", limit == 0 ? found.Count() : found.Take(limit).Count());
    }

    private BsonDocument Distinct(BsonDocument command, IEnumerable<BsonDocument>? contents)
    {
        CommandFields.Check(command, "key", "query", "hint", "collation");
        var ns = Namespace.OfCommand(command);
        var path = FieldPath.Parse(command["key"].AsString);
        var values = new SortedSet<BsonValue>(BsonOrder.Instance);
        foreach (var leaf in Matching(ns, CommandFields.Document(command, "query"), contents).SelectMany(path.Leaves))
        {
            values.UnionWith(leaf is BsonArray array ? array : leaf is null ? [] : [leaf]);
        }

        return new BsonDocument("values", new BsonArray(values));
    }

    private IEnumerable<BsonDocument> Matching(Namespace ns, BsonDocument query, IEnumerable<BsonDocument>? contents)
    {
        var filter = Filter.Parse(query);
        return contents is null ? filter.Select(store.Find(ns.ToString())) : contents.Where(filter.Matches);
    }

    private BsonDocument Cursor(string ns, IEnumerable<BsonDocument> results, int? batchSize, bool singleBatch) =>
        new("cursor", cursors.Open(ns, results.ToList(), batchSize, singleBatch));

    private static int? NonNegative(BsonDocument command, string field)
    {
        var number = CommandFields.Number(command, field);
        return number is < 0
            ? throw new CommandFailedException(
                51024, "Location51024", $"BSON field '{field}' value must be >= 0, actual value '{number}'")
            : number;
    }
}
