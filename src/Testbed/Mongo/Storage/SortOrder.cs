using MongoDB.Bson;

namespace Modestano.Testbed.Mongo.Storage;

/// <summary>A sort document, <c>{priority: -1, _id: 1}</c> or <c>{$natural: -1}</c>.</summary>
internal sealed class SortOrder : IComparer<BsonDocument>
{
    private readonly List<(FieldPath Path, int Direction)> _fields = [];
    private readonly int _natural;

    private SortOrder(BsonDocument specification)
    {
        foreach (var field in specification)
        {
            var direction = FieldTypes.IsNumber(field.Value) ? field.Value.ToDouble() : double.NaN;
            if (direction is not (1 or -1))
            {
                throw ServerError.BadValue($"$sort key ordering must be 1 (for ascending) or -1 (for descending)").ToException();
            }

            if (field.Name == "$natural")
            {
                _natural = (int)direction;
            }
            else
            {
                _fields.Add((FieldPath.Parse(field.Name), (int)direction));
            }
        }
    }

    public static SortOrder Parse(BsonDocument specification) => new(specification);

    /// <summary>Stable: documents that compare equal keep their natural order.</summary>
    public IEnumerable<BsonDocument> Apply(IEnumerable<BsonDocument> documents) =>
        _natural != 0 ? (_natural > 0 ? documents : documents.Reverse())
        : _fields.Count == 0 ? documents
        : documents.OrderBy(document => document, this);

    /// <inheritdoc/>
    public int Compare(BsonDocument? x, BsonDocument? y)
    {
        foreach (var (path, direction) in _fields)
        {
            var order = BsonOrder.CompareValues(Key(path, x!, direction), Key(path, y!, direction));
            if (order != 0)
            {
                return order * direction;
            }
        }

        return 0;
    }

    // Of an array, ascending order takes the least element and descending order the greatest.
    private static BsonValue Key(FieldPath path, BsonDocument document, int direction)
    {
        var keys = path.Leaves(document)
            .SelectMany(leaf => leaf is BsonArray array ? array.DefaultIfEmpty(BsonUndefined.Value) : [leaf ?? BsonNull.Value])
            .ToList();
        return keys.Count switch
        {
            0 => BsonNull.Value,
            1 => keys[0],
            _ => direction > 0 ? keys.Min(BsonOrder.Instance)! : keys.Max(BsonOrder.Instance)!,
        };
    }
}
