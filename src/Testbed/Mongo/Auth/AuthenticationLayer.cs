using Modestano.Testbed.Mongo.Wire;
using MongoDB.Bson;

namespace Modestano.Testbed.Mongo.Auth;

/// <summary>
/// Stands in front of a member: logs connections in, manages users, and with authorization on lets through only what their roles allow.
/// </summary>
/// <param name="member">Answers everything else; users are written through it, so that they replicate.</param>
/// <param name="users">The users in the member's own data.</param>
/// <param name="authorization">Whether commands need a login and roles (<c>security.authorization</c>).</param>
/// <param name="localhostException">Whether a client on the same machine may make the first user (<c>enableLocalhostAuthBypass</c>).</param>
public sealed class AuthenticationLayer(ICommandHandler member, UserStore users, bool authorization, bool localhostException = true) : ICommandHandler
{
    private readonly SaslCommands _sasl = new(users);
    private readonly UserCommands _userCommands = new(member, users);

    /// <inheritdoc/>
    public async Task<BsonDocument> ExecuteAsync(BsonDocument command, ClientSession session, CancellationToken cancellationToken)
    {
        var state = StateOf(session);
        var user = state.User is { } login ? users.Find(login.Database, login.Name) : null;
        if (authorization && Authorization.Check(command, user, localhostException && session.IsLocal && !users.Any) is { } refusal)
        {
            return refusal.ToReply();
        }

        var name = command.GetElement(0).Name;
        switch (name)
        {
            case "saslStart":
                return _sasl.Start(command, state).Add("ok", 1.0);
            case "saslContinue":
                return SaslCommands.Continue(command, state).Add("ok", 1.0);
            case "authenticate":
                return _sasl.AuthenticateByCertificate(command, session, state).Add("ok", 1.0);
            case "logout":
                state.User = null;
                return new BsonDocument("ok", 1.0);
            case "connectionStatus":
                return ConnectionStatus(user).Add("ok", 1.0);
            case "hello" or "isMaster" or "ismaster":
                return _sasl.AddToHello(command, await member.ExecuteAsync(WithoutAuthentication(command), session, cancellationToken), session, state);
            case "listDatabases" when authorization && user is not null:
                return OnlyAuthorized(await member.ExecuteAsync(command, session, cancellationToken), user);
            case var _ when UserCommands.Names.Contains(name):
                return await _userCommands.RunAsync(command, session, cancellationToken);
            default:
                return await member.ExecuteAsync(command, session, cancellationToken);
        }
    }

    /// <summary>Who is logged in on a connection; null: nobody.</summary>
    internal static (string Database, string Name)? UserOf(ClientSession session) => (session.Authentication as AuthenticationState)?.User;

    private static AuthenticationState StateOf(ClientSession session)
    {
        session.Authentication ??= new AuthenticationState();
        return (AuthenticationState)session.Authentication;
    }

    private static BsonDocument WithoutAuthentication(BsonDocument hello) =>
        new(hello.Where(field => field.Name is not ("speculativeAuthenticate" or "saslSupportedMechs")));

    private static BsonDocument ConnectionStatus(UserRecord? user)
    {
        var (names, roles) = (new BsonArray(), new BsonArray());
        if (user is not null)
        {
            names.Add(new BsonDocument { { "user", user.Name }, { "db", user.Database } });
            roles.AddRange(user.Roles.Select(role => role.ToBson()));
        }

        return new BsonDocument(
            "authInfo", new BsonDocument { { "authenticatedUsers", names }, { "authenticatedUserRoles", roles } });
    }

    // Without leave to list all databases, one sees those in which one may do something.
    private static BsonDocument OnlyAuthorized(BsonDocument reply, UserRecord user)
    {
        var privileges = user.Roles.SelectMany(BuiltInRoles.PrivilegesOf).ToList();
        if (!reply.TryGetValue("databases", out var databases)
            || privileges.Exists(privilege => privilege.Allows("listDatabases", Resource.Cluster)))
        {
            return reply;
        }

        var visible = databases.AsBsonArray.Where(
            database => privileges.Exists(privilege => privilege.Allows("find", new Resource(database["name"].AsString, string.Empty))));
        return new BsonDocument(reply).Set("databases", new BsonArray(visible));
    }
}
