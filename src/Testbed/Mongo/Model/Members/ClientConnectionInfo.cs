namespace Modestano.Testbed.Mongo.Model;

/// <summary>What a member knows about the connection that a command came over.</summary>
/// <param name="ConnectionId">Number of the connection as the server counts them; echoed as <c>connectionId</c> by <c>hello</c>.</param>
/// <param name="HelloOk">
/// The client sent <c>helloOk: true</c>; errors then say "not primary" and otherwise "not master" (seen).
/// </param>
public sealed record ClientConnectionInfo(long ConnectionId, bool HelloOk = false);
