using MongoDB.Bson;

namespace Modestano.Testbed.Mongo.Storage;

/// <summary>Sums and products with the server's result types: the wider operand's, 32 bits grow to 64 on overflow.</summary>
internal static class Arithmetic
{
    public static BsonValue Add(BsonValue left, BsonValue right) =>
        Combine(left, right, (a, b) => checked(a + b), (a, b) => a + b, (a, b) => a + b);

    public static BsonValue Multiply(BsonValue left, BsonValue right) =>
        Combine(left, right, (a, b) => checked(a * b), (a, b) => a * b, (a, b) => a * b);

    private static BsonValue Combine(
        BsonValue left, BsonValue right, Func<long, long, long> whole, Func<double, double, double> real, Func<decimal, decimal, decimal> exact)
    {
        if (left.IsDecimal128 || right.IsDecimal128)
        {
            return new BsonDecimal128(new Decimal128(exact(left.ToDecimal(), right.ToDecimal())));
        }

        if (left.IsDouble || right.IsDouble)
        {
            return new BsonDouble(real(left.ToDouble(), right.ToDouble()));
        }

        try
        {
            var result = whole(left.ToInt64(), right.ToInt64());
            return left.IsInt32 && right.IsInt32 && result is >= int.MinValue and <= int.MaxValue
                ? new BsonInt32((int)result)
                : new BsonInt64(result);
        }
        catch (OverflowException)
        {
            throw ServerError.BadValue(
                $"Failed to apply $inc operations to current value (({FieldTypes.NameOf(left)}){left}): the result does not fit into 64 bits")
                .ToException();
        }
    }
}
