using MongoDB.Bson;

namespace Modestano.Testbed.Mongo.Model;

/// <summary>Reads typed fields of a config document with the server's own complaints.</summary>
internal static class ConfigFields
{
    public static CommandException Invalid(string message) => new(ErrorCode.InvalidReplicaSetConfig, message);

    public static CommandException Missing(string owner, string field) => Invalid($"BSON field '{owner}.{field}' is missing but a required field");

    public static CommandException Unknown(string owner, string field) => Invalid($"BSON field '{owner}.{field}' is an unknown field.");

    public static string String(string owner, BsonElement field) => field.Value is BsonString text
        ? text.Value
        : throw WrongType(owner, field, "expected type 'string'");

    public static bool Boolean(string owner, BsonElement field) => field.Value switch
    {
        BsonBoolean flag => flag.Value,
        { IsNumeric: true } number => number.ToDouble() != 0,
        _ => throw WrongType(owner, field, "expected types '[bool, long, int, decimal, double']"),
    };

    public static double Number(string owner, BsonElement field) => field.Value.IsNumeric
        ? field.Value.ToDouble()
        : throw WrongType(owner, field, "expected types '[long, int, decimal, double']");

    public static long Integer(string owner, BsonElement field) => (long)Number(owner, field);

    public static BsonDocument Document(string owner, BsonElement field) => field.Value is BsonDocument document
        ? document
        : throw WrongType(owner, field, "expected type 'object'");

    public static BsonArray Array(string owner, BsonElement field) => field.Value is BsonArray array
        ? array
        : throw WrongType(owner, field, "expected type 'array'");

    /// <summary>Checks bounds the way generated parsers of the server do; the value is shown as it was sent.</summary>
    public static double InRange(BsonElement field, double value, double lowest, double highest)
    {
        if (value < lowest)
        {
            throw Invalid($"BSON field '{field.Name}' value must be >= {ShellNumber(lowest)}, actual value '{ShellNumber(value)}'");
        }

        return value <= highest
            ? value
            : throw Invalid($"BSON field '{field.Name}' value must be <= {ShellNumber(highest)}, actual value '{ShellNumber(value)}'");
    }

    public static int Positive(BsonElement field, long value) => value > 0
        ? checked((int)value)
        : throw Invalid($"BSON field '{field.Name}' value must be > 0, actual value '{value}'");

    /// <summary>Type name as the server writes it.</summary>
    public static string TypeName(BsonValue value) => value.BsonType switch
    {
        BsonType.Double => "double",
        BsonType.String => "string",
        BsonType.Document => "object",
        BsonType.Array => "array",
        BsonType.Boolean => "bool",
        BsonType.Int32 => "int",
        BsonType.Int64 => "long",
        BsonType.Decimal128 => "decimal",
        BsonType.Null => "null",
        BsonType.DateTime => "date",
        BsonType.ObjectId => "objectId",
        _ => value.BsonType.ToString(),
    };

    private static CommandException WrongType(string owner, BsonElement field, string expected) =>
        Invalid($"BSON field '{owner}.{field.Name}' is the wrong type '{TypeName(field.Value)}', {expected}");

    private static string ShellNumber(double value) => value.ToString("R", System.Globalization.CultureInfo.InvariantCulture);
}
