namespace Modestano.Testbed.Mongo.Model;

/// <summary>
/// The member's process is gone: it was killed, shut down or is not started. A front closes the client's sockets, without a reply.
/// </summary>
public sealed class MemberUnreachableException(string host, string why) : Exception($"The member {host} does not answer: {why}.")
{
    public string Host { get; } = host;
}
