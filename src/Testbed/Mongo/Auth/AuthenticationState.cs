namespace Modestano.Testbed.Mongo.Auth;

/// <summary>Who is logged in on one connection, and the exchange under way.</summary>
internal sealed class AuthenticationState
{
    // One reference, because other threads read it while the connection logs in.
    private Tuple<string, string>? _user;

    public (string Database, string Name)? User
    {
        get => _user is { } user ? (user.Item1, user.Item2) : null;
        set => _user = value is { } user ? Tuple.Create(user.Database, user.Name) : null;
    }

    public ScramConversation? Conversation { get; set; }
}
