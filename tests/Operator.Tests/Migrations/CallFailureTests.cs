using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using Modestano.Operator.Migrations.Gates;

namespace Modestano.Operator.Tests.Migrations;

/// <summary>Each way in which a call gets no answer has its own words, from real connections on loopback.</summary>
[TestFixture]
public sealed class CallFailureTests
{
    [Test]
    public async Task Nobody_who_listens()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        var port = ((IPEndPoint)listener.LocalEndpoint).Port;
        listener.Stop();
        Assert.That(await WordsAsync($"http://127.0.0.1:{port}/"), Is.EqualTo("the connection is refused: nobody listens there"));
    }

    [Test]
    public async Task A_name_that_does_not_resolve() => Assert.That(await WordsAsync("http://nowhere.invalid/"), Is.EqualTo("its name does not resolve"));

    [TestCase("SSH-2.0-OpenSSH_9.6\r\n\r\n", "the answer is no HTTP")]
    [TestCase("", "the connection ended before the answer did")]
    [TestCase("HTTP/1.1 200 OK\r\nContent-Le", "the connection ended before the answer did")]
    public async Task An_answer_that_is_none(string answer, string words) =>
        Assert.That(await WithServerAsync(stream => stream.WriteAsync(Encoding.ASCII.GetBytes(answer)).AsTask(), "http"), Is.EqualTo(words));

    [Test]
    public async Task A_server_that_speaks_no_TLS() =>
        Assert.That(await WithServerAsync(stream => stream.WriteAsync("HTTP/1.1 400 Bad Request\r\n\r\n"u8.ToArray()).AsTask(), "https"),
            Is.EqualTo("TLS fails: it does not agree on a connection, or does not speak TLS"));

    [TestCase("localhost", 1, "TLS fails: its certificate is not signed by anybody whom the operator trusts")]
    [TestCase("localhost", -1, "TLS fails: its certificate has expired, or is not valid yet")]
    [TestCase("shop.modestano.test", 1, "TLS fails: its certificate is for another name")]
    public async Task A_certificate_that_is_not_accepted(string name, int days, string words)
    {
        using var certificate = Certificate(name, days);
        Assert.That(await WithServerAsync(async stream => await new SslStream(stream).AuthenticateAsServerAsync(certificate), "https"), Is.EqualTo(words));
    }

    private static X509Certificate2 Certificate(string name, int days)
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest($"CN={name}", key, HashAlgorithmName.SHA256);
        var names = new SubjectAlternativeNameBuilder();
        names.AddDnsName(name);
        request.CertificateExtensions.Add(names.Build());
        using var made = request.CreateSelfSigned(DateTimeOffset.UtcNow.AddDays(days - 2), DateTimeOffset.UtcNow.AddDays(days));
        return X509CertificateLoader.LoadPkcs12(made.Export(X509ContentType.Pfx), null);
    }

    private static async Task<string> WithServerAsync(Func<NetworkStream, Task> answer, string scheme)
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        _ = AcceptAsync(listener, answer);
        return await WordsAsync($"{scheme}://localhost:{((IPEndPoint)listener.LocalEndpoint).Port}/");
    }

    // HttpClient tries once more where a connection ended before a byte of the answer.
    private static async Task AcceptAsync(TcpListener listener, Func<NetworkStream, Task> answer)
    {
        try
        {
            while (true)
            {
                _ = ServeAsync(await listener.AcceptTcpClientAsync(), answer);
            }
        }
        catch (Exception e) when (e is SocketException or ObjectDisposedException)
        {
            // The test is over.
        }
    }

    private static async Task ServeAsync(TcpClient accepted, Func<NetworkStream, Task> answer)
    {
        using var client = accepted;
        await using var stream = client.GetStream();
        try
        {
            _ = await stream.ReadAsync(Array.Empty<byte>());
            await answer(stream);

            // Closed with unread data the connection would be reset, which is another fault.
            client.Client.Shutdown(SocketShutdown.Send);
            var rest = new byte[4096];
            while (await stream.ReadAsync(rest) > 0)
            {
            }
        }
        catch (Exception e) when (e is IOException or SocketException or System.Security.Authentication.AuthenticationException)
        {
            // The client does not go on with it: that is what is tested.
        }
    }

    private static async Task<string> WordsAsync(string url)
    {
        using var handler = new SocketsHttpHandler { UseProxy = false };
        using var client = new HttpClient(handler);
        try
        {
            using var response = await client.GetAsync(new Uri(url));
            return $"answered {(int)response.StatusCode}";
        }
        catch (Exception e) when (e is HttpRequestException or IOException)
        {
            return CallFailure.Words(e);
        }
    }
}
