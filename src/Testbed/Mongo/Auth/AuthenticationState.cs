namespace Modestano.Testbed.Mongo.Auth;

/// <summary>Who is logged in on one connection, and the exchange under way.</summary>
internal sealed class AuthenticationState
{
    public (string Database, string Name)? User { get; set; }

    public ScramConversation? Conversation { get; set; }
}
