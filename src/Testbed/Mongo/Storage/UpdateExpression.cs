using MongoDB.Bson;

namespace Modestano.Testbed.Mongo.Storage;

/// <summary>The <c>u</c> of an update: a replacement document, or update operators.</summary>
internal sealed class UpdateExpression
{
    private readonly BsonDocument? _replacement;
    private readonly List<UpdateAction> _actions = [];

    private UpdateExpression(BsonDocument update)
    {
        if (update.ElementCount == 0 || !update.GetElement(0).Name.StartsWith('$'))
        {
            _replacement = update;
            var stray = update.Names.FirstOrDefault(name => name.StartsWith('$'));
            if (stray is not null)
            {
                throw new CommandFailedException(
                    52, "DollarPrefixedField", $"The dollar ($) prefixed field '{stray}' in '{stray}' is not valid for storage.");
            }

            return;
        }

        foreach (var modifier in update)
        {
            var make = UpdateAction.MakerOf(modifier.Name);
            if (modifier.Value is not BsonDocument fields)
            {
                throw ServerError.FailedToParse(
                    $"Modifiers operate on fields but we found type {FieldTypes.NameOf(modifier.Value)} instead. "
                    + $"For example: {{$mod: {{<field>: ...}}}} not {{{modifier.Name}: {ServerText.Of(modifier.Value)}}}").ToException();
            }

            _actions.AddRange(fields.Select(make));
        }

        CheckConflicts();
        _actions.Sort((a, b) => ComparePaths(a.Path, b.Path));
    }

    public bool IsReplacement => _replacement is not null;

    /// <exception cref="CommandFailedException">The server refuses the expression.</exception>
    public static UpdateExpression Parse(BsonValue update) => update switch
    {
        BsonDocument document => new UpdateExpression(document),
        BsonArray => throw ServerError.NotSupported("Updates by an aggregation pipeline are not supported by this member").ToException(),
        _ => throw ServerError.FailedToParse("Update argument must be either an object or an array").ToException(),
    };

    /// <summary>The document after the update; the given one is left as it is.</summary>
    /// <param name="before">The stored document, or what an upsert starts from.</param>
    /// <param name="inserting">Whether an upsert makes a new document (<c>$setOnInsert</c> applies).</param>
    /// <param name="now">For <c>$currentDate</c>.</param>
    public BsonDocument Apply(BsonDocument before, bool inserting, DateTimeOffset now)
    {
        var id = before.GetValue("_id", null);
        var after = _replacement is null ? before.DeepClone().AsBsonDocument : Replace(id);
        foreach (var action in _actions)
        {
            action.Apply(after, inserting, now);
        }

        if (id is not null && (!after.TryGetValue("_id", out var newId) || !BsonOrder.AreEqual(id, newId)))
        {
            throw new CommandFailedException(66, "ImmutableField", IsReplacement
                ? $"After applying the update, the (immutable) field '_id' was found to have been altered to _id: {ServerText.Of(after.GetValue("_id", BsonNull.Value))}"
                : "Performing an update on the path '_id' would modify the immutable field '_id'");
        }

        return after;
    }

    private BsonDocument Replace(BsonValue? id)
    {
        var after = _replacement!.DeepClone().AsBsonDocument;
        if (after.TryGetValue("_id", out var own))
        {
            after.Remove("_id");
            after.InsertAt(0, new BsonElement("_id", own));
        }
        else if (id is not null)
        {
            after.InsertAt(0, new BsonElement("_id", id));
        }

        return after;
    }

    private void CheckConflicts()
    {
        var paths = _actions.SelectMany(action => action.Touches).ToList();
        for (var i = 0; i < paths.Count; i++)
        {
            for (var j = 0; j < i; j++)
            {
                var (earlier, later) = (paths[j], paths[i]);
                if (earlier == later || later.StartsWith(earlier + ".", StringComparison.Ordinal)
                    || earlier.StartsWith(later + ".", StringComparison.Ordinal))
                {
                    var shorter = earlier.Length < later.Length ? earlier : later;
                    throw new CommandFailedException(
                        40, "ConflictingUpdateOperators", $"Updating the path '{later}' would create a conflict at '{shorter}'");
                }
            }
        }
    }

    // The server applies updates in the order of their paths, which shows in the order of new fields.
    private static int ComparePaths(FieldPath left, FieldPath right)
    {
        for (var i = 0; i < left.Parts.Count && i < right.Parts.Count; i++)
        {
            var order = long.TryParse(left.Parts[i], out var a) && long.TryParse(right.Parts[i], out var b)
                ? a.CompareTo(b)
                : string.CompareOrdinal(left.Parts[i], right.Parts[i]);
            if (order != 0)
            {
                return order;
            }
        }

        return left.Parts.Count.CompareTo(right.Parts.Count);
    }
}
