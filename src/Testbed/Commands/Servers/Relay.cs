using System.Net.Sockets;

namespace Modestano.Testbed.Commands.Servers;

/// <summary>Takes connections and passes bytes between two of them.</summary>
internal static class Relay
{
    public static async Task AcceptAsync(TcpListener listener, Func<TcpClient, Task> serve)
    {
        try
        {
            while (true)
            {
                _ = ServeAsync(await listener.AcceptTcpClientAsync(), serve);
            }
        }
        catch (Exception e) when (e is SocketException or ObjectDisposedException)
        {
            // The process ends.
        }
    }

    /// <summary>Until one side is gone; the other one goes with it.</summary>
    public static async Task BetweenAsync(TcpClient one, TcpClient other)
    {
        (one.NoDelay, other.NoDelay) = (true, true);
        await using var near = one.GetStream();
        await using var far = other.GetStream();
        await Task.WhenAny(near.CopyToAsync(far), far.CopyToAsync(near));
    }

    private static async Task ServeAsync(TcpClient client, Func<TcpClient, Task> serve)
    {
        using (client)
        {
            try
            {
                await serve(client);
            }
            catch (Exception e) when (e is IOException or SocketException)
            {
                // One side is gone.
            }
        }
    }
}
