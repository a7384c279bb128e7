using System.Text;
using Modestano.Testbed.Mongo.Storage;
using Modestano.Testbed.Mongo.Wire;
using MongoDB.Bson;

namespace Modestano.Testbed.Mongo.Auth;

/// <summary>Logs connections in.</summary>
internal sealed class SaslCommands(UserStore users)
{
    private const int ConversationId = 1;
    private const string External = "$external";

    public BsonDocument Start(BsonDocument command, AuthenticationState state) =>
        Start(command, command.GetValue("$db", "admin").AsString, state);

    public static BsonDocument Continue(BsonDocument command, AuthenticationState state)
    {
        var conversation = state.Conversation
            ?? throw new CommandFailedException(17, "ProtocolError", "No SASL session state found");
        if (conversation.IsProven)
        {
            return Done(conversation, state, string.Empty, isLast: true);
        }

        try
        {
            return Done(conversation, state, conversation.Finish(Payload(command)), conversation.SkipsEmptyExchange);
        }
        catch (CommandFailedException)
        {
            state.Conversation = null;
            throw;
        }
    }

    public BsonDocument AuthenticateByCertificate(BsonDocument command, ClientSession session, AuthenticationState state)
    {
        var mechanism = command.GetValue("mechanism", "MONGODB-X509").AsString;
        var subject = session.CertificateSubject;
        if (mechanism != "MONGODB-X509" || subject is null || command.GetValue("user", subject) != subject)
        {
            throw ScramConversation.Failed.ToException();
        }

        if (users.Find(External, subject) is null)
        {
            // Not 18, as with a password: only who holds the certificate's key learns of it (seen).
            throw new CommandFailedException(11, "UserNotFound", $"Could not find user \"{subject}\" for db \"{External}\"");
        }

        state.User = (External, subject);
        return new BsonDocument { { "dbname", External }, { "user", subject } };
    }

    /// <summary>Adds to a hello's reply the mechanisms of a user that it asks for, and the answer to a login that came with it.</summary>
    public BsonDocument AddToHello(BsonDocument hello, BsonDocument reply, ClientSession session, AuthenticationState state)
    {
        if (reply.GetValue("ok", 0).ToDouble() != 1)
        {
            return reply;
        }

        var additions = new BsonDocument();
        if (hello.GetValue("saslSupportedMechs", null) is BsonString asked && MechanismsOf(asked.Value) is { } mechanisms)
        {
            additions.Add("saslSupportedMechs", mechanisms);
        }

        if (hello.GetValue("speculativeAuthenticate", null) is BsonDocument login && Speculate(login, session, state) is { } answer)
        {
            additions.Add("speculativeAuthenticate", answer);
        }

        if (additions.ElementCount == 0)
        {
            return reply;
        }

        var ok = reply.IndexOfName("ok");
        return new BsonDocument(reply.Take(ok).Concat(additions).Concat(reply.Skip(ok)));
    }

    private BsonArray? MechanismsOf(string databaseAndName)
    {
        var dot = databaseAndName.IndexOf('.', StringComparison.Ordinal);
        var user = dot < 0 ? null : users.Find(databaseAndName[..dot], databaseAndName[(dot + 1)..]);
        return user is null
            ? null
            : new BsonArray(ScramMechanism.All.Select(mechanism => mechanism.Name).Where(user.Credentials.ContainsKey));
    }

    // A login that fails here is only left unanswered; the client then logs in the long way and gets the error.
    private BsonDocument? Speculate(BsonDocument login, ClientSession session, AuthenticationState state)
    {
        try
        {
            return login.GetElement(0).Name == "authenticate"
                ? AuthenticateByCertificate(login, session, state)
                : Start(login, login.GetValue("db", "admin").AsString, state);
        }
        catch (CommandFailedException)
        {
            return null;
        }
    }

    private BsonDocument Start(BsonDocument command, string database, AuthenticationState state)
    {
        var name = command.GetValue("mechanism", string.Empty).AsString;
        var mechanism = ScramMechanism.Find(name) ?? throw new CommandFailedException(
            334, "MechanismUnavailable",
            $"Received authentication for mechanism {name} which is unknown or not enabled");
        state.User = null;
        state.Conversation = ScramConversation.Start(
            mechanism, Payload(command), user => users.Find(database, user),
            command.GetValue("options", new BsonDocument()).AsBsonDocument.GetValue("skipEmptyExchange", false).ToBoolean());
        return Reply(isDone: false, state.Conversation.ServerFirst);
    }

    private static BsonDocument Done(ScramConversation conversation, AuthenticationState state, string payload, bool isLast)
    {
        if (isLast)
        {
            state.User = (conversation.User.Database, conversation.User.Name);
            state.Conversation = null;
        }

        return Reply(isLast, payload);
    }

    private static BsonDocument Reply(bool isDone, string payload) => new()
    {
        { "conversationId", ConversationId }, { "done", isDone }, { "payload", new BsonBinaryData(Encoding.UTF8.GetBytes(payload)) },
    };

    private static byte[] Payload(BsonDocument command) => command.GetValue("payload", BsonNull.Value) switch
    {
        BsonBinaryData data => data.Bytes,
        BsonString text => Convert.FromBase64String(text.Value),
        _ => throw ScramConversation.Failed.ToException(),
    };
}
