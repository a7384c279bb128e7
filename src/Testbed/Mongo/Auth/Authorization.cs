using Modestano.Testbed.Mongo.Storage;
using MongoDB.Bson;

namespace Modestano.Testbed.Mongo.Auth;

/// <summary>Decides whether a connection may run a command.</summary>
internal static class Authorization
{
    private const string Redacted = "xxx";

    /// <summary>The refusal, or null.</summary>
    /// <param name="command">The command with <c>$db</c>.</param>
    /// <param name="user">Who is logged in on it, as the member's data has that user now; null: nobody.</param>
    /// <param name="localhostException">Whether the client is on the member's machine and the member has no users.</param>
    public static ServerError? Check(BsonDocument command, UserRecord? user, bool localhostException)
    {
        var name = command.GetElement(0).Name;
        if (RequiredPrivileges.IsForEverybody(name) || !RequiredPrivileges.Knows(name))
        {
            return null;
        }

        if (user is null)
        {
            return !localhostException ? new ServerError(13, "Unauthorized", $"command {name} requires authentication")
                : IsOpenToLocalhost(command) ? null
                : NotAuthorized(command);
        }

        var privileges = user.Roles.SelectMany(BuiltInRoles.PrivilegesOf).ToList();
        return RequiredPrivileges.Of(command).All(needed => privileges.Exists(privilege => privilege.Allows(needed.Action, needed.Resource)))
            || IsOwnRecord(command, user)
            ? null
            : NotAuthorized(command);
    }

    // What a connection from the same machine may do while there are no users (seen on a 4.9 server).
    private static bool IsOpenToLocalhost(BsonDocument command) => command.GetElement(0).Name switch
    {
        "replSetGetStatus" or "replSetInitiate" or "endSessions" => true,
        "createUser" => command.GetValue("$db", "test") == "admin",
        _ => false,
    };

    // Everybody may look at their own user.
    private static bool IsOwnRecord(BsonDocument command, UserRecord user) =>
        command.GetElement(0).Name == "usersInfo"
        && command.GetElement(0).Value == user.Name
        && command.GetValue("$db", "test") == user.Database;

    private static ServerError NotAuthorized(BsonDocument command) => new(
        13, "Unauthorized",
        $"not authorized on {command.GetValue("$db", "test")} to execute command {ServerText.Of(WithoutSecrets(command))}");

    private static BsonDocument WithoutSecrets(BsonDocument command) =>
        new(command.Select(field => field.Name == "pwd" ? new BsonElement("pwd", Redacted) : field));
}
