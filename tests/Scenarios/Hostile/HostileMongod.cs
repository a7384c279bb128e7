using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;

namespace Modestano.Scenarios.Hostile;

/// <summary>A server on loopback that speaks MongoDB's protocol as far as its malice needs it.</summary>
internal sealed class HostileMongod : IDisposable
{
    /// <summary>The name of the set that it says to be a member of.</summary>
    public const string SetName = "rs0";

    /// <summary>Hosts that it names as members of its set, and that no grant of its namespace has.</summary>
    public static readonly IReadOnlyList<string> Beyond = ["decoy.elsewhere.test:27017", "169.254.169.254:27017", "[::1]:27017", "127.0.0.1:27017", "mallory.test.elsewhere.test:27017"];

    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly CancellationTokenSource _stopped = new();
    private int _connections;
    private long _sent;

    public HostileMongod(Malice malice, string host)
    {
        _listener.Start();
        (Malice, Host) = (malice, host.Length > 0 ? host : EndPoint.ToString());
        _ = AcceptAsync();
    }

    public Malice Malice { get; }

    /// <summary>Says that it is an arbiter, which has no users.</summary>
    public bool IsArbiter { get; init; }

    /// <summary>host:port as a spec names it; empty: as the address where it listens.</summary>
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
