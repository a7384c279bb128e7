using System.Buffers.Binary;
using System.Net;
using System.Net.Sockets;

namespace Modestano.Operator.Tests.ReplicaSets.Mongo.Wire;

/// <summary>A TCP server that answers every request with what the test gives it, whatever was asked.</summary>
internal sealed class HostileMember : IDisposable
{
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly CancellationTokenSource _stopped = new();
    private readonly Func<int, IEnumerable<byte[]>> _answer;

    /// <param name="answer">From the request's id to the pieces that are sent.</param>
    public HostileMember(Func<int, IEnumerable<byte[]>> answer)
    {
        _answer = answer;
        _listener.Start();
        _ = AcceptAsync();
    }

    public string Host => $"127.0.0.1:{((IPEndPoint)_listener.LocalEndpoint).Port}";

    /// <summary>An OP_MSG with one document, as the bytes of that document.</summary>
    public static byte[] Message(int responseTo, byte[] document, int opCode = 2013, int? claimedLength = null)
    {
        var message = new byte[21 + document.Length];
        BinaryPrimitives.WriteInt32LittleEndian(message, claimedLength ?? message.Length);
        BinaryPrimitives.WriteInt32LittleEndian(message.AsSpan(8), responseTo);
        BinaryPrimitives.WriteInt32LittleEndian(message.AsSpan(12), opCode);
        document.CopyTo(message, 21);
        return message;
    }

    public void Dispose()
    {
        _stopped.Cancel();
        _listener.Stop();
        _stopped.Dispose();
    }

    private async Task AcceptAsync()
    {
        try
        {
            while (true)
            {
                _ = ServeAsync(await _listener.AcceptTcpClientAsync(_stopped.Token));
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
            var stream = client.GetStream();
            var header = new byte[16];
            while (true)
            {
                await stream.ReadExactlyAsync(header, _stopped.Token);
                await stream.ReadExactlyAsync(new byte[BinaryPrimitives.ReadInt32LittleEndian(header) - 16], _stopped.Token);
                foreach (var piece in _answer(BinaryPrimitives.ReadInt32LittleEndian(header.AsSpan(4))))
                {
                    await stream.WriteAsync(piece, _stopped.Token);
                }
            }
        }
        catch (Exception e) when (e is OperationCanceledException or IOException or ObjectDisposedException)
        {
            // The operator hung up, or the test is over.
        }
    }
}
