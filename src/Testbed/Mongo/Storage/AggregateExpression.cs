using MongoDB.Bson;

namespace Modestano.Testbed.Mongo.Storage;

/// <summary>
/// An expression of an aggregation: field paths, constants, <c>$literal</c>, documents of expressions, comparisons and <c>$cond</c>. Others are
/// refused as not supported here. The value is null where the field is missing.
/// </summary>
internal static class AggregateExpression
{
    private static readonly Dictionary<string, Func<int, bool>> Comparisons = new()
    {
        ["$eq"] = order => order == 0,
        ["$ne"] = order => order != 0,
        ["$gt"] = order => order > 0,
        ["$gte"] = order => order >= 0,
        ["$lt"] = order => order < 0,
        ["$lte"] = order => order <= 0,
    };

    public static Func<BsonDocument, BsonValue?> Parse(BsonValue value)
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
            case BsonDocument fields when fields.ElementCount == 1 && fields.GetElement(0).Name.StartsWith('$'):
                return Operator(fields.GetElement(0));
            case BsonDocument fields when fields.ElementCount > 0 && fields.GetElement(0).Name.StartsWith('$'):
                throw ServerError.NotSupported($"The expression {fields.GetElement(0).Name} is not supported by this member").ToException();
            case BsonDocument fields:
                var parts = fields.Select(field => (field.Name, Value: Parse(field.Value))).ToList();
                return document => new BsonDocument(parts
                    .Select(part => (part.Name, Value: part.Value(document)))
                    .Where(part => part.Value is not null)
                    .Select(part => new BsonElement(part.Name, part.Value)));
            default:
                return _ => value;
        }
    }

    private static Func<BsonDocument, BsonValue?> Operator(BsonElement expression)
    {
        if (expression.Name == "$literal")
        {
            return _ => expression.Value;
        }

        var arguments = expression.Value switch
        {
            BsonArray array => array.Select(Parse).ToList(),
            BsonDocument named when expression.Name == "$cond" => [.. new[] { "if", "then", "else" }.Select(name => Parse(named[name]))],
            _ => [],
        };
        if (expression.Name == "$cond" && arguments is [var condition, var then, var otherwise])
        {
            return document => IsTrue(condition(document)) ? then(document) : otherwise(document);
        }

        return Comparisons.TryGetValue(expression.Name, out var holds) && arguments is [var left, var right]
            ? document => holds(Compare(left(document), right(document)))
            : throw ServerError.NotSupported($"The expression {expression.Name} is not supported by this member").ToException();
    }

    /// <summary>Values of all types in one order, a missing field before everything else, null included.</summary>
    private static int Compare(BsonValue? left, BsonValue? right) => (left, right) switch
    {
        (null, null) => 0,
        (null, _) => -1,
        (_, null) => 1,
        _ => BsonOrder.CompareValues(left, right),
    };

    private static bool IsTrue(BsonValue? value) => value is not null and not BsonNull and not BsonUndefined && value != false && !(FieldTypes.IsNumber(value) && value.ToDouble() == 0);
}
