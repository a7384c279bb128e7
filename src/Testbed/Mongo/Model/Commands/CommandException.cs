using MongoDB.Bson;

namespace Modestano.Testbed.Mongo.Model;

/// <summary>A command ends with an error reply.</summary>
#pragma warning disable CA1032, CA1064 // Never leaves the model; it always has a code.
internal sealed class CommandException(ErrorCode code, string message) : Exception(message)
#pragma warning restore CA1032, CA1064
{
    public ErrorCode Code { get; } = code;

    /// <summary>Further fields of the reply, before <c>ok</c>'s companions.</summary>
    public BsonDocument? Extra { get; init; }
}
