using MongoDB.Bson;

namespace Modestano.Testbed.Mongo.Storage;

/// <summary>
/// <c>$group</c> with <c>$sum</c>, <c>$avg</c>, <c>$min</c>, <c>$max</c>, <c>$first</c>, <c>$last</c>, <c>$push</c>, <c>$addToSet</c> over field
/// paths and constants. Groups come out in the order of their first document.
/// </summary>
internal sealed class GroupStage
{
    private readonly Func<BsonDocument, BsonValue?> _id;
    private readonly List<(string Name, Func<IReadOnlyList<BsonDocument>, BsonValue> Accumulate)> _fields = [];

    private GroupStage(BsonDocument specification)
    {
        _id = Expression(specification.GetValue("_id", null)
            ?? throw new CommandFailedException(15955, "Location15955", "a group specification must include an _id"));
        foreach (var field in specification.Where(field => field.Name != "_id"))
        {
            if (field.Value is not BsonDocument { ElementCount: 1 } accumulator)
            {
                throw new CommandFailedException(
                    40234, "Location40234", $"The field '{field.Name}' must be an accumulator object");
            }

            _fields.Add((field.Name, Accumulator(accumulator.GetElement(0))));
        }
    }

    public static GroupStage Parse(BsonDocument specification) => new(specification);

    public IEnumerable<BsonDocument> Run(IEnumerable<BsonDocument> documents)
    {
        var groups = new SortedDictionary<BsonValue, List<BsonDocument>>(BsonOrder.Instance);
        var order = new List<BsonValue>();
        foreach (var document in documents)
        {
            var id = _id(document) ?? BsonNull.Value;
            if (!groups.TryGetValue(id, out var members))
            {
                groups[id] = members = [];
                order.Add(id);
            }

            members.Add(document);
        }

        return order.Select(id => new BsonDocument("_id", id)
            .AddRange(_fields.Select(field => new BsonElement(field.Name, field.Accumulate(groups[id])))));
    }

    private static Func<IReadOnlyList<BsonDocument>, BsonValue> Accumulator(BsonElement accumulator)
    {
        var expression = Expression(accumulator.Value);
        IEnumerable<BsonValue> Present(IEnumerable<BsonDocument> members) => members.Select(expression).OfType<BsonValue>();
        IEnumerable<BsonValue> Numbers(IEnumerable<BsonDocument> members) => Present(members).Where(FieldTypes.IsNumber);
        return accumulator.Name switch
        {
            "$sum" => members => Numbers(members).Aggregate((BsonValue)new BsonInt32(0), Arithmetic.Add),
            "$avg" => members => Numbers(members).Select(value => value.ToDouble()).DefaultIfEmpty(double.NaN).Average() is var mean
                && double.IsNaN(mean) ? BsonNull.Value : mean,
            "$min" => members => Present(members).Min(BsonOrder.Instance) ?? BsonNull.Value,
            "$max" => members => Present(members).Max(BsonOrder.Instance) ?? BsonNull.Value,
            "$first" => members => expression(members[0]) ?? BsonNull.Value,
            "$last" => members => expression(members[^1]) ?? BsonNull.Value,
            "$push" => members => new BsonArray(Present(members)),
            "$addToSet" => members => new BsonArray(new SortedSet<BsonValue>(Present(members), BsonOrder.Instance)),
            _ => throw new CommandFailedException(15952, "Location15952", $"unknown group operator '{accumulator.Name}'"),
        };
    }

    private static Func<BsonDocument, BsonValue?> Expression(BsonValue value)
    {
        switch (value)
        {
            case BsonString text when text.Value == "$$ROOT":
                return document => document;
            case BsonString text when text.Value.StartsWith("$$", StringComparison.Ordinal):
                throw ServerError.NotSupported($"The variable {text.Value} is not supported by this member").ToException();
            case BsonString text when text.Value.StartsWith('$'):
                var path = FieldPath.Parse(text.Value[1..]);
                return path.FirstLeaf;
            case BsonDocument fields when fields.ElementCount == 1 && fields.GetElement(0).Name == "$literal":
                return _ => fields[0];
            case BsonDocument fields when fields.ElementCount > 0 && fields.GetElement(0).Name.StartsWith('$'):
                throw ServerError.NotSupported($"The expression {fields.GetElement(0).Name} is not supported by this member").ToException();
            case BsonDocument fields:
                var parts = fields.Select(field => (field.Name, Value: Expression(field.Value))).ToList();
                return document => new BsonDocument(parts
                    .Select(part => (part.Name, Value: part.Value(document)))
                    .Where(part => part.Value is not null)
                    .Select(part => new BsonElement(part.Name, part.Value)));
            default:
                return _ => value;
        }
    }
}
