using MongoDB.Bson;

namespace Modestano.Testbed.Mongo.Wire;

/// <summary>A message from a client.</summary>
/// <param name="RequestId">The client's number; the reply names it.</param>
/// <param name="Flags">The flag bits of OP_MSG; 0 for OP_QUERY.</param>
/// <param name="IsOpQuery">Whether it came as OP_QUERY and wants OP_REPLY.</param>
/// <param name="Command">The command with <c>$db</c>; document sequences are arrays in it.</param>
internal sealed record WireRequest(int RequestId, uint Flags, bool IsOpQuery, BsonDocument Command)
{
    /// <summary>The client waits for no reply (write concern w: 0).</summary>
    public bool IsUnacknowledged => (Flags & WireProtocol.MoreToCome) != 0;

    public bool IsExhaustAllowed => (Flags & WireProtocol.ExhaustAllowed) != 0;

    public bool HasChecksum => (Flags & WireProtocol.ChecksumPresent) != 0;

    public string CommandName => Command.ElementCount > 0 ? Command.GetElement(0).Name : string.Empty;
}
