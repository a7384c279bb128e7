using System.Globalization;
using System.Text;
using MongoDB.Bson;

namespace Modestano.Testbed.Mongo.Storage;

/// <summary>Documents in the notation that the server uses inside error texts: <c>{ _id: 1, priority: 1.0, tags: {} }</c>.</summary>
public static class ServerText
{
    /// <summary>The text of a value.</summary>
    public static string Of(BsonValue value)
    {
        var text = new StringBuilder();
        Append(text, value);
        return text.ToString();
    }

    private static void Append(StringBuilder text, BsonValue value)
    {
        switch (value.BsonType)
        {
            case BsonType.Document:
                AppendAll(text, '{', '}', value.AsBsonDocument.Select(field => ((string?)field.Name, field.Value)));
                break;
            case BsonType.Array:
                AppendAll(text, '[', ']', value.AsBsonArray.Select(item => ((string?)null, item)));
                break;
            case BsonType.String:
                text.Append('"').Append(value.AsString).Append('"');
                break;
            default:
                text.Append(Scalar(value));
                break;
        }
    }

    private static void AppendAll(StringBuilder text, char open, char close, IEnumerable<(string? Name, BsonValue Value)> items)
    {
        text.Append(open);
        var empty = true;
        foreach (var (name, value) in items)
        {
            text.Append(empty ? " " : ", ");
            empty = false;
            if (name is not null)
            {
                text.Append(name).Append(": ");
            }

            Append(text, value);
        }

        text.Append(empty ? string.Empty : " ").Append(close);
    }

    private static string Scalar(BsonValue value) => value.BsonType switch
    {
        BsonType.Double => Double(value.AsDouble),
        BsonType.Int32 => value.AsInt32.ToString(CultureInfo.InvariantCulture),
        BsonType.Int64 => value.AsInt64.ToString(CultureInfo.InvariantCulture),
        BsonType.Decimal128 => value.AsDecimal128.ToString(),
        BsonType.Boolean => value.AsBoolean ? "true" : "false",
        BsonType.Null => "null",
        BsonType.Undefined => "undefined",
        BsonType.MinKey => "MinKey",
        BsonType.MaxKey => "MaxKey",
        BsonType.ObjectId => $"ObjectId('{value.AsObjectId}')",
        BsonType.DateTime => $"new Date({value.AsBsonDateTime.MillisecondsSinceEpoch})",
        BsonType.Timestamp => $"Timestamp({value.AsBsonTimestamp.Timestamp}, {value.AsBsonTimestamp.Increment})",
        BsonType.Binary => Binary(value.AsBsonBinaryData),
        BsonType.RegularExpression => $"/{value.AsBsonRegularExpression.Pattern}/{value.AsBsonRegularExpression.Options}",
        _ => value.ToString() ?? string.Empty,
    };

    private static string Double(double value)
    {
        var text = value.ToString("R", CultureInfo.InvariantCulture);
        return double.IsFinite(value) && text.AsSpan().IndexOfAny('.', 'E') < 0 ? text + ".0" : text;
    }

    private static string Binary(BsonBinaryData data) =>
        data.SubType == BsonBinarySubType.UuidStandard && data.Bytes.Length == 16
            ? $"UUID(\"{new Guid(data.Bytes, bigEndian: true)}\")"
            : $"BinData({(int)data.SubType}, {Convert.ToHexString(data.Bytes)})";
}
