using Modestano.Testbed.Mongo.Storage;
using Modestano.Testbed.Mongo.Wire;
using MongoDB.Bson;

namespace Modestano.Testbed.Mongo.Auth;

/// <summary>Makes, changes, shows and drops users. What it writes goes through the member as ordinary writes to <c>admin.system.users</c>.</summary>
internal sealed class UserCommands(ICommandHandler member, UserStore users)
{
    public static readonly IReadOnlySet<string> Names = new HashSet<string>(StringComparer.Ordinal)
    {
        "createUser", "updateUser", "dropUser", "grantRolesToUser", "revokeRolesFromUser", "usersInfo",
    };

    public Task<BsonDocument> RunAsync(BsonDocument command, ClientSession session, CancellationToken cancellationToken)
    {
        var write = command.GetElement(0).Name switch
        {
            "createUser" => Create(command),
            "updateUser" => Update(command),
            "dropUser" => Drop(command),
            "grantRolesToUser" => ChangeRoles(command, (held, named) => [.. held.Union(named)]),
            "revokeRolesFromUser" => ChangeRoles(command, (held, named) => [.. held.Except(named)]),
            _ => null,
        };
        return write is null
            ? Task.FromResult(Show(command).Add("ok", 1.0))
            : WriteAsync(command, write, session, cancellationToken);
    }

    private static BsonDocument Create(BsonDocument command)
    {
        var (database, name) = NameIn(command);
        var password = command.GetValue("pwd", null) as BsonString;
        if (password is null && database != "$external")
        {
            throw ServerError.BadValue(
                "Must provide a 'pwd' field for all user documents, except those with '$external' as the user's source db").ToException();
        }

        if (!command.Contains("roles"))
        {
            throw ServerError.BadValue("\"createUser\" command requires a \"roles\" array").ToException();
        }

        var roles = RolesOf(command, database);
        var user = password is null
            ? new UserRecord(database, name, roles, new Dictionary<string, ScramCredential>())
            : UserRecord.WithPassword(database, name, password.Value, roles, MechanismsOf(command));
        return new BsonDocument { { "insert", "system.users" }, { "documents", new BsonArray { user.ToBson() } } };
    }

    private BsonDocument Update(BsonDocument command)
    {
        var user = Existing(command);
        if (command.GetValue("pwd", null) is BsonString password)
        {
            user = UserRecord.WithPassword(user.Database, user.Name, password.Value, user.Roles, MechanismsOf(command));
        }

        return Replace(command.Contains("roles") ? user with { Roles = RolesOf(command, user.Database) } : user);
    }

    private BsonDocument Drop(BsonDocument command) => new()
    {
        { "delete", "system.users" },
        { "deletes", new BsonArray { new BsonDocument { { "q", new BsonDocument("_id", Existing(command).Id) }, { "limit", 1 } } } },
    };

    private BsonDocument ChangeRoles(BsonDocument command, Func<IEnumerable<RoleName>, IEnumerable<RoleName>, IReadOnlyList<RoleName>> change)
    {
        var user = Existing(command);
        return Replace(user with { Roles = change(user.Roles, RolesOf(command, user.Database)) });
    }

    private static BsonDocument Replace(UserRecord user) => new()
    {
        { "update", "system.users" },
        { "updates", new BsonArray { new BsonDocument { { "q", new BsonDocument("_id", user.Id) }, { "u", user.ToBson() } } } },
    };

    private async Task<BsonDocument> WriteAsync(
        BsonDocument command, BsonDocument write, ClientSession session, CancellationToken cancellationToken)
    {
        write.Add("writeConcern", command.GetValue("writeConcern", new BsonDocument("w", "majority")));
        write.Add("$db", "admin");
        var reply = await member.ExecuteAsync(write, session, cancellationToken);
        if (reply.GetValue("writeErrors", null) is BsonArray { Count: > 0 } errors)
        {
            var (database, name) = NameIn(command);
            return errors[0]["code"] == 11000
                ? new ServerError(51003, "Location51003", $"User \"{name}@{database}\" already exists").ToReply()
                : new ServerError(errors[0]["code"].ToInt32(), "UnknownError", errors[0]["errmsg"].AsString).ToReply();
        }

        return new BsonDocument(reply.Where(field => field.Name is not ("n" or "nModified" or "opTime" or "electionId")));
    }

    private BsonDocument Show(BsonDocument command)
    {
        var (asked, database) = (command.GetElement(0).Value, command.GetValue("$db", "admin").AsString);
        var wanted = (asked as BsonArray ?? [asked]).Select(Identity).ToList();
        var showCredentials = command.GetValue("showCredentials", false).ToBoolean();
        var found = users.All
            .Where(user => wanted.Exists(one => (one.Name is null || one.Name == user["user"]) && (one.Database is null || one.Database == user["db"])))
            .Select(user => Shown(user, showCredentials));
        return new BsonDocument("users", new BsonArray(found));

        (string? Name, string? Database) Identity(BsonValue one) => one switch
        {
            BsonString name => (name.Value, database),
            BsonDocument document when document.GetValue("forAllDBs", false).ToBoolean() => (null, null),
            BsonDocument document => (document["user"].AsString, document.GetValue("db", database).AsString),
            _ => (null, database),
        };
    }

    private static BsonDocument Shown(BsonDocument user, bool showCredentials)
    {
        var shown = new BsonDocument(user.Where(field => showCredentials || field.Name != "credentials"));
        return shown.Add("mechanisms", new BsonArray(user["credentials"].AsBsonDocument.Names.Where(name => name != "external")));
    }

    private UserRecord Existing(BsonDocument command)
    {
        var (database, name) = NameIn(command);
        return users.Find(database, name)
            ?? throw new CommandFailedException(11, "UserNotFound", $"User '{name}@{database}' not found");
    }

    private static (string Database, string Name) NameIn(BsonDocument command) =>
        (command.GetValue("$db", "admin").AsString, command.GetElement(0).Value.AsString);

    private static List<RoleName> RolesOf(BsonDocument command, string database)
    {
        var roles = command["roles"].AsBsonArray
            .Select(role => role is BsonDocument document
                ? new RoleName(document["role"].AsString, document["db"].AsString)
                : new RoleName(role.AsString, database))
            .ToList();
        var unknown = roles.Find(role => !BuiltInRoles.Exists(role));
        return unknown is null
            ? roles
            : throw new CommandFailedException(31, "RoleNotFound", $"Could not find role: {unknown}");
    }

    private static IEnumerable<ScramMechanism>? MechanismsOf(BsonDocument command) =>
        (command.GetValue("mechanisms", null) as BsonArray)?.Select(name => ScramMechanism.Find(name.AsString)
            ?? throw ServerError.BadValue($"Unknown auth mechanism '{name}'").ToException());
}
