using MongoDB.Bson;

namespace Modestano.Testbed.Mongo.Storage;

/// <summary>An error as the server reports it.</summary>
/// <param name="Code">The number from the server's <c>error_codes.yml</c>.</param>
/// <param name="CodeName">Its name there, or <c>LocationNNNNN</c>.</param>
/// <param name="Message">The text of <c>errmsg</c>.</param>
/// <param name="Details">Further fields of the error (<c>keyPattern</c>, <c>keyValue</c>), or null.</param>
public sealed record ServerError(int Code, string CodeName, string Message, BsonDocument? Details = null)
{
    public static ServerError BadValue(string message) => new(2, "BadValue", message);

    public static ServerError FailedToParse(string message) => new(9, "FailedToParse", message);

    public static ServerError TypeMismatch(string message) => new(14, "TypeMismatch", message);

    public static ServerError CommandNotFound(string command) => new(59, "CommandNotFound", $"no such command: '{command}'");

    public static ServerError UnknownField(string command, string field) =>
        new(40415, "Location40415", $"BSON field '{command}.{field}' is an unknown field.");

    public static ServerError NotSupported(string message) => new(115, "CommandNotSupported", message);

    /// <summary>The reply <c>{ok: 0, errmsg, code, codeName}</c>.</summary>
    public BsonDocument ToReply()
    {
        var reply = new BsonDocument { { "ok", 0.0 }, { "errmsg", Message }, { "code", Code }, { "codeName", CodeName } };
        return Details is null ? reply : reply.AddRange(Details);
    }

    /// <summary>The entry <c>{index, code, …, errmsg}</c> of a write command's <c>writeErrors</c>.</summary>
    public BsonDocument ToWriteError(int index)
    {
        var entry = new BsonDocument { { "index", index }, { "code", Code } };
        return (Details is null ? entry : entry.AddRange(Details)).Add("errmsg", Message);
    }

    public CommandFailedException ToException() => new(this);
}
