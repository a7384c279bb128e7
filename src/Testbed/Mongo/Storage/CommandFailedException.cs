using MongoDB.Bson;

namespace Modestano.Testbed.Mongo.Storage;

/// <summary>A command that the server answers with <c>ok: 0</c>.</summary>
public sealed class CommandFailedException(ServerError error) : Exception(error.Message)
{
    /// <summary>Makes the exception of a code and its text.</summary>
    public CommandFailedException(int code, string codeName, string message)
        : this(new ServerError(code, codeName, message))
    {
    }

    /// <summary>Code, code name and text as the server words them.</summary>
    public ServerError Error { get; } = error;

    /// <summary>The reply <c>{ok: 0, errmsg, code, codeName}</c>.</summary>
    public BsonDocument ToReply() => Error.ToReply();
}
