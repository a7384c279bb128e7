using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;

namespace Modestano.Scenarios.Hostile;

/// <summary>A server on loopback that speaks MongoDB's protocol as far as its malice needs it.</summary>
internal sealed class HostileMongod : IDisposable
{
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly CancellationTokenSource _stopped = new();
    private int _connections;
    private long _sent;

    public HostileMongod(Malice malice, string host)
    {
        (Malice, Host) = (malice, host);
        _listener.Start();
        _ = AcceptAsync();
    }

    public Malice Malice { get; }

    /// <summary>host:port as a spec names it.</summary>
    public string Host { get; }

    /// <summary>Where it listens.</summary>
    public IPEndPoint EndPoint => (IPEndPoint)_listener.LocalEndpoint;

    /// <summary>Connections that were made.</summary>
    public int Connections => _connections;

    /// <summary>Bytes that were taken from it.</summary>
    public long Sent => Interlocked.Read(ref _sent);

    /// <summary>What it was asked, and how often.</summary>
    public ConcurrentDictionary<string, int> Commands { get; } = new();

    public void Dispose()
    {
        _stopped.Cancel();
        _listener.Stop();
        _stopped.Dispose();
    }

    /// <summary>Notes bytes that were sent.</summary>
    public void Note(int sent) => Interlocked.Add(ref _sent, sent);

    private async Task AcceptAsync()
    {
        try
        {
            while (true)
            {
                _ = ServeAsync(await _listener.AcceptTcpClientAsync(_stopped.Token));
                Interlocked.Increment(ref _connections);
            }
        }
        catch (Exception e) when (e is OperationCanceledException or SocketException or ObjectDisposedException)
        {
            // The test is over.
        }
    }

    private async Task ServeAsync(TcpClient client)
    {
        using var closing = client;
        try
        {
            await new HostileConnection(this, client.GetStream()).ServeAsync(_stopped.Token);
        }
        catch (Exception e) when (e is OperationCanceledException or IOException or ObjectDisposedException)
        {
            // The operator hung up, or the test is over.
        }
    }
}
