using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;
using System.Security.Authentication;

namespace Modestano.Testbed.Mongo.Wire;

/// <summary>
/// A member's TCP port. Closed and opened again as the member's process ends and starts; connections live one task each.
/// </summary>
public sealed class WireListener : IAsyncDisposable
{
    private readonly ICommandHandler _handler;
    private readonly ServerTls? _tls;
    private readonly ILogger _logger;
    private readonly ConcurrentDictionary<long, Socket> _connections = new();
    private readonly ConcurrentDictionary<long, ClientSession> _sessions = new();
    private readonly Lock _gate = new();
    private IPEndPoint _endPoint;
    private Socket? _listener;
    private CancellationTokenSource? _stop;
    private Task _accepting = Task.CompletedTask;
    private long _lastConnectionId;

    /// <param name="endPoint">Where to listen; port 0 takes a free one, and keeps it when opened again.</param>
    /// <param name="handler">Answers the commands.</param>
    /// <param name="tls">Speaks TLS with this; null: plain.</param>
    /// <param name="logger">Notes connections that end in an unusual way.</param>
    public WireListener(IPEndPoint endPoint, ICommandHandler handler, ServerTls? tls, ILogger logger)
    {
        _endPoint = endPoint;
        _handler = handler;
        _tls = tls;
        _logger = logger;
    }

    /// <summary>Where it listens.</summary>
    public IPEndPoint EndPoint => _endPoint;

    /// <summary>Number of open client connections.</summary>
    public int ConnectionCount => _connections.Count;

    /// <summary>The open client connections that are past their TLS handshake.</summary>
    public IEnumerable<ClientSession> Sessions => _sessions.Values;

    /// <summary>Starts listening, if it does not.</summary>
    /// <exception cref="SocketException">The address is not this machine's or the port is taken.</exception>
    public void Open()
    {
        lock (_gate)
        {
            if (_listener is not null)
            {
                return;
            }

            var listener = new Socket(_endPoint.AddressFamily, SocketType.Stream, ProtocolType.Tcp);
            try
            {
                listener.Bind(_endPoint);
                listener.Listen();
            }
            catch
            {
                listener.Dispose();
                throw;
            }

            _endPoint = (IPEndPoint)listener.LocalEndPoint!;
            _listener = listener;
            _stop = new CancellationTokenSource();
            _accepting = AcceptAsync(listener, _stop.Token);
        }
    }

    /// <summary>Stops listening and ends all connections, with a reset when the process died without a word.</summary>
    public void Close(bool reset)
    {
        lock (_gate)
        {
            _listener?.Dispose();
            _listener = null;
            // Before the cancellation, which would let connections end with a farewell.
            CloseConnections(reset);
            _stop?.Cancel();
            _stop = null;
        }
    }

    /// <summary>Ends all connections and goes on listening.</summary>
    public void CloseConnections(bool reset)
    {
        foreach (var (id, socket) in _connections)
        {
            if (_connections.TryRemove(id, out _))
            {
                End(socket, reset);
            }
        }
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        Close(reset: false);
        await _accepting;
    }

    private async Task AcceptAsync(Socket listener, CancellationToken cancellationToken)
    {
        while (!cancellationToken.IsCancellationRequested)
        {
            Socket socket;
            try
            {
                socket = await listener.AcceptAsync(cancellationToken);
            }
            catch (Exception closed) when (closed is SocketException or ObjectDisposedException or OperationCanceledException)
            {
                return;
            }

            var id = Interlocked.Increment(ref _lastConnectionId);
            _connections[id] = socket;
            _ = ServeAsync(id, socket, cancellationToken);
        }
    }

    private async Task ServeAsync(long id, Socket socket, CancellationToken cancellationToken)
    {
        try
        {
            socket.NoDelay = true;
            Stream stream = new NetworkStream(socket, ownsSocket: false);
            string? subject = null;
            if (_tls is not null)
            {
                (stream, subject) = await _tls.AuthenticateAsync(stream, cancellationToken);
            }

            await using (stream)
            {
                var session = new ClientSession(id, socket.RemoteEndPoint, subject) { IsEncrypted = _tls is not null };
                _sessions[id] = session;
                await new WireConnection(stream, session, _handler, _logger).RunAsync(cancellationToken);
            }
        }
        catch (Exception ended) when (ended is IOException or SocketException or AuthenticationException or ObjectDisposedException or OperationCanceledException)
        {
            _logger.LogInformation("Connection {Connection} ended in its handshake: {Reason}", id, ended.Message);
        }
        finally
        {
            _sessions.TryRemove(id, out _);
            if (_connections.TryRemove(id, out _))
            {
                End(socket, reset: false);
            }
        }
    }

    private void End(Socket socket, bool reset)
    {
        try
        {
            if (reset)
            {
                socket.LingerState = new LingerOption(enable: true, seconds: 0);
            }
            else if (socket.Connected)
            {
                socket.Shutdown(SocketShutdown.Both);
            }
        }
        catch (Exception gone) when (gone is SocketException or ObjectDisposedException)
        {
            _logger.LogDebug("The client closed its connection first: {Reason}", gone.Message);
        }

        socket.Dispose();
    }
}
