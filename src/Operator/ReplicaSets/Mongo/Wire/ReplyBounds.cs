namespace Modestano.Operator.ReplicaSets.Mongo.Wire;

/// <summary>How much one message of a member may be, before anything is made of it. A member is not trusted: it may be anybody's.</summary>
internal sealed record ReplyBounds
{
    /// <summary>The bounds in force.</summary>
    public static ReplyBounds Default { get; } = new();

    /// <summary>Bytes of one message. No document of MongoDB is larger than 16 MiB (manual: MongoDB Limits and Thresholds).</summary>
    public int MaxMessageBytes { get; init; } = (16 * 1024 * 1024) + (16 * 1024);

    /// <summary>
    /// Documents and arrays in each other. The server itself allows 180 (manual: Nested Depth for BSON Documents). The driver reads them by
    /// recursion without a bound: some ten thousand end the process.
    /// </summary>
    public int MaxDepth { get; init; } = 180;

    /// <summary>Fields of all documents of a message. Each becomes an object of some hundred bytes, however small it is on the wire.</summary>
    public int MaxFields { get; init; } = 250_000;

    /// <summary>Messages of one connection within a second. A pass asks a member some twenty questions; waiting for a primary asks fifty times a second.</summary>
    public int MaxMessagesInASecond { get; init; } = 500;

    /// <summary>How long a message may take from its first byte to its last.</summary>
    public TimeSpan MaxTime { get; init; } = TimeSpan.FromSeconds(10);
}
