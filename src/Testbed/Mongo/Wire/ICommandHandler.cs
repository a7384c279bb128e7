using MongoDB.Bson;

namespace Modestano.Testbed.Mongo.Wire;

/// <summary>Answers commands: a member, or a layer in front of it.</summary>
public interface ICommandHandler
{
    /// <summary>Runs a command (with <c>$db</c>) and gives its reply, <c>ok: 0</c> included.</summary>
    /// <exception cref="MemberGoneException">The process is gone; the connection ends without a reply.</exception>
    Task<BsonDocument> ExecuteAsync(BsonDocument command, ClientSession session, CancellationToken cancellationToken);
}
