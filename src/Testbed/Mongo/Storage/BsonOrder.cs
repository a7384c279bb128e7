using MongoDB.Bson;

namespace Modestano.Testbed.Mongo.Storage;

/// <summary>
/// The order in which the server sorts and compares values of any types (manual: "Comparison/Sort Order").
/// Numbers of all types compare by value.
/// </summary>
public sealed class BsonOrder : IComparer<BsonValue>
{
    public static readonly BsonOrder Instance = new();

    private BsonOrder()
    {
    }

    /// <inheritdoc/>
    public int Compare(BsonValue? x, BsonValue? y) => CompareValues(x ?? BsonNull.Value, y ?? BsonNull.Value);

    /// <summary>Whether the two are equal in that order.</summary>
    public static bool AreEqual(BsonValue left, BsonValue right) => CompareValues(left, right) == 0;

    /// <summary>Whether <c>$gt</c> and its kind compare the two at all: they do so only within one class of types.</summary>
    public static bool AreComparable(BsonValue left, BsonValue right) => Rank(left.BsonType) == Rank(right.BsonType);

    public static int CompareValues(BsonValue left, BsonValue right)
    {
        var byType = Rank(left.BsonType).CompareTo(Rank(right.BsonType));
        if (byType != 0)
        {
            return byType;
        }

        return left.BsonType switch
        {
            BsonType.Double or BsonType.Int32 or BsonType.Int64 or BsonType.Decimal128 => CompareNumbers(left, right),
            BsonType.String or BsonType.Symbol => string.CompareOrdinal(left.ToString(), right.ToString()),
            BsonType.Document => CompareDocuments(left.AsBsonDocument, right.AsBsonDocument),
            BsonType.Array => CompareArrays(left.AsBsonArray, right.AsBsonArray),
            BsonType.Binary => CompareBinary(left.AsBsonBinaryData, right.AsBsonBinaryData),
            BsonType.ObjectId => left.AsObjectId.CompareTo(right.AsObjectId),
            BsonType.Boolean => left.AsBoolean.CompareTo(right.AsBoolean),
            BsonType.DateTime => left.AsBsonDateTime.MillisecondsSinceEpoch.CompareTo(right.AsBsonDateTime.MillisecondsSinceEpoch),
            BsonType.Timestamp => left.AsBsonTimestamp.CompareTo(right.AsBsonTimestamp),
            BsonType.RegularExpression => string.CompareOrdinal(left.ToString(), right.ToString()),
            _ => 0,
        };
    }

    private static int Rank(BsonType type) => type switch
    {
        BsonType.MinKey => 0,
        BsonType.Undefined => 1,
        BsonType.Null => 2,
        BsonType.Double or BsonType.Int32 or BsonType.Int64 or BsonType.Decimal128 => 3,
        BsonType.String or BsonType.Symbol => 4,
        BsonType.Document => 5,
        BsonType.Array => 6,
        BsonType.Binary => 7,
        BsonType.ObjectId => 8,
        BsonType.Boolean => 9,
        BsonType.DateTime => 10,
        BsonType.Timestamp => 11,
        BsonType.RegularExpression => 12,
        BsonType.MaxKey => 127,
        _ => 20,
    };

    private static int CompareNumbers(BsonValue left, BsonValue right)
    {
        if (left.BsonType is BsonType.Int32 or BsonType.Int64 && right.BsonType is BsonType.Int32 or BsonType.Int64)
        {
            return left.ToInt64().CompareTo(right.ToInt64());
        }

        return left.BsonType == BsonType.Decimal128 || right.BsonType == BsonType.Decimal128
            ? left.ToDecimal128().CompareTo(right.ToDecimal128())
            : left.ToDouble().CompareTo(right.ToDouble());
    }

    private static int CompareDocuments(BsonDocument left, BsonDocument right)
    {
        for (var i = 0; i < left.ElementCount && i < right.ElementCount; i++)
        {
            var (a, b) = (left.GetElement(i), right.GetElement(i));
            var order = Rank(a.Value.BsonType).CompareTo(Rank(b.Value.BsonType));
            order = order != 0 ? order : string.CompareOrdinal(a.Name, b.Name);
            order = order != 0 ? order : CompareValues(a.Value, b.Value);
            if (order != 0)
            {
                return order;
            }
        }

        return left.ElementCount.CompareTo(right.ElementCount);
    }

    private static int CompareArrays(BsonArray left, BsonArray right)
    {
        for (var i = 0; i < left.Count && i < right.Count; i++)
        {
            var order = CompareValues(left[i], right[i]);
            if (order != 0)
            {
                return order;
            }
        }

        return left.Count.CompareTo(right.Count);
    }

    private static int CompareBinary(BsonBinaryData left, BsonBinaryData right)
    {
        var order = left.Bytes.Length.CompareTo(right.Bytes.Length);
        order = order != 0 ? order : left.SubType.CompareTo(right.SubType);
        return order != 0 ? order : left.Bytes.AsSpan().SequenceCompareTo(right.Bytes);
    }
}
