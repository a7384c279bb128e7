using System.Net;
using System.Net.Sockets;
using System.Security.Cryptography.X509Certificates;

namespace Modestano.Operator.Tests.ReplicaSets.Mongo;

/// <summary>A web server that gives everybody the same file, and counts who asked.</summary>
internal sealed class CrlServer : IDisposable
{
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private int _calls;

    public CrlServer(byte[] content)
    {
        Content = content;
        _listener.Start();
        // The platform keeps lists by URL, across processes: no two tests may have the same.
        Url = $"http://{_listener.LocalEndpoint}/{Guid.NewGuid():N}.crl";
        _ = ServeAsync();
    }

    public byte[] Content { get; set; }

    public string Url { get; }

    public int Calls => _calls;

    /// <summary>The extension of a certificate that says where its issuer is to be had.</summary>
    public static X509Extension Issuers(string url) => new X509AuthorityInformationAccessExtension(ocspUris: [url], caIssuersUris: [url]);

    public void Dispose() => _listener.Dispose();

    private async Task ServeAsync()
    {
        try
        {
            while (true)
            {
                using var client = await _listener.AcceptTcpClientAsync();
                Interlocked.Increment(ref _calls);
                var stream = client.GetStream();
                _ = await stream.ReadAsync(new byte[4096]);
                await stream.WriteAsync(System.Text.Encoding.ASCII.GetBytes($"HTTP/1.1 200 OK\r\nContent-Length: {Content.Length}\r\nConnection: close\r\n\r\n"));
                await stream.WriteAsync(Content);
            }
        }
        catch (Exception e) when (e is SocketException or ObjectDisposedException or IOException)
        {
            // The test is over.
            return;
        }
    }
}
