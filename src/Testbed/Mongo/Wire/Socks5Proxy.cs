using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;
using System.Text;

namespace Modestano.Testbed.Mongo.Wire;

/// <summary>
/// A SOCKS5 proxy (RFC 1928, CONNECT without authentication) that knows the world's host names, so that an unmodified driver reaches
/// <c>mongo-a.eu-west-1.modestano.test:27017</c> on a machine whose resolver has never heard of it.
/// It connects to the names it was given, and to nothing else.
/// </summary>
public sealed class Socks5Proxy : IAsyncDisposable
{
    private const byte Version = 5;
    private const byte Connect = 1;

    private readonly ConcurrentDictionary<string, IPEndPoint> _hosts = new(StringComparer.OrdinalIgnoreCase);
    private readonly ConcurrentDictionary<Socket, byte> _sockets = new();
    private readonly CancellationTokenSource _stop = new();
    private readonly Socket _listener;
    private readonly Task _accepting;

    /// <param name="endPoint">Where to listen; port 0 takes a free one.</param>
    /// <exception cref="SocketException">The port is taken.</exception>
    public Socks5Proxy(IPEndPoint endPoint)
    {
        _listener = new Socket(endPoint.AddressFamily, SocketType.Stream, ProtocolType.Tcp);
        _listener.Bind(endPoint);
        _listener.Listen();
        EndPoint = (IPEndPoint)_listener.LocalEndPoint!;
        _accepting = AcceptAsync();
    }

    private enum Reply : byte
    {
        Succeeded = 0,
        HostUnreachable = 4,
        ConnectionRefused = 5,
        CommandNotSupported = 7,
        AddressTypeNotSupported = 8,
    }

    /// <summary>Where it listens.</summary>
    public IPEndPoint EndPoint { get; }

    /// <summary>Sends connections for a host (<c>name:port</c>) to an address.</summary>
    public void Map(string host, IPEndPoint address) => _hosts[host] = address;

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        _listener.Dispose();
        foreach (var socket in _sockets.Keys)
        {
            socket.Dispose();
        }

        await _accepting;
        _stop.Dispose();
    }

    private async Task AcceptAsync()
    {
        while (!_stop.IsCancellationRequested)
        {
            try
            {
                var client = await _listener.AcceptAsync(_stop.Token);
                _ = ServeAsync(client);
            }
            catch (Exception closed) when (closed is SocketException or ObjectDisposedException or OperationCanceledException)
            {
                return;
            }
        }
    }

    private async Task ServeAsync(Socket client)
    {
        _sockets[client] = 0;
        using (client)
        {
            try
            {
                client.NoDelay = true;
                await RelayAsync(client);
            }
            catch (Exception ended) when (ended is IOException or SocketException or ObjectDisposedException or OperationCanceledException)
            {
                // Whatever ended one side has to end the other one in the same way: without a farewell.
                Abort(client);
            }
            finally
            {
                _sockets.TryRemove(client, out _);
            }
        }
    }

    private async Task RelayAsync(Socket client)
    {
        await using var stream = new NetworkStream(client, ownsSocket: false);
        if (await ReadRequestAsync(stream) is not { } host)
        {
            return;
        }

        if (!_hosts.TryGetValue(host, out var address))
        {
            await AnswerAsync(stream, Reply.HostUnreachable);
            return;
        }

        using var server = new Socket(address.AddressFamily, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        try
        {
            await server.ConnectAsync(address, _stop.Token);
        }
        catch (SocketException)
        {
            await AnswerAsync(stream, Reply.ConnectionRefused);
            return;
        }

        _sockets[server] = 0;
        try
        {
            await AnswerAsync(stream, Reply.Succeeded);
            await using var upstream = new NetworkStream(server, ownsSocket: false);
            var copies = new[] { CopyAsync(stream, upstream, server), CopyAsync(upstream, stream, client) };
            await await Task.WhenAny(copies);
            await Task.WhenAll(copies);
        }
        catch (Exception ended) when (ended is IOException or SocketException or ObjectDisposedException or OperationCanceledException)
        {
            Abort(server);
            throw;
        }
        finally
        {
            _sockets.TryRemove(server, out _);
        }
    }

    private async Task CopyAsync(NetworkStream from, NetworkStream to, Socket target)
    {
        await from.CopyToAsync(to, _stop.Token);
        target.Shutdown(SocketShutdown.Send);
    }

    /// <summary>The host that the client asks for, as <c>name:port</c>; null when it was answered with a refusal.</summary>
    private async Task<string?> ReadRequestAsync(NetworkStream stream)
    {
        var buffer = new byte[256];
        await stream.ReadExactlyAsync(buffer.AsMemory(0, 2), _stop.Token);
        if (buffer[0] != Version)
        {
            throw new IOException($"SOCKS version {buffer[0]} is not {Version}.");
        }

        await stream.ReadExactlyAsync(buffer.AsMemory(0, buffer[1]), _stop.Token);
        await stream.WriteAsync(new byte[] { Version, 0 }, _stop.Token);

        await stream.ReadExactlyAsync(buffer.AsMemory(0, 4), _stop.Token);
        var (command, addressType) = (buffer[1], buffer[3]);
        var name = await ReadAddressAsync(stream, addressType, buffer);
        if (name is null)
        {
            await AnswerAsync(stream, Reply.AddressTypeNotSupported);
            return null;
        }

        await stream.ReadExactlyAsync(buffer.AsMemory(0, 2), _stop.Token);
        if (command != Connect)
        {
            await AnswerAsync(stream, Reply.CommandNotSupported);
            return null;
        }

        return $"{name}:{(buffer[0] << 8) | buffer[1]}";
    }

    private async Task<string?> ReadAddressAsync(NetworkStream stream, byte addressType, byte[] buffer)
    {
        switch (addressType)
        {
            case 1:
                await stream.ReadExactlyAsync(buffer.AsMemory(0, 4), _stop.Token);
                return new IPAddress(buffer.AsSpan(0, 4)).ToString();
            case 3:
                await stream.ReadExactlyAsync(buffer.AsMemory(0, 1), _stop.Token);
                int length = buffer[0];
                await stream.ReadExactlyAsync(buffer.AsMemory(0, length), _stop.Token);
                return Encoding.ASCII.GetString(buffer, 0, length);
            default:
                return null;
        }
    }

    private async Task AnswerAsync(NetworkStream stream, Reply reply) =>
        await stream.WriteAsync(new byte[] { Version, (byte)reply, 0, 1, 0, 0, 0, 0, 0, 0 }, _stop.Token);

    private static void Abort(Socket socket)
    {
        if (!socket.SafeHandle.IsInvalid && !socket.SafeHandle.IsClosed)
        {
            socket.LingerState = new LingerOption(enable: true, seconds: 0);
        }

        socket.Dispose();
    }
}
