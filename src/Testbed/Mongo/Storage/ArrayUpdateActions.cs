using MongoDB.Bson;

namespace Modestano.Testbed.Mongo.Storage;

/// <summary>An operator that changes the elements of an array.</summary>
internal abstract class ArrayUpdateAction(BsonElement field) : UpdateAction(field)
{
    /// <summary>Whether a missing field becomes an array.</summary>
    protected virtual bool CreatesArray => false;

    public sealed override void Apply(BsonDocument document, bool inserting, DateTimeOffset now)
    {
        var current = UpdateTarget.Get(document, Path);
        switch (current)
        {
            case BsonArray array:
                UpdateTarget.Set(document, Path, new BsonArray(Change([.. array])));
                break;
            case null when CreatesArray:
                UpdateTarget.Set(document, Path, new BsonArray(Change([])));
                break;
            case null:
                break;
            default:
                throw WrongType(document, current);
        }
    }

    protected abstract IEnumerable<BsonValue> Change(List<BsonValue> items);

    protected virtual CommandFailedException WrongType(BsonDocument document, BsonValue current) => ServerError.BadValue(
        $"The field '{Path.Text}' must be an array but is of type {FieldTypes.NameOf(current)} in document "
        + $"{{_id: {ServerText.Of(document.GetValue("_id", BsonNull.Value))}}}").ToException();
}

internal sealed class PushAction : ArrayUpdateAction
{
    private readonly BsonArray _values;
    private readonly int? _position;
    private readonly int? _slice;
    private readonly BsonValue? _sort;

    public PushAction(BsonElement field)
        : base(field)
    {
        if (field.Value is not BsonDocument modifiers || !modifiers.Contains("$each"))
        {
            _values = [field.Value];
            return;
        }

        _values = modifiers["$each"] as BsonArray ?? throw ServerError.BadValue(
            $"The argument to $each in $push must be an array but it was of type: {FieldTypes.NameOf(modifiers["$each"])}").ToException();
        foreach (var modifier in modifiers)
        {
            switch (modifier.Name)
            {
                case "$each":
                    break;
                case "$slice":
                    _slice = modifier.Value.ToInt32();
                    break;
                case "$position":
                    _position = modifier.Value.ToInt32();
                    break;
                case "$sort":
                    _sort = modifier.Value;
                    break;
                default:
                    throw ServerError.BadValue($"Unrecognized clause in $push: {modifier.Name}").ToException();
            }
        }
    }

    protected override bool CreatesArray => true;

    protected override IEnumerable<BsonValue> Change(List<BsonValue> items)
    {
        var at = _position ?? items.Count;
        items.InsertRange(Math.Clamp(at < 0 ? items.Count + at : at, 0, items.Count), _values);
        IEnumerable<BsonValue> result = _sort switch
        {
            null => items,
            BsonDocument order => SortOrder.Parse(order).Apply(items.Cast<BsonDocument>()),
            _ => _sort.ToInt32() > 0 ? items.Order(BsonOrder.Instance) : items.OrderDescending(BsonOrder.Instance),
        };
        return _slice is null ? result : _slice < 0 ? result.TakeLast(-_slice.Value) : result.Take(_slice.Value);
    }
}

internal sealed class AddToSetAction(BsonElement field) : ArrayUpdateAction(field)
{
    protected override bool CreatesArray => true;

    protected override IEnumerable<BsonValue> Change(List<BsonValue> items)
    {
        var values = Operand is BsonDocument modifiers && modifiers.TryGetValue("$each", out var each) ? each.AsBsonArray : [Operand];
        foreach (var value in values.Where(value => !items.Exists(item => BsonOrder.AreEqual(item, value))))
        {
            items.Add(value);
        }

        return items;
    }

    protected override CommandFailedException WrongType(BsonDocument document, BsonValue current) => ServerError.BadValue(
        $"Cannot apply $addToSet to non-array field. Field named '{Path.Parts[^1]}' has non-array type {FieldTypes.NameOf(current)}").ToException();
}

internal sealed class PullAction : ArrayUpdateAction
{
    private readonly Func<BsonValue, bool> _matches;

    public PullAction(BsonElement field)
        : base(field)
    {
        if (field.Value is BsonDocument query && !Condition.IsOperatorDocument(query))
        {
            var filter = Filter.Parse(query);
            _matches = item => item is BsonDocument document && filter.Matches(document);
        }
        else
        {
            var condition = Condition.Parse(field.Value);
            _matches = item => condition([item]);
        }
    }

    protected override IEnumerable<BsonValue> Change(List<BsonValue> items) => items.Where(item => !_matches(item));

    protected override CommandFailedException WrongType(BsonDocument document, BsonValue current) =>
        ServerError.BadValue("Cannot apply $pull to a non-array value").ToException();
}

internal sealed class PullAllAction(BsonElement field) : ArrayUpdateAction(field)
{
    private readonly BsonArray _values = field.Value as BsonArray
        ?? throw ServerError.BadValue($"$pullAll requires an array argument but was given a {FieldTypes.NameOf(field.Value)}").ToException();

    protected override IEnumerable<BsonValue> Change(List<BsonValue> items) =>
        items.Where(item => !_values.Any(value => BsonOrder.AreEqual(item, value)));

    protected override CommandFailedException WrongType(BsonDocument document, BsonValue current) =>
        ServerError.BadValue("Cannot apply $pullAll to a non-array value").ToException();
}

internal sealed class PopAction : ArrayUpdateAction
{
    private readonly bool _first;

    public PopAction(BsonElement field)
        : base(field)
    {
        var end = FieldTypes.IsNumber(field.Value) ? field.Value.ToDouble() : double.NaN;
        _first = end is 1 or -1
            ? end < 0
            : throw ServerError.FailedToParse($"$pop expects 1 or -1, found: {ServerText.Of(field.Value)}").ToException();
    }

    protected override IEnumerable<BsonValue> Change(List<BsonValue> items) => _first ? items.Skip(1) : items.SkipLast(1);

    protected override CommandFailedException WrongType(BsonDocument document, BsonValue current) => ServerError.TypeMismatch(
        $"Path '{Path.Text}' contains an element of non-array type '{FieldTypes.NameOf(current)}'").ToException();
}
