using System.Net;
using Modestano.Testbed.Mongo.Auth;
using Modestano.Testbed.Mongo.Model;
using Modestano.Testbed.Mongo.Wire;
using MongoDB.Bson;

namespace Modestano.Testbed.Mongo;

/// <summary>One running member: the simulated <c>mongod</c> and its port.</summary>
public sealed class EmbeddedMongoMember : IAsyncDisposable
{
    private readonly WireListener _listener;

    internal EmbeddedMongoMember(
        EmbeddedMongoMemberOptions options, SimulatedMember member, IPEndPoint bind, bool authorization, ServerTls? tls, AdminCommandLog log, CommandCounts counts, ILogger logger,
        Func<ICommandHandler, ICommandHandler>? inFront = null)
    {
        Options = options;
        Model = member;
        var handler = new AuthenticationLayer(new SimulatedMemberHandler(member, log, counts), new UserStore(() => member.UserData), authorization, options.LocalhostException);
        _listener = new WireListener(bind, inFront?.Invoke(handler) ?? handler, tls, logger);
        member.ClientConnections = Connections;
        member.ConnectionsClosed += CloseConnections;
        member.Started += _listener.Open;
        _listener.Open();
    }

    /// <summary>How it was started.</summary>
    public EmbeddedMongoMemberOptions Options { get; }

    /// <summary>host:port as configs name it.</summary>
    public string Host => Options.Host;

    /// <summary>The address that it listens at.</summary>
    public IPEndPoint EndPoint => _listener.EndPoint;

    /// <summary>The simulated <c>mongod</c>: crash, pause, restart it here.</summary>
    public SimulatedMember Model { get; }

    /// <summary>Number of its client connections.</summary>
    public int ConnectionCount => _listener.ConnectionCount;

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        Model.ConnectionsClosed -= CloseConnections;
        Model.Started -= _listener.Open;
        await _listener.DisposeAsync();
    }

    private IEnumerable<BsonDocument> Connections() => _listener.Sessions.Select(session => CurrentOperations.Connection(
        Host,
        session.ConnectionId,
        session.Remote?.ToString() ?? "",
        session.Metadata,
        AuthenticationLayer.UserOf(session) is { } user ? (user.Name, user.Database) : null,
        session.Current));

    private void CloseConnections(ConnectionsClosedReason reason)
    {
        if (reason == ConnectionsClosedReason.RolledBack)
        {
            _listener.CloseConnections(reset: false);
        }
        else
        {
            _listener.Close(reset: reason == ConnectionsClosedReason.Crashed);
        }
    }
}
