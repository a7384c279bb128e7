using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;

namespace Modestano.Testbed.Backends;

/// <summary>
/// Stands in front of one member, at the address by which everybody knows it. It carries bytes and reads none, so that TLS passes; who connects is told
/// by the process that owns the other end of the connection.
/// </summary>
internal sealed class MemberProxy : IAsyncDisposable
{
    private readonly IPEndPoint _target;
    private readonly string _host;
    private readonly MemberLinks _links;
    private readonly Func<IPEndPoint, IPEndPoint, string?> _memberBehind;
    private readonly CancellationTokenSource _stop = new();
    private readonly ConcurrentDictionary<Task, byte> _connections = new();
    private IPEndPoint _address = new(IPAddress.Loopback, 0);
    private TcpListener? _listener;
    private Task _accepting = Task.CompletedTask;

    /// <param name="target">Where the member listens.</param>
    /// <param name="links">The paths.</param>
    /// <param name="memberBehind">Which member has the connection from the first address to the second; null: none.</param>
    public MemberProxy(IPEndPoint target, MemberLinks links, Func<IPEndPoint, IPEndPoint, string?> memberBehind)
    {
        (_target, _links, _memberBehind) = (target, links, memberBehind);
        Open();
        _host = _address.ToString();
    }

    /// <summary>host:port, by which the member is known.</summary>
    public string Host => _host;

    /// <summary>Takes connections, at the same address as ever.</summary>
    public void Open()
    {
        if (_listener is null)
        {
            _listener = new TcpListener(_address);
            _listener.Start();
            _address = (IPEndPoint)_listener.LocalEndpoint;
            _accepting = AcceptAsync(_listener);
        }
    }

    /// <summary>Refuses connections, as the port of a process that is gone does; the open ones end with the member's own.</summary>
    public void Close()
    {
        _listener?.Dispose();
        _listener = null;
    }

    public async ValueTask DisposeAsync()
    {
        Close();
        await _stop.CancelAsync();
        await _accepting;
        await Task.WhenAll(_connections.Keys);
        _stop.Dispose();
    }

    private async Task AcceptAsync(TcpListener listener)
    {
        while (true)
        {
            try
            {
                var client = await listener.AcceptSocketAsync(_stop.Token);
                var serving = ServeAsync(client);
                _connections.TryAdd(serving, 0);
                _ = serving.ContinueWith(done => _connections.TryRemove(done, out _), TaskScheduler.Default);
            }
            catch (Exception e) when (e is OperationCanceledException or SocketException or InvalidOperationException)
            {
                // Closed, between two connections or while it waited for one.
                return;
            }
        }
    }

    private async Task ServeAsync(Socket client)
    {
        using var near = client;
        using var far = new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        try
        {
            near.NoDelay = true;
            var from = _memberBehind((IPEndPoint)client.RemoteEndPoint!, _address) ?? MemberLinks.Clients;
            var (there, back) = (_links.Link(from, _host), _links.Link(_host, from));
            await there.PassAsync(_stop.Token);
            await far.ConnectAsync(_target, _stop.Token);
            await Task.WhenAll(LinkRelay.CarryAsync(near, far, there, _stop.Token), LinkRelay.CarryAsync(far, near, back, _stop.Token));
        }
        catch (Exception e) when (e is IOException or SocketException or OperationCanceledException or ObjectDisposedException)
        {
            // Nobody is there to be told but the client, and it is.
            LinkRelay.Reset(near);
        }
    }
}
