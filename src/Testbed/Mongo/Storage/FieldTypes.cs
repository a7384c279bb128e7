using MongoDB.Bson;

namespace Modestano.Testbed.Mongo.Storage;

/// <summary>The names and numbers of BSON types as <c>$type</c> and error texts use them.</summary>
internal static class FieldTypes
{
    private static readonly Dictionary<BsonType, string> Names = new()
    {
        [BsonType.Double] = "double",
        [BsonType.String] = "string",
        [BsonType.Document] = "object",
        [BsonType.Array] = "array",
        [BsonType.Binary] = "binData",
        [BsonType.Undefined] = "undefined",
        [BsonType.ObjectId] = "objectId",
        [BsonType.Boolean] = "bool",
        [BsonType.DateTime] = "date",
        [BsonType.Null] = "null",
        [BsonType.RegularExpression] = "regex",
        [BsonType.JavaScript] = "javascript",
        [BsonType.Symbol] = "symbol",
        [BsonType.Int32] = "int",
        [BsonType.Timestamp] = "timestamp",
        [BsonType.Int64] = "long",
        [BsonType.Decimal128] = "decimal",
        [BsonType.MinKey] = "minKey",
        [BsonType.MaxKey] = "maxKey",
    };

    public static string NameOf(BsonValue value) => Names.GetValueOrDefault(value.BsonType, "missing");

    public static bool IsNumber(BsonValue value) =>
        value.BsonType is BsonType.Int32 or BsonType.Int64 or BsonType.Double or BsonType.Decimal128;

    /// <summary>The predicate that a <c>$type</c> operand names: a number, a name, or <c>number</c>.</summary>
    /// <exception cref="CommandFailedException">2 BadValue for a type that does not exist.</exception>
    public static Func<BsonValue, bool> Parse(BsonValue operand)
    {
        if (operand.IsString)
        {
            var name = operand.AsString;
            if (name == "number")
            {
                return IsNumber;
            }

            return Names.ContainsValue(name)
                ? value => NameOf(value) == name
                : throw ServerError.BadValue($"Unknown type name alias: {name}").ToException();
        }

        if (!IsNumber(operand))
        {
            throw ServerError.TypeMismatch("type must be represented as a number or a string").ToException();
        }

        var type = operand.ToInt32() switch { -1 => BsonType.MinKey, 127 => BsonType.MaxKey, var code => (BsonType)code };
        return Names.ContainsKey(type) && operand.ToInt32() is not 0xFF
            ? value => value.BsonType == type
            : throw ServerError.BadValue($"Invalid numerical type code: {operand.ToInt32()}").ToException();
    }
}
