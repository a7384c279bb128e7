using MongoDB.Bson;

namespace Modestano.Operator.ReplicaSets.Mongo;

/// <summary>Forgiving reads of server replies: a field that is absent or of another kind is null, never an exception.</summary>
internal static class BsonReading
{
    /// <summary>The year 9000: far from what a date can hold, so that nothing overflows that is added to one.</summary>
    private const long LastMillisecond = 221_845_392_000_000;

    public static BsonDocument? Doc(this BsonDocument? document, string field) =>
        document is not null && document.TryGetValue(field, out var value) ? value as BsonDocument : null;

    public static IEnumerable<BsonDocument> Docs(this BsonDocument? document, string field) =>
        document is not null && document.TryGetValue(field, out var value) && value is BsonArray array ? array.OfType<BsonDocument>() : [];

    /// <summary>What a member's <c>replSetGetStatus</c> says of itself.</summary>
    public static BsonDocument? Self(this BsonDocument? status) => status.Docs("members").FirstOrDefault(m => m.Flag("self"));

    public static string? Text(this BsonDocument? document, string field) =>
        document is not null && document.TryGetValue(field, out var value) && value is BsonString { Value: { Length: > 0 } text } ? text : null;

    /// <summary>A whole number; one with a fraction loses it, one that 64 bits do not hold is none.</summary>
    public static long? Whole(this BsonDocument? document, string field) =>
        document is not null && document.TryGetValue(field, out var value) ? Whole(value) : null;

    /// <summary>As <see cref="Whole(BsonDocument?, string)"/>, where 32 bits hold it.</summary>
    public static int? Small(this BsonDocument? document, string field) =>
        document.Whole(field) is >= int.MinValue and <= int.MaxValue and var small ? (int)small : null;

    public static double? Number(this BsonDocument? document, string field) =>
        document is not null && document.TryGetValue(field, out var value) ? Number(value) : null;

    /// <summary>So many units of time from 0 to 100 years; anything else is none.</summary>
    public static TimeSpan? Time(this BsonDocument? document, string field, TimeSpan unit) =>
        document.Number(field) is >= 0 and var count && count * unit.TotalDays <= 36_500 ? count * unit : null;

    public static bool Flag(this BsonDocument? document, string field) =>
        document is not null && document.TryGetValue(field, out var value) && value.ToBoolean();

    /// <summary>A date; null also for the year 1970, which MongoDB answers for members that are down.</summary>
    public static DateTimeOffset? Date(this BsonDocument? document, string field) =>
        document is not null && document.TryGetValue(field, out var value) && value is BsonDateTime { MillisecondsSinceEpoch: > 0 and < LastMillisecond } date
            ? DateTimeOffset.FromUnixTimeMilliseconds(date.MillisecondsSinceEpoch)
            : null;

    public static IReadOnlyDictionary<string, string> Texts(this BsonDocument? document, string field) =>
        document.Doc(field)?.Elements.Where(e => e.Value.IsString).ToDictionary(e => e.Name, e => e.Value.AsString, StringComparer.Ordinal)
        ?? new Dictionary<string, string>(StringComparer.Ordinal);

    private static long? Whole(BsonValue value) => value switch
    {
        BsonInt32 small => small.Value,
        BsonInt64 whole => whole.Value,
        BsonDouble { Value: > long.MinValue and < long.MaxValue and var number } => (long)number,
        _ => null,
    };

    private static double? Number(BsonValue value) => value switch
    {
        BsonDouble { Value: var number } when double.IsFinite(number) => number,
        _ => Whole(value),
    };
}
