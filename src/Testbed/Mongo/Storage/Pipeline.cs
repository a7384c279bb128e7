using MongoDB.Bson;

namespace Modestano.Testbed.Mongo.Storage;

/// <summary>
/// An aggregation pipeline of <c>$match</c>, <c>$sort</c>, <c>$limit</c>, <c>$skip</c>, <c>$project</c> (inclusion and exclusion),
/// <c>$unset</c>, <c>$count</c> and <c>$group</c>. Other stages of the real server are refused as not supported here.
/// </summary>
internal sealed class Pipeline
{
    private static readonly HashSet<string> KnownElsewhere =
    [
        "$addFields", "$bucket", "$bucketAuto", "$changeStream", "$collStats", "$currentOp", "$facet", "$geoNear", "$graphLookup",
        "$indexStats", "$listLocalSessions", "$listSessions", "$lookup", "$merge", "$out", "$planCacheStats", "$redact", "$replaceRoot",
        "$replaceWith", "$sample", "$set", "$sortByCount", "$unionWith", "$unwind",
    ];

    private readonly List<Func<IEnumerable<BsonDocument>, IEnumerable<BsonDocument>>> _stages = [];

    /// <exception cref="CommandFailedException">40324 for a stage that does not exist.</exception>
    public static Pipeline Parse(BsonArray stages)
    {
        var pipeline = new Pipeline();
        foreach (var stage in stages)
        {
            if (stage is not BsonDocument { ElementCount: 1 } document)
            {
                throw stage.IsBsonDocument
                    ? new CommandFailedException(
                        40323, "Location40323", "A pipeline stage specification object must contain exactly one field.")
                    : ServerError.TypeMismatch("Each element of the 'pipeline' array must be an object").ToException();
            }

            pipeline._stages.Add(ParseStage(document.GetElement(0)));
        }

        return pipeline;
    }

    public IEnumerable<BsonDocument> Run(IEnumerable<BsonDocument> documents) =>
        _stages.Aggregate(documents, (current, stage) => stage(current));

    private static Func<IEnumerable<BsonDocument>, IEnumerable<BsonDocument>> ParseStage(BsonElement stage)
    {
        switch (stage.Name)
        {
            case "$match":
                var filter = Filter.Parse(Specification(stage, 15959, "the match filter must be an expression in an object"));
                return documents => documents.Where(filter.Matches);
            case "$sort":
                return SortOrder.Parse(Specification(stage, 15973, "the $sort key specification must be an object")).Apply;
            case "$limit":
                var limit = Number(stage, 1, 15958, "the limit must be positive");
                return documents => documents.Take(limit);
            case "$skip":
                var skip = Number(stage, 0, 15956, "Argument to $skip cannot be negative");
                return documents => documents.Skip(skip);
            case "$project":
                var projection = Projection.Parse(Specification(stage, 15969, "$project specification must be an object"));
                return documents => documents.Select(projection.Apply);
            case "$unset":
                var unset = Projection.Parse(new BsonDocument(
                    (stage.Value as BsonArray ?? [stage.Value]).Select(name => new BsonElement(name.AsString, 0))));
                return documents => documents.Select(unset.Apply);
            case "$count":
                var field = stage.Value.IsString && stage.Value.AsString.Length > 0
                    ? stage.Value.AsString
                    : throw new CommandFailedException(40156, "Location40156", "the count field must be a non-empty string");
                return documents => documents.Count() is var count and > 0 ? [new BsonDocument(field, count)] : [];
            case "$group":
                return GroupStage.Parse(Specification(stage, 15947, "a group's fields must be specified in an object")).Run;
            case var name when KnownElsewhere.Contains(name):
                throw ServerError.NotSupported($"Pipeline stage {name} is not supported by this member").ToException();
            default:
                throw new CommandFailedException(40324, "Location40324", $"Unrecognized pipeline stage name: '{stage.Name}'");
        }
    }

    private static BsonDocument Specification(BsonElement stage, int code, string message) =>
        stage.Value as BsonDocument ?? throw new CommandFailedException(code, $"Location{code}", message);

    private static int Number(BsonElement stage, int least, int code, string message) =>
        FieldTypes.IsNumber(stage.Value) && stage.Value.ToInt64() >= least
            ? (int)Math.Min(stage.Value.ToInt64(), int.MaxValue)
            : throw new CommandFailedException(code, $"Location{code}", message);
}
