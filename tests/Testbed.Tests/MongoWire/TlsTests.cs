using System.Net.Security;
using System.Net.Sockets;
using System.Security.Cryptography.X509Certificates;
using Modestano.Testbed.Mongo.Auth;
using Modestano.Testbed.Mongo.Storage;
using Modestano.Testbed.Mongo.Wire;
using MongoDB.Bson;
using MongoDB.Driver;

namespace Modestano.Testbed.Tests.MongoWire;

/// <summary>TLS as the official driver meets it; failures have the shape that they have with a real server.</summary>
public sealed class TlsTests : IDisposable
{
    private static readonly BsonDocument Ping = new("ping", 1);

    private readonly CertificateAuthority _authority = new("Test CA", TimeProvider.System);

    [OneTimeTearDown]
    public void Dispose() => _authority.Dispose();

    [Test]
    public async Task A_client_that_trusts_the_private_authority_gets_through()
    {
        await using var member = new RunningMember(new StandaloneMember(), Server("localhost"));
        var reply = await Connect(member, "localhost").RunCommandAsync<BsonDocument>(Ping);
        Assert.That(reply["ok"], Is.EqualTo((BsonValue)1.0));
    }

    [Test]
    public async Task A_certificate_for_another_name_is_told_apart_from_an_unknown_authority()
    {
        await using var member = new RunningMember(new StandaloneMember(), Server("another.example"));
        var error = await Assert.ThrowsAsync<TimeoutException>(() => Connect(member, "localhost").RunCommandAsync<BsonDocument>(Ping));
        Assert.That(error!.Message, Does.Contain("RemoteCertificateNameMismatch"));
    }

    [Test]
    public async Task An_unknown_authority_is_an_error_in_the_certificate_chain()
    {
        await using var member = new RunningMember(new StandaloneMember(), Server("127.0.0.1"));
        var admin = member.Connect(options: "tls=true", configure: Impatient).GetDatabase("admin");
        var error = await Assert.ThrowsAsync<TimeoutException>(() => admin.RunCommandAsync<BsonDocument>(Ping));
        Assert.That(error!.Message, Does.Contain("errors in the certificate chain"));
    }

    [Test]
    public async Task A_plain_client_sees_the_end_of_the_stream()
    {
        await using var member = new RunningMember(new StandaloneMember(), Server("127.0.0.1"));
        var admin = member.Connect(configure: Impatient).GetDatabase("admin");
        var error = await Assert.ThrowsAsync<TimeoutException>(() => admin.RunCommandAsync<BsonDocument>(Ping));
        Assert.That(error!.Message, Does.Contain("System.IO.EndOfStreamException"));

        using var socket = new Socket(SocketType.Stream, ProtocolType.Tcp);
        await socket.ConnectAsync(member.Listener.EndPoint);
        await socket.SendAsync(WireWriter.OpMsg(1, 0, 0, new BsonDocument { { "hello", 1 }, { "$db", "admin" } }));
        Assert.That(await socket.ReceiveAsync(new byte[16]), Is.Zero);
    }

    [Test]
    public async Task A_plain_member_closes_a_connection_that_opens_with_TLS()
    {
        await using var member = new RunningMember(new StandaloneMember());
        using var socket = new Socket(SocketType.Stream, ProtocolType.Tcp);
        await socket.ConnectAsync(member.Listener.EndPoint);
        await using var stream = new SslStream(new NetworkStream(socket, ownsSocket: false));
        var error = await Assert.ThrowsAsync<IOException>(() => stream.AuthenticateAsClientAsync("localhost"));
        Assert.That(error!.Message, Does.Contain("EOF"));
    }

    [Test]
    public async Task A_missing_client_certificate_ends_the_stream_where_one_is_required()
    {
        await using var member = new RunningMember(new StandaloneMember(), Server("localhost", requireClientCertificate: true));
        var error = await Assert.ThrowsAsync<TimeoutException>(() => Connect(member, "localhost").RunCommandAsync<BsonDocument>(Ping));
        Assert.That(error!.Message, Does.Contain("System.IO.EndOfStreamException").Or.Contain("System.IO.IOException"));
    }

    [Test]
    public async Task A_client_certificate_logs_its_user_in()
    {
        const string Subject = "CN=operator,OU=platform,O=Modestano";
        var inner = new StandaloneMember();
        var user = new UserRecord("$external", Subject, [new RoleName("clusterMonitor", "admin")], new Dictionary<string, ScramCredential>());
        inner.Store.Apply(new OplogOperation("i", UserRecord.Collection, user.ToBson()));
        var layer = new AuthenticationLayer(inner, new UserStore(() => inner.Store), authorization: true);
        await using var member = new RunningMember(layer, Server("localhost", requireClientCertificate: true));
        using var certificate = _authority.IssueClient(Subject);
        var admin = Connect(member, "localhost", settings =>
        {
            settings.SslSettings.ClientCertificates = [certificate];
            settings.Credential = MongoCredential.CreateMongoX509Credential();
        });
        var status = await admin.RunCommandAsync<BsonDocument>(new BsonDocument("connectionStatus", 1));
        Assert.That(status["authInfo"]["authenticatedUsers"][0], Is.EqualTo(new BsonDocument { { "user", Subject }, { "db", "$external" } }));
    }

    private ServerTls Server(string host, bool requireClientCertificate = false) => new(
        _authority.IssueServer(host), requireClientCertificate ? _authority.Certificate : null, requireClientCertificate);

    private IMongoDatabase Connect(RunningMember member, string name, Action<MongoClientSettings>? configure = null)
    {
        var client = member.Connect(options: "tls=true", configure: settings =>
        {
            Impatient(settings);
            settings.Server = new MongoServerAddress(name, member.Listener.EndPoint.Port);
            settings.SslSettings = new SslSettings { ServerCertificateValidationCallback = Validate, CheckCertificateRevocation = false };
            configure?.Invoke(settings);
        });
        return client.GetDatabase("admin");
    }

    private static void Impatient(MongoClientSettings settings) => settings.ServerSelectionTimeout = TimeSpan.FromSeconds(1.5);

    private bool Validate(object sender, X509Certificate? certificate, X509Chain? chain, SslPolicyErrors errors)
    {
        if ((errors & SslPolicyErrors.RemoteCertificateNameMismatch) != 0)
        {
            throw new System.Security.Authentication.AuthenticationException($"The remote certificate is invalid: {errors}");
        }

        chain!.ChainPolicy.TrustMode = X509ChainTrustMode.CustomRootTrust;
        chain.ChainPolicy.CustomTrustStore.Add(_authority.Certificate);
        chain.ChainPolicy.RevocationMode = X509RevocationMode.NoCheck;
        return chain.Build((X509Certificate2)certificate!);
    }
}
