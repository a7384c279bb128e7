using System.Net;
using MongoDB.Bson;

namespace Modestano.Testbed.Mongo.Wire;

/// <summary>What the server knows about one client connection. Used by one command at a time.</summary>
/// <param name="connectionId">The server's number of it.</param>
/// <param name="remote">Where the client connects from.</param>
/// <param name="certificateSubject">Subject (RFC 2253) of the client's verified certificate; null without one.</param>
public sealed class ClientSession(long connectionId, EndPoint? remote, string? certificateSubject)
{
    public long ConnectionId => connectionId;

    public EndPoint? Remote => remote;

    public string? CertificateSubject => certificateSubject;

    /// <summary>The client sent <c>helloOk: true</c>: errors say "not primary" instead of "not master".</summary>
    public bool HelloOk { get; set; }

    /// <summary>Whether the client's first hello has come; client metadata may only be in that one.</summary>
    public bool HasGreeted { get; set; }

    /// <summary>What the client told of itself in its first hello (<c>client</c>); null: nothing.</summary>
    public BsonDocument? Metadata { get; set; }

    /// <summary>The command that is being answered; null: the connection is idle.</summary>
    public BsonDocument? Current { get; set; }

    /// <summary>Whether the connection is encrypted.</summary>
    public bool IsEncrypted { get; init; }

    /// <summary>Whether the client runs on this machine, as the localhost exception asks.</summary>
    public bool IsLocal => remote is IPEndPoint { Address: var address } && IPAddress.IsLoopback(address);

    /// <summary>State that the layers between socket and member keep with the connection (who is logged in).</summary>
    public object? Authentication { get; set; }
}
