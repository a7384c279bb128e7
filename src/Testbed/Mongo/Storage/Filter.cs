using MongoDB.Bson;

namespace Modestano.Testbed.Mongo.Storage;

/// <summary>A parsed query document.</summary>
internal sealed class Filter
{
    private readonly Func<BsonDocument, bool> _matches;

    private Filter(Func<BsonDocument, bool> matches, BsonValue? id)
    {
        _matches = matches;
        Id = id;
    }

    /// <summary>The one <c>_id</c> that can match, when the filter says so; else null.</summary>
    public BsonValue? Id { get; }

    public bool Matches(BsonDocument document) => _matches(document);

    /// <summary>The documents of the collection that match, in natural order; by the <c>_id</c> index where that is possible.</summary>
    public IEnumerable<BsonDocument> Select(StoredCollection? collection)
    {
        if (collection is null)
        {
            return [];
        }

        if (Id is not null)
        {
            return collection.FindById(Id) is { } document && Matches(document) ? [document] : [];
        }

        return collection.Documents.Where(Matches);
    }

    /// <exception cref="CommandFailedException">2 BadValue with the server's text for what it does not know.</exception>
    public static Filter Parse(BsonDocument query)
    {
        var id = query.TryGetValue("_id", out var value) && IsPlainId(value) ? value : null;
        return new Filter(ParseAll(query), id);
    }

    private static bool IsPlainId(BsonValue value) =>
        value.BsonType is not (BsonType.RegularExpression or BsonType.Null or BsonType.Array)
        && !(value is BsonDocument document && document.ElementCount > 0 && document.GetElement(0).Name.StartsWith('$'));

    private static Func<BsonDocument, bool> ParseAll(BsonDocument query)
    {
        var parts = query.Select(ParseField).ToList();
        return document => parts.TrueForAll(part => part(document));
    }

    private static Func<BsonDocument, bool> ParseField(BsonElement field)
    {
        switch (field.Name)
        {
            case "$and":
                var all = Clauses(field);
                return document => all.TrueForAll(clause => clause(document));
            case "$or":
                var any = Clauses(field);
                return document => any.Exists(clause => clause(document));
            case "$nor":
                var none = Clauses(field);
                return document => !none.Exists(clause => clause(document));
            case "$comment":
                return _ => true;
            case "$expr" or "$where" or "$text" or "$jsonSchema" or "$sampleRate" or "$alwaysFalse" or "$alwaysTrue":
                throw ServerError.NotSupported($"{field.Name} is not supported by this member").ToException();
            case var name when name.StartsWith('$'):
                throw ServerError.BadValue($"unknown top level operator: {name}").ToException();
            default:
                var path = FieldPath.Parse(field.Name);
                var condition = Condition.Parse(field.Value);
                return document => condition(path.Leaves(document));
        }
    }

    private static List<Func<BsonDocument, bool>> Clauses(BsonElement field)
    {
        if (field.Value is not BsonArray { Count: > 0 } clauses)
        {
            throw ServerError.BadValue($"{field.Name} must be {(field.Value.IsBsonArray ? "a nonempty array" : "an array")}").ToException();
        }

        return clauses
            .Select(clause => clause is BsonDocument document
                ? ParseAll(document)
                : throw ServerError.BadValue($"{field.Name} entries need to be full objects").ToException())
            .ToList();
    }
}
