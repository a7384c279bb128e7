using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;

namespace Modestano.Scenarios.Runtime;

/// <summary>A TCP proxy on loopback whose connections can go silent without closing: a firewall that forgot them, a node that lost its power.</summary>
internal sealed class FreezingProxy : IAsyncDisposable
{
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly CancellationTokenSource _stop = new();
    private readonly ConcurrentBag<Link> _links = [];
    private readonly Uri _target;
    private readonly Task _accepting;

    public FreezingProxy(Uri target)
    {
        _target = target;
        _listener.Start();
        Url = new Uri($"{target.Scheme}://127.0.0.1:{((IPEndPoint)_listener.LocalEndpoint).Port}");
        _accepting = AcceptAsync();
    }

    public Uri Url { get; }

    /// <summary>Every connection that is open now carries nothing any more; later ones work.</summary>
    public int FreezeOpenConnections()
    {
        foreach (var link in _links)
        {
            link.Frozen = true;
        }

        return _links.Count;
    }

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        _listener.Stop();
        await _accepting;
        foreach (var link in _links)
        {
            link.Dispose();
        }

        _stop.Dispose();
    }

    private async Task AcceptAsync()
    {
        try
        {
            while (true)
            {
                var client = await _listener.AcceptTcpClientAsync(_stop.Token);
                var server = new TcpClient();
                await server.ConnectAsync(IPAddress.Loopback, _target.Port, _stop.Token);
                var link = new Link(client, server);
                _links.Add(link);
                _ = link.CarryAsync(client, server, _stop.Token);
                _ = link.CarryAsync(server, client, _stop.Token);
            }
        }
        catch (Exception e) when (e is OperationCanceledException or SocketException or ObjectDisposedException)
        {
            // Stopped, or the target is away: the scenario is over.
            return;
        }
    }

    private sealed class Link(TcpClient client, TcpClient server) : IDisposable
    {
        public volatile bool Frozen;

        public async Task CarryAsync(TcpClient from, TcpClient to, CancellationToken cancellationToken)
        {
            var buffer = new byte[16 * 1024];
            try
            {
                int read;
                while ((read = await from.GetStream().ReadAsync(buffer, cancellationToken)) > 0)
                {
                    if (!Frozen)
                    {
                        await to.GetStream().WriteAsync(buffer.AsMemory(0, read), cancellationToken);
                    }
                }

                if (!Frozen)
                {
                    to.Client.Shutdown(SocketShutdown.Send);
                }
            }
            catch (Exception e) when (e is OperationCanceledException or IOException or SocketException or ObjectDisposedException or InvalidOperationException)
            {
                // One side is gone; the other learns it unless the link is frozen.
                if (!Frozen)
                {
                    Dispose();
                }
            }
        }

        public void Dispose()
        {
            client.Dispose();
            server.Dispose();
        }
    }
}
