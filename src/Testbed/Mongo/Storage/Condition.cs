using MongoDB.Bson;

namespace Modestano.Testbed.Mongo.Storage;

/// <summary>
/// What a query asks of one field: a value to equal, or operators. A condition sees the leaves that its path reaches in a document
/// (null for missing ones); a comparison holds if it holds for a leaf or for an element of a leaf that is an array.
/// </summary>
internal static class Condition
{
    public delegate bool Predicate(IEnumerable<BsonValue?> leaves);

    public static Predicate Parse(BsonValue operand)
    {
        if (operand is not BsonDocument operators || !IsOperatorDocument(operators))
        {
            return operand is BsonRegularExpression regex ? Regex(regex) : Equal(operand);
        }

        var all = operators.Select(op => ParseOperator(op, operators)).ToList();
        return leaves =>
        {
            var seen = leaves as IReadOnlyCollection<BsonValue?> ?? leaves.ToList();
            return all.TrueForAll(one => one(seen));
        };
    }

    public static bool IsOperatorDocument(BsonDocument document) =>
        document.ElementCount > 0 && document.GetElement(0).Name.StartsWith('$') && document.GetElement(0).Name is not ("$ref" or "$id" or "$db");

    private static Predicate ParseOperator(BsonElement op, BsonDocument siblings)
    {
        var operand = op.Value;
        switch (op.Name)
        {
            case "$eq":
                return Equal(operand);
            case "$ne":
                return Not(Equal(operand));
            case "$gt":
                return Compare(operand, order => order > 0, orEqual: false);
            case "$gte":
                return Compare(operand, order => order >= 0, orEqual: true);
            case "$lt":
                return Compare(operand, order => order < 0, orEqual: false);
            case "$lte":
                return Compare(operand, order => order <= 0, orEqual: true);
            case "$in":
                return In(op);
            case "$nin":
                return Not(In(op));
            case "$exists":
                var wanted = operand.ToBoolean();
                return leaves => leaves.Any(leaf => leaf is not null) == wanted;
            case "$not":
                return operand is BsonDocument or BsonRegularExpression
                    ? Not(Parse(operand))
                    : throw ServerError.BadValue("$not needs a regex or a document").ToException();
            case "$type":
                return Type(operand);
            case "$size":
                return Size(operand);
            case "$all":
                return All(op);
            case "$elemMatch":
                return ElemMatch(operand);
            case "$mod":
                return Modulo(operand);
            case "$regex":
                return Regex(ToRegularExpression(operand, siblings.GetValue("$options", string.Empty)));
            case "$options":
                return siblings.Contains("$regex") ? _ => true : throw ServerError.BadValue("$options needs a $regex").ToException();
            default:
                throw ServerError.BadValue($"unknown operator: {op.Name}").ToException();
        }
    }

    private static Predicate Not(Predicate predicate) => leaves => !predicate(leaves);

    private static Predicate OnValueOrElement(Func<BsonValue, bool> test) =>
        leaves => leaves.Any(leaf => leaf is not null && (test(leaf) || (leaf is BsonArray array && array.Any(test))));

    private static Predicate Equal(BsonValue wanted) => wanted.BsonType is BsonType.Null
        ? leaves => leaves.Any(leaf => leaf is null || leaf.IsBsonNull || (leaf is BsonArray array && array.Any(item => item.IsBsonNull)))
        : OnValueOrElement(value => BsonOrder.AreEqual(value, wanted));

    private static Predicate Compare(BsonValue limit, Func<int, bool> test, bool orEqual)
    {
        if (limit.BsonType is BsonType.RegularExpression)
        {
            throw ServerError.BadValue($"Can't have RegEx as arg to predicate over field '{limit}'.").ToException();
        }

        if (limit.IsBsonNull)
        {
            return orEqual ? Equal(limit) : _ => false;
        }

        var isNaN = limit.IsDouble && double.IsNaN(limit.AsDouble);
        return OnValueOrElement(value =>
            limit.BsonType is BsonType.MinKey or BsonType.MaxKey || BsonOrder.AreComparable(value, limit)
            ? (isNaN || (value.IsDouble && double.IsNaN(value.AsDouble)) ? orEqual && value.Equals(limit) : test(BsonOrder.CompareValues(value, limit)))
            : false);
    }

