using MongoDB.Bson;

namespace Modestano.Testbed.Mongo.Storage;

/// <summary>Checks a command's fields as the server's command parsers do.</summary>
internal static class CommandFields
{
    // Fields that every command may carry; they concern sessions, concerns and routing, which the member handles.
    private static readonly HashSet<string> Generic =
    [
        "$db", "$readPreference", "$clusterTime", "$configTime", "$topologyTime", "lsid", "txnNumber", "autocommit", "startTransaction",
        "stmtId", "stmtIds", "writeConcern", "readConcern", "maxTimeMS", "maxTimeMSOpOnly", "comment", "apiVersion", "apiStrict",
        "apiDeprecationErrors", "$queryOptions", "$audit", "$client", "help", "databaseVersion", "shardVersion",
    ];

    /// <exception cref="CommandFailedException">40415, or 9 where the server's find and findAndModify parsers say so.</exception>
    public static void Check(BsonDocument command, params ReadOnlySpan<string> known)
    {
        var name = command.GetElement(0).Name;
        foreach (var field in command.Skip(1))
        {
            if (known.Contains(field.Name) || Generic.Contains(field.Name))
            {
                continue;
            }

            throw name is "find"
                ? ServerError.FailedToParse($"Failed to parse: {ServerText.Of(command)}. Unrecognized field '{field.Name}'.").ToException()
                : ServerError.UnknownField(name, field.Name).ToException();
        }
    }

    public static BsonDocument Document(BsonDocument command, string field) => command.GetValue(field, null) switch
    {
        null or BsonNull => [],
        BsonDocument document => document,
        var other => throw WrongType(command, field, other, "object"),
    };

    public static BsonArray Array(BsonDocument command, string field) => command.GetValue(field, null) switch
    {
        BsonArray array => array,
        null => throw new CommandFailedException(
            40414, "Location40414", $"BSON field '{command.GetElement(0).Name}.{field}' is missing but a required field"),
        var other => throw WrongType(command, field, other, "array"),
    };

    public static int? Number(BsonDocument command, string field) => command.GetValue(field, null) switch
    {
        null or BsonNull => null,
        var number when FieldTypes.IsNumber(number) => (int)Math.Clamp(number.ToDouble(), int.MinValue, int.MaxValue),
        var other => throw WrongType(command, field, other, "number"),
    };

    public static bool Flag(BsonDocument command, string field) => command.GetValue(field, false).ToBoolean();

    private static CommandFailedException WrongType(BsonDocument command, string field, BsonValue value, string expected) =>
        ServerError.TypeMismatch(
            $"BSON field '{command.GetElement(0).Name}.{field}' is the wrong type '{FieldTypes.NameOf(value)}', expected type '{expected}'")
            .ToException();
}
