using System.Net;
using System.Net.Sockets;
using System.Text;

namespace Modestano.Testbed.Commands.Servers;

/// <summary>
/// The way out of a member's process: a port on which the hub says a line with host:port, is told whether that could be reached, and is connected to
/// it. The connection is then this process's, to everybody who looks.
/// </summary>
internal sealed class Outbound : IDisposable
{
    public const byte Connected = 1;
    private const byte Refused = 0;
    private const int LongestAddress = 300;

    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);

    public Outbound()
    {
        _listener.Start();
        Port = ((IPEndPoint)_listener.LocalEndpoint).Port;
        _ = Relay.AcceptAsync(_listener, ServeAsync);
    }

    public int Port { get; }

    public void Dispose() => _listener.Dispose();

    private static async Task ServeAsync(TcpClient hub)
    {
        var line = new List<byte>();
        var next = new byte[1];
        while (line.Count < LongestAddress && await hub.GetStream().ReadAsync(next) == 1 && next[0] != (byte)'\n')
        {
            line.Add(next[0]);
        }

        using var member = new TcpClient();
        try
        {
            await member.ConnectAsync(IPEndPoint.Parse(Encoding.ASCII.GetString([.. line])));
        }
        catch (SocketException)
        {
            await hub.GetStream().WriteAsync(new[] { Refused });
            return;
        }

        await hub.GetStream().WriteAsync(new[] { Connected });
        await Relay.BetweenAsync(hub, member);
    }
}
