using System.Globalization;
using System.Text;
using MongoDB.Bson;

namespace Modestano.Testbed.Mongo.Model;

/// <summary>BSON as the server writes it into its error messages: <c>{ _id: 0, host: "a:1", priority: 1.0 }</c>.</summary>
internal static class ShellText
{
    public static string Of(BsonValue value)
    {
        var text = new StringBuilder();
        Append(text, value);
        return text.ToString();
    }

    private static void Append(StringBuilder text, BsonValue value)
    {
        switch (value)
        {
            case BsonDocument { ElementCount: 0 }:
                text.Append("{}");
                break;
            case BsonDocument document:
                text.Append("{ ");
                AppendAll(text, document.Elements, element =>
                {
                    text.Append(element.Name).Append(": ");
                    Append(text, element.Value);
                });
                text.Append(" }");
                break;
            case BsonArray { Count: 0 }:
                text.Append("[]");
                break;
            case BsonArray array:
                text.Append("[ ");
                AppendAll(text, array, item => Append(text, item));
                text.Append(" ]");
                break;
            case BsonString s:
                text.Append('"').Append(s.Value).Append('"');
                break;
            case BsonDouble d:
                text.Append(OfDouble(d.Value));
                break;
            case BsonObjectId id:
                text.Append("ObjectId('").Append(id.Value).Append("')");
                break;
            case BsonTimestamp timestamp:
                text.Append(CultureInfo.InvariantCulture, $"Timestamp({timestamp.Timestamp}, {timestamp.Increment})");
                break;
            case BsonBoolean flag:
                text.Append(flag.Value ? "true" : "false");
                break;
            case BsonNull:
                text.Append("null");
                break;
            default:
                text.Append(value);
                break;
        }
    }

    /// <summary>Whole doubles keep one decimal.</summary>
    private static string OfDouble(double value)
    {
        var text = value.ToString("R", CultureInfo.InvariantCulture);
        return double.IsInteger(value) && !text.Contains('E', StringComparison.Ordinal) ? text + ".0" : text;
    }

    private static void AppendAll<T>(StringBuilder text, IEnumerable<T> items, Action<T> append)
    {
        var first = true;
        foreach (var item in items)
        {
            if (!first)
            {
                text.Append(", ");
            }

            first = false;
            append(item);
        }
    }
}
