namespace Modestano.Testbed.Mongo.Wire;

/// <summary>Numbers of the wire protocol (manual: "MongoDB Wire Protocol").</summary>
internal static class WireProtocol
{
    public const int HeaderBytes = 16;

    /// <summary>What <c>hello</c> announces as <c>maxMessageSizeBytes</c>; a longer message ends the connection.</summary>
    public const int MaxMessageBytes = 48_000_000;

    public const int OpReply = 1;
    public const int OpQuery = 2004;
    public const int OpMsg = 2013;

    /// <summary>The last four bytes of the message are its CRC-32C.</summary>
    public const uint ChecksumPresent = 1u << 0;

    /// <summary>In a request: no reply is wanted. In a reply: another one follows unasked.</summary>
    public const uint MoreToCome = 1u << 1;

    /// <summary>In a request: replies may come with <see cref="MoreToCome"/>.</summary>
    public const uint ExhaustAllowed = 1u << 16;

    /// <summary>Flags 0 to 15 that a receiver does not know make a message invalid.</summary>
    public const uint RequiredFlags = 0xFFFF;

    public const int QuerySecondaryOk = 1 << 2;

    public const int ReplyQueryFailure = 1 << 1;
    public const int ReplyAwaitCapable = 1 << 3;
}
