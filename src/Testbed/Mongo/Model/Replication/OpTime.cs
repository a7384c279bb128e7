using MongoDB.Bson;

namespace Modestano.Testbed.Mongo.Model;

/// <summary>Position in the oplog: a timestamp (seconds, increment) and the term of the primary that wrote it. The term counts first.</summary>
/// <param name="Term">Election term; -1 before the first election.</param>
/// <param name="Seconds">Seconds since 1970.</param>
/// <param name="Increment">Counter within the second, from 1.</param>
public readonly record struct OpTime(long Term, uint Seconds, uint Increment) : IComparable<OpTime>
{
    /// <summary>No operation yet.</summary>
    public static OpTime None { get; } = new(-1, 0, 0);

    /// <summary>Whether this is <see cref="None"/>.</summary>
    public bool IsNone => Seconds == 0 && Increment == 0;

    /// <summary>The timestamp in BSON.</summary>
    public BsonTimestamp Timestamp => new((int)Seconds, (int)Increment);

    public static bool operator <(OpTime left, OpTime right) => left.CompareTo(right) < 0;

    public static bool operator >(OpTime left, OpTime right) => left.CompareTo(right) > 0;

    public static bool operator <=(OpTime left, OpTime right) => left.CompareTo(right) <= 0;

    public static bool operator >=(OpTime left, OpTime right) => left.CompareTo(right) >= 0;

    public static OpTime Max(OpTime left, OpTime right) => left >= right ? left : right;

    public static OpTime Min(OpTime left, OpTime right) => left <= right ? left : right;

    public int CompareTo(OpTime other) =>
        Term != other.Term ? Term.CompareTo(other.Term)
        : Seconds != other.Seconds ? Seconds.CompareTo(other.Seconds)
        : Increment.CompareTo(other.Increment);

    /// <summary><c>{ts, t}</c> as commands show it.</summary>
    public BsonDocument ToBson() => new() { { "ts", Timestamp }, { "t", Term } };

    public override string ToString() => $"{{ ts: Timestamp({Seconds}, {Increment}), t: {Term} }}";
}
