using MongoDB.Bson;

namespace Modestano.Testbed.Mongo.Storage;

/// <summary>
/// Plans one write command on a scratch copy of the store: each operation is applied there, so that the next statement of the command
/// sees it, and collected for the oplog.
/// </summary>
internal sealed class WritePlanner(DocumentStore scratch, TimeProvider time, ObjectIdSource ids)
{
    public static readonly IReadOnlySet<string> Commands = new HashSet<string>(StringComparer.Ordinal)
    {
        "insert", "update", "delete", "findAndModify", "findandmodify", "create", "createIndexes", "dropIndexes", "deleteIndexes", "drop",
        "dropDatabase",
    };

    private const int MaxBatch = 100_000;
    private const int MaxDocumentBytes = 16 * 1024 * 1024;

    private readonly List<OplogOperation> _operations = [];

    /// <summary>The scratch copy, with the effect of what was recorded so far.</summary>
    public DocumentStore Scratch => scratch;

    public DateTimeOffset Now => time.GetUtcNow();

    public WritePlan Plan(BsonDocument command)
    {
        var name = command.GetElement(0).Name;
        var reply = name switch
        {
            "insert" => Insert(command),
            "update" => Update(command),
            "delete" => Delete(command),
            "findAndModify" or "findandmodify" => new FindAndModifyPlanner(this).Plan(command),
            _ when Commands.Contains(name) => new CatalogPlanner(this).Plan(command),
            _ => throw ServerError.CommandNotFound(name).ToException(),
        };
        return new WritePlan(_operations, reply);
    }

    public void Record(OplogOperation operation)
    {
        _operations.Add(operation);
        scratch.Apply(operation);
    }

    /// <summary>Makes the collection if it is not there, as the first write to it does.</summary>
    public void EnsureCollection(Namespace ns, BsonDocument? options = null)
    {
        if (scratch.Find(ns.ToString()) is null)
        {
            var create = new BsonDocument("create", ns.Collection).AddRange(options ?? []);
            create.Add("idIndex", IndexDefinition.Id.Specification);
            Record(new OplogOperation("c", $"{ns.Database}.$cmd", create));
        }
    }

    /// <summary>Stores a new document; <c>_id</c> is made when missing and comes first.</summary>
    /// <exception cref="CommandFailedException">11000 DuplicateKey, or the document may not be stored.</exception>
    public BsonDocument InsertDocument(Namespace ns, BsonDocument document)
    {
        document = WithId(document);
        CheckStorable(document);
        EnsureCollection(ns);
        CheckUnique(ns, document, inserting: true);
        Record(new OplogOperation("i", ns.ToString(), document));
        return document;
    }

    /// <summary>Stores an updated document.</summary>
    /// <returns>Whether anything changed.</returns>
    public bool UpdateDocument(Namespace ns, BsonDocument before, BsonDocument after)
    {
        if (before.ToBson().AsSpan().SequenceEqual(after.ToBson()))
        {
            return false;
        }

        CheckStorable(after);
        CheckUnique(ns, after, inserting: false);
        Record(new OplogOperation("u", ns.ToString(), after, new BsonDocument("_id", after["_id"])));
        return true;
    }

    public void DeleteDocument(Namespace ns, BsonDocument document) =>
        Record(new OplogOperation("d", ns.ToString(), new BsonDocument("_id", document["_id"])));

    /// <summary>The document that an upsert makes: the query's equalities, then the update.</summary>
    public BsonDocument InsertByUpsert(Namespace ns, BsonDocument query, UpdateExpression update)
    {
        var start = update.IsReplacement ? UpsertSeed.IdOf(query) : UpsertSeed.Of(query);
        return InsertDocument(ns, update.Apply(start, inserting: true, Now));
    }

    private BsonDocument Insert(BsonDocument command)
    {
        CommandFields.Check(command, "documents", "ordered", "bypassDocumentValidation", "let");
        var ns = Namespace.OfCommand(command);
        var inserted = 0;
        var errors = Each(command, "documents", (statement, _) =>
        {
            InsertDocument(ns, statement);
            inserted++;
        });
        return WithErrors(new BsonDocument("n", inserted), errors);
    }

    private BsonDocument Update(BsonDocument command)
    {
        CommandFields.Check(command, "updates", "ordered", "bypassDocumentValidation", "let", "runtimeConstants");
        var ns = Namespace.OfCommand(command);
        var (matched, modified, upserted) = (0, 0, new BsonArray());
        var errors = Each(command, "updates", (statement, index) =>
        {
            CheckStatement("update.updates", statement, "q", "u", "multi", "upsert", "hint", "collation", "arrayFilters", "c");
            var query = statement["q"].AsBsonDocument;
            var update = UpdateExpression.Parse(statement["u"]);
            var multi = statement.GetValue("multi", false).ToBoolean();
            if (multi && update.IsReplacement)
            {
                throw ServerError.FailedToParse("multi update is not supported for replacement-style update").ToException();
            }

            var found = Filter.Parse(query).Select(scratch.Find(ns.ToString())).Take(multi ? int.MaxValue : 1).ToList();
            foreach (var document in found)
            {
                modified += UpdateDocument(ns, document, update.Apply(document, inserting: false, Now)) ? 1 : 0;
                matched++;
            }

            if (found.Count == 0 && statement.GetValue("upsert", false).ToBoolean())
            {
                var document = InsertByUpsert(ns, query, update);
                upserted.Add(new BsonDocument { { "index", index }, { "_id", document["_id"] } });
                matched++;
            }
        });
        var reply = new BsonDocument { { "n", matched } };
        if (upserted.Count > 0)
        {
            reply.Add("upserted", upserted);
        }

        return WithErrors(reply.Add("nModified", modified), errors);
    }

