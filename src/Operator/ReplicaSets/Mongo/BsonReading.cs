using MongoDB.Bson;

namespace Modestano.Operator.ReplicaSets.Mongo;

/// <summary>Forgiving reads of server replies: a field that is absent or of another kind is null, never an exception.</summary>
internal static class BsonReading
{
    public static BsonDocument? Doc(this BsonDocument? document, string field) =>
        document is not null && document.TryGetValue(field, out var value) ? value as BsonDocument : null;

    public static IEnumerable<BsonDocument> Docs(this BsonDocument? document, string field) =>
        document is not null && document.TryGetValue(field, out var value) && value is BsonArray array ? array.OfType<BsonDocument>() : [];

    public static string? Text(this BsonDocument? document, string field) =>
        document is not null && document.TryGetValue(field, out var value) && value is BsonString { Value: { Length: > 0 } text } ? text : null;

    public static long? Whole(this BsonDocument? document, string field) =>
        document is not null && document.TryGetValue(field, out var value) && value.IsNumeric ? value.ToInt64() : null;

    public static double? Number(this BsonDocument? document, string field) =>
        document is not null && document.TryGetValue(field, out var value) && value.IsNumeric ? value.ToDouble() : null;

    public static bool Flag(this BsonDocument? document, string field) =>
        document is not null && document.TryGetValue(field, out var value) && value.ToBoolean();

    /// <summary>A date; null also for the year 1970, which MongoDB answers for members that are down.</summary>
    public static DateTimeOffset? Date(this BsonDocument? document, string field) =>
        document is not null && document.TryGetValue(field, out var value) && value is BsonDateTime { MillisecondsSinceEpoch: > 0 } date
            ? DateTimeOffset.FromUnixTimeMilliseconds(date.MillisecondsSinceEpoch)
            : null;

    public static IReadOnlyDictionary<string, string> Texts(this BsonDocument? document, string field) =>
        document.Doc(field)?.Elements.Where(e => e.Value.IsString).ToDictionary(e => e.Name, e => e.Value.AsString, StringComparer.Ordinal)
        ?? new Dictionary<string, string>(StringComparer.Ordinal);
}