    private static Predicate In(BsonElement op)
    {
        if (op.Value is not BsonArray values)
        {
            throw ServerError.BadValue($"{op.Name} needs an array").ToException();
        }

        var any = values.Select(value => value is BsonRegularExpression regex ? Regex(regex) : Equal(value)).ToList();
        return leaves => any.Exists(one => one(leaves));
    }

    private static Predicate All(BsonElement op)
    {
        if (op.Value is not BsonArray values)
        {
            throw ServerError.BadValue("$all needs an array").ToException();
        }

        var all = values
            .Select(value => value is BsonDocument document && document.Contains("$elemMatch") ? Parse(document)
                : value is BsonRegularExpression regex ? Regex(regex) : Equal(value))
            .ToList();
        return leaves => all.Count > 0 && all.TrueForAll(one => one(leaves));
    }

    private static Predicate Type(BsonValue operand)
    {
        var types = (operand as BsonArray)?.Select(FieldTypes.Parse).ToList() ?? [FieldTypes.Parse(operand)];
        return OnValueOrElement(value => types.Exists(type => type(value)));
    }

    private static Predicate Size(BsonValue operand)
    {
        if (!FieldTypes.IsNumber(operand) || operand.ToDouble() != Math.Floor(operand.ToDouble()))
        {
            throw ServerError.BadValue("$size must be a whole number").ToException();
        }

        return operand.ToInt64() < 0
            ? throw ServerError.BadValue("$size may not be negative").ToException()
            : leaves => leaves.Any(leaf => leaf is BsonArray array && array.Count == operand.ToInt64());
    }

    private static Predicate ElemMatch(BsonValue operand)
    {
        if (operand is not BsonDocument query)
        {
            throw ServerError.BadValue("$elemMatch needs an Object").ToException();
        }

        if (IsOperatorDocument(query) && query.GetElement(0).Name is not ("$and" or "$or" or "$nor"))
        {
            var condition = Parse(query);
            return leaves => leaves.Any(leaf => leaf is BsonArray array && array.Any(item => condition([item])));
        }

        var filter = Filter.Parse(query);
        return leaves => leaves.Any(
            leaf => leaf is BsonArray array && array.Any(item => item is BsonDocument document && filter.Matches(document)));
    }

    private static Predicate Modulo(BsonValue operand)
    {
        if (operand is not BsonArray { Count: 2 } pair || !pair.All(FieldTypes.IsNumber) || pair[0].ToInt64() == 0)
        {
            throw ServerError.BadValue("malformed mod, needs to be an array of a divisor other than 0 and a remainder").ToException();
        }

        return OnValueOrElement(value => FieldTypes.IsNumber(value) && value.ToInt64() % pair[0].ToInt64() == pair[1].ToInt64());
    }

    private static BsonRegularExpression ToRegularExpression(BsonValue pattern, BsonValue options) => pattern switch
    {
        BsonRegularExpression regex => options.AsString.Length > 0 ? new BsonRegularExpression(regex.Pattern, options.AsString) : regex,
        BsonString text => new BsonRegularExpression(text.Value, options.AsString),
        _ => throw ServerError.BadValue("$regex has to be a string").ToException(),
    };

    private static Predicate Regex(BsonRegularExpression expression)
    {
        try
        {
            var regex = expression.ToRegex();
            return OnValueOrElement(value => value is BsonString text ? regex.IsMatch(text.Value) : value.Equals(expression));
        }
        catch (ArgumentException invalid)
        {
            throw new CommandFailedException(51091, "Location51091", $"Regular expression is invalid: {invalid.Message}");
        }
    }
}