    private BsonDocument Delete(BsonDocument command)
    {
        CommandFields.Check(command, "deletes", "ordered", "let");
        var ns = Namespace.OfCommand(command);
        var deleted = 0;
        var errors = Each(command, "deletes", (statement, _) =>
        {
            CheckStatement("delete.deletes", statement, "q", "limit", "hint", "collation");
            var limit = statement.GetValue("limit", BsonNull.Value);
            if (!FieldTypes.IsNumber(limit) || limit.ToDouble() is not (0 or 1))
            {
                throw ServerError.FailedToParse(
                    $"The limit field in delete objects must be 0 or 1. Got {ServerText.Of(limit)}").ToException();
            }

            var found = Filter.Parse(statement["q"].AsBsonDocument).Select(scratch.Find(ns.ToString()));
            foreach (var document in found.Take(limit.ToInt32() == 1 ? 1 : int.MaxValue).ToList())
            {
                DeleteDocument(ns, document);
                deleted++;
            }
        });
        return WithErrors(new BsonDocument("n", deleted), errors);
    }

    private static BsonArray Each(BsonDocument command, string field, Action<BsonDocument, int> run)
    {
        var statements = CommandFields.Array(command, field);
        if (statements.Count is 0 or > MaxBatch)
        {
            throw new CommandFailedException(
                16, "InvalidLength", $"Write batch sizes must be between 1 and {MaxBatch}. Got {statements.Count} operations.");
        }

        var ordered = command.GetValue("ordered", true).ToBoolean();
        var errors = new BsonArray();
        for (var i = 0; i < statements.Count && (errors.Count == 0 || !ordered); i++)
        {
            try
            {
                run(statements[i].AsBsonDocument, i);
            }
            catch (CommandFailedException failure)
            {
                errors.Add(failure.Error.ToWriteError(i));
            }
        }

        return errors;
    }

    private static BsonDocument WithErrors(BsonDocument reply, BsonArray errors) =>
        errors.Count == 0 ? reply : reply.Add("writeErrors", errors);

    private static void CheckStatement(string name, BsonDocument statement, params ReadOnlySpan<string> known)
    {
        foreach (var field in statement.Names)
        {
            if (!known.Contains(field))
            {
                throw ServerError.UnknownField(name, field).ToException();
            }
        }

        RefuseUnsupported(statement);
    }

    /// <exception cref="CommandFailedException">115 for options whose effect this store does not have.</exception>
    public static void RefuseUnsupported(BsonDocument statement)
    {
        if (statement.GetValue("arrayFilters", null) is BsonArray { Count: > 0 })
        {
            throw ServerError.NotSupported("arrayFilters are not supported by this member").ToException();
        }

        if (statement.GetValue("collation", null) is BsonDocument { ElementCount: > 0 } collation && collation.GetValue("locale", "") != "simple")
        {
            throw ServerError.NotSupported("Collations are not supported by this member").ToException();
        }
    }

    private BsonDocument WithId(BsonDocument document)
    {
        if (document.ElementCount > 0 && document.GetElement(0).Name == "_id")
        {
            return document;
        }

        var result = new BsonDocument("_id", document.GetValue("_id", null) ?? new BsonObjectId(ids.Next()));
        return result.AddRange(document.Where(field => field.Name != "_id"));
    }

    private static void CheckStorable(BsonDocument document)
    {
        if (document["_id"].BsonType is BsonType.Array or BsonType.RegularExpression or BsonType.Undefined)
        {
            throw ServerError.BadValue($"The '_id' value cannot be of type {FieldTypes.NameOf(document["_id"])}").ToException();
        }

        var dollar = document.Names.FirstOrDefault(name => name.StartsWith('$'));
        if (dollar is not null)
        {
            throw ServerError.BadValue($"Document can't have $ prefixed field names: {dollar}").ToException();
        }

        var size = document.ToBson().Length;
        if (size > MaxDocumentBytes)
        {
            throw ServerError.BadValue($"object to insert too large. size in bytes: {size}, max size: {MaxDocumentBytes}").ToException();
        }
    }

    private void CheckUnique(Namespace ns, BsonDocument document, bool inserting)
    {
        if (scratch.Find(ns.ToString())?.FindDuplicate(document, inserting) is { } duplicate)
        {
            throw DuplicateKey.Error(ns, duplicate.Index, duplicate.Key).ToException();
        }
    }
}
