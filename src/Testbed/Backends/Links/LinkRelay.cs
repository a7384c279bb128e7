using System.Diagnostics;
using System.Net.Sockets;
using System.Threading.Channels;

namespace Modestano.Testbed.Backends;

/// <summary>Carries one direction of a connection over a path that may be slow or cut. The connection's end travels as its bytes do.</summary>
internal static class LinkRelay
{
    private const int Window = 256;

    public static async Task CarryAsync(Socket from, Socket to, MemberLink link, CancellationToken cancellationToken)
    {
        var underWay = Channel.CreateBounded<Parcel>(Window);
        var sending = SendAsync(to, link, underWay.Reader, cancellationToken);
        var buffer = new byte[64 * 1024];
        Parcel last;
        do
        {
            last = await ReceiveAsync(from, buffer, link, cancellationToken);
            await underWay.Writer.WriteAsync(last, cancellationToken);
        }
        while (last.Bytes is { Length: > 0 });

        await sending;
    }

    /// <summary>Ends a connection without a farewell.</summary>
    public static void Reset(Socket socket)
    {
        try
        {
            socket.LingerState = new LingerOption(enable: true, seconds: 0);
        }
        catch (Exception gone) when (gone is SocketException or ObjectDisposedException)
        {
            // It has ended already.
            return;
        }

        socket.Dispose();
    }

    private static async Task<Parcel> ReceiveAsync(Socket from, byte[] buffer, MemberLink link, CancellationToken cancellationToken)
    {
        byte[]? bytes;
        try
        {
            bytes = buffer.AsSpan(0, await from.ReceiveAsync(buffer.AsMemory(), cancellationToken)).ToArray();
        }
        catch (Exception reset) when (reset is SocketException or ObjectDisposedException)
        {
            bytes = null;
        }

        return new Parcel(bytes, Stopwatch.GetTimestamp() + (long)(link.Latency.TotalSeconds * Stopwatch.Frequency));
    }

    private static async Task SendAsync(Socket to, MemberLink link, ChannelReader<Parcel> underWay, CancellationToken cancellationToken)
    {
        var goes = true;
        await foreach (var parcel in underWay.ReadAllAsync(cancellationToken))
        {
            var wait = Stopwatch.GetElapsedTime(Stopwatch.GetTimestamp(), parcel.Due);
            if (wait > TimeSpan.Zero)
            {
                await Task.Delay(wait, cancellationToken);
            }

            await link.PassAsync(cancellationToken);
            goes = goes && await TrySendAsync(to, parcel.Bytes, cancellationToken);
            if (parcel.Bytes is not { Length: > 0 })
            {
                return;
            }
        }
    }

    private static async Task<bool> TrySendAsync(Socket to, byte[]? bytes, CancellationToken cancellationToken)
    {
        try
        {
            switch (bytes)
            {
                case null:
                    Reset(to);
                    return false;
                case { Length: 0 }:
                    to.Shutdown(SocketShutdown.Send);
                    return false;
                default:
                    for (var sent = 0; sent < bytes.Length;)
                    {
                        sent += await to.SendAsync(bytes.AsMemory(sent), cancellationToken);
                    }

                    return true;
            }
        }
        catch (Exception gone) when (gone is SocketException or ObjectDisposedException)
        {
            // The other direction learns it from its own receiving.
            return false;
        }
    }

    /// <param name="Bytes">Empty: the end of the stream. Null: a reset.</param>
    /// <param name="Due">When it has travelled long enough, in ticks of <see cref="Stopwatch"/>.</param>
    private readonly record struct Parcel(byte[]? Bytes, long Due);
}
