using MongoDB.Bson;

namespace Modestano.Testbed.Mongo.Storage;

/// <summary>Plans <c>findAndModify</c>.</summary>
internal sealed class FindAndModifyPlanner(WritePlanner planner)
{
    public BsonDocument Plan(BsonDocument command)
    {
        CommandFields.Check(
            command, "query", "sort", "remove", "update", "new", "fields", "upsert", "bypassDocumentValidation", "collation", "arrayFilters",
            "hint", "let");
        WritePlanner.RefuseUnsupported(command);
        var ns = Namespace.OfCommand(command);
        var (remove, update, upsert) = (CommandFields.Flag(command, "remove"), command.GetValue("update", null), CommandFields.Flag(command, "upsert"));
        if (remove == (update is not null))
        {
            throw ServerError.FailedToParse(remove
                ? "Cannot specify both an update and remove=true"
                : "Either an update or remove=true must be specified").ToException();
        }

        if (remove && (upsert || CommandFields.Flag(command, "new")))
        {
            throw ServerError.FailedToParse(upsert
                ? " Cannot specify both upsert=true and remove=true "
                : " Cannot specify both new=true and remove=true; 'remove' always returns the deleted document").ToException();
        }

        var query = CommandFields.Document(command, "query");
        var found = SortOrder.Parse(CommandFields.Document(command, "sort"))
            .Apply(Filter.Parse(query).Select(planner.Scratch.Find(ns.ToString())))
            .FirstOrDefault();
        var (outcome, value) = remove
            ? Remove(ns, found)
            : Update(ns, found, query, UpdateExpression.Parse(update!), upsert, CommandFields.Flag(command, "new"));
        var fields = CommandFields.Document(command, "fields");
        return new BsonDocument
        {
            { "lastErrorObject", outcome },
            { "value", value is null ? BsonNull.Value : fields.ElementCount > 0 ? Projection.Parse(fields).Apply(value) : value },
        };
    }

    private (BsonDocument Outcome, BsonDocument? Value) Remove(Namespace ns, BsonDocument? found)
    {
        if (found is not null)
        {
            planner.DeleteDocument(ns, found);
        }

        return (new BsonDocument("n", found is null ? 0 : 1), found);
    }

    private (BsonDocument Outcome, BsonDocument? Value) Update(
        Namespace ns, BsonDocument? found, BsonDocument query, UpdateExpression update, bool upsert, bool returnNew)
    {
        if (found is not null)
        {
            var after = update.Apply(found, inserting: false, planner.Now);
            planner.UpdateDocument(ns, found, after);
            return (new BsonDocument { { "n", 1 }, { "updatedExisting", true } }, returnNew ? after : found);
        }

        if (!upsert)
        {
            return (new BsonDocument { { "n", 0 }, { "updatedExisting", false } }, null);
        }

        var inserted = planner.InsertByUpsert(ns, query, update);
        return (
            new BsonDocument { { "n", 1 }, { "updatedExisting", false }, { "upserted", inserted["_id"] } },
            returnNew ? inserted : null);
    }
}
