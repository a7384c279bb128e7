using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Authentication;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Modestano.Operator.ReplicaSets.Mongo;

namespace Modestano.Operator.Tests.ReplicaSets.Mongo;

/// <summary>Each cause of a refused certificate in words, by handshakes of the platform's own TLS on loopback.</summary>
public sealed class CertificateTrustTests : IDisposable
{
    private const string Host = "mongo-1.example.internal";
    private static readonly DateTimeOffset Now = DateTimeOffset.UtcNow;

    private readonly Authority _root = Authority.Root("CN=Shop CA");
    private readonly Authority _other = Authority.Root("CN=Other CA");

    [OneTimeTearDown]
    public void Dispose()
    {
        _root.Dispose();
        _other.Dispose();
    }

    [Test]
    public async Task A_certificate_of_the_CA_of_the_spec_is_trusted()
    {
        using var leaf = _root.Issue(Host);
        Assert.That(await RefusalAsync(leaf), Is.Null);
    }

    [Test]
    public async Task One_that_expired_says_when()
    {
        using var leaf = _root.Issue(Host, Now.AddDays(-30), Now.AddDays(-1));
        Assert.That(await RefusalAsync(leaf), Is.EqualTo($"its certificate expired on {Utc(leaf.NotAfter)}: renew it"));
    }

    [Test]
    public async Task One_that_is_not_valid_yet_says_from_when()
    {
        using var leaf = _root.Issue(Host, Now.AddDays(1), Now.AddDays(30));
        Assert.That(await RefusalAsync(leaf), Does.StartWith($"its certificate is not valid before {Utc(leaf.NotBefore)}"));
    }

    [Test]
    public async Task One_of_another_host_says_whose_it_is()
    {
        using var leaf = _root.Issue("mongo-2.example.internal");
        Assert.That(await RefusalAsync(leaf), Is.EqualTo($"its certificate is for mongo-2.example.internal, and {Host} was asked for: correct the host, or give it a certificate with that name"));
    }

    [Test]
    public async Task One_of_an_unknown_CA_names_that_CA()
    {
        using var leaf = _other.Issue(Host);
        Assert.That(await RefusalAsync(leaf), Does.StartWith($"the issuer CN=Other CA of CN={Host} is unknown: the Secret of tls.caSecretRef does not hold it"));

        // The platform's server does not send a root; others do.
        var trust = new CertificateTrust([_root.Certificate], checkRevocation: false);
        using var sent = new X509Chain { ChainPolicy = trust.Policy() };
        sent.ChainPolicy.ExtraStore.Add(_other.Certificate);
        Assert.That(sent.Build(leaf), Is.False);
        var refused = Assert.Throws<AuthenticationException>(() => trust.Validate(this, leaf, sent, SslPolicyErrors.RemoteCertificateChainErrors));
        Assert.That(refused!.Message, Does.StartWith("its chain ends in the unknown CA CN=Other CA, which the Secret of tls.caSecretRef does not hold"));
    }

    [Test]
    public async Task A_missing_intermediate_is_named()
    {
        using var between = _root.Subordinate("CN=Shop Intermediate");
        using var leaf = between.Issue(Host);
        Assert.That(await RefusalAsync(leaf), Does.Contain("the issuer CN=Shop Intermediate of").And.Contain("missing intermediate certificate, append it to the member's certificate file"));
        Assert.That(await RefusalAsync(leaf, between.Certificate), Is.Null, "sent by the member it is found");
    }

    [Test]
    public async Task A_CA_that_was_made_anew_under_its_old_name_is_told()
    {
        using var again = Authority.Root("CN=Shop CA");
        using var leaf = again.Issue(Host);
        Assert.That(await RefusalAsync(leaf), Does.Contain("CN=Shop CA").And.Contain("made anew"));
    }

    [Test]
    [Category("Hostile")]
    public async Task A_certificate_that_is_made_for_clients_does_not_pass_for_a_members()
    {
        using var client = _root.Issue(Host, purpose: "1.3.6.1.5.5.7.3.2");
        using var server = _root.Issue(Host, purpose: "1.3.6.1.5.5.7.3.1");

        Assert.That(await RefusalAsync(client), Does.Contain("is not made for servers"));
        Assert.That(await RefusalAsync(server), Is.Null);
    }

    [Test]
    [Category("Hostile")]
    public async Task No_url_is_called_that_the_certificate_of_an_unknown_server_names()
    {
        using var named = new CrlServer([]);
        foreach (var checkRevocation in (bool[])[false, true])
        {
            using var leaf = _other.Issue(Host, extensions: [CrlServer.Issuers(named.Url), CertificateRevocationListBuilder.BuildCrlDistributionPointExtension([named.Url])]);

            Assert.That(await RefusalAsync(leaf, checkRevocation), Does.Contain("CN=Other CA"));
        }

        Assert.That(named.Calls, Is.Zero);
    }

    [Test]
    [Category("Hostile")]
    public async Task A_revoked_certificate_is_refused_where_the_CA_is_to_be_asked()
    {
        using var list = new CrlServer([]);
        using var revoked = _root.Issue(Host, extensions: [CertificateRevocationListBuilder.BuildCrlDistributionPointExtension([list.Url])]);
        using var good = _root.Issue(Host, extensions: [CertificateRevocationListBuilder.BuildCrlDistributionPointExtension([list.Url])]);
        list.Content = _root.Revoke(revoked);

        Assert.That(await RefusalAsync(revoked, checkRevocation: true), Does.Contain("its certificate has been revoked by its CA"));
        Assert.That(await RefusalAsync(good, checkRevocation: true), Is.Null);
        Assert.That(list.Calls, Is.GreaterThan(0));
        Assert.That(await RefusalAsync(revoked), Is.Null, "nobody is asked unless the configuration says so");
    }

    [Test]
    [Category("Hostile")]
    public async Task A_certificate_whose_CA_cannot_be_asked_is_refused_where_it_is_to_be()
    {
        using var leaf = _root.Issue(Host);
        Assert.That(await RefusalAsync(leaf, checkRevocation: true), Does.Contain("could not be asked").And.Contain("--mongo-check-revocation"));
    }

    [Test]
    public async Task A_self_signed_one_is_told()
    {
        using var own = Authority.Root($"CN={Host}", Host);
        Assert.That(await RefusalAsync(own.Certificate), Does.StartWith("its certificate is self-signed"));
    }

    [Test]
    public void The_operators_own_certificate_that_expired_is_named_beside_what_the_member_did()
    {
        using var own = _root.Issue("operator", Now.AddDays(-30), Now.AddDays(-1));
        var closed = new MongoFailure(MongoFailureKind.TlsFailed, 0, "", "the member closed the connection: it may ask for a client certificate");

        var explained = closed.Explain(new ReplicaSetConnection { ClientCertificate = own }, Now);

        Assert.That(explained!.Message, Does.Contain(closed.Message).And.Contain($"the operator's client certificate (tls.clientCertificateSecretRef) expired on {Utc(own.NotAfter)}"));
    }

    [Test]
    public void A_refused_password_that_ends_in_a_newline_says_so_and_nothing_of_itself()
    {
        var refused = new MongoFailure(MongoFailureKind.AuthenticationFailed, 18, "AuthenticationFailed", "the server refused user or password");

        var explained = refused.Explain(new ReplicaSetConnection { Mechanism = "SCRAM-SHA-1", UserName = "operator", Password = "s3cret\n" }, Now);

        Assert.That(explained!.Message, Does.Contain("password in the Secret of credentialsSecretRef ends in a newline").And.Not.Contain("s3cret"));
        Assert.That(refused.Explain(new ReplicaSetConnection { Mechanism = "SCRAM-SHA-1", UserName = "operator", Password = "s3cret" }, Now), Is.EqualTo(refused));
    }

    /// <summary>What a client says that trusts the CA of the spec; null: nothing.</summary>
    private Task<string?> RefusalAsync(X509Certificate2 server, params X509Certificate2[] sentBesides) => RefusalAsync(server, checkRevocation: false, sentBesides);

    private async Task<string?> RefusalAsync(X509Certificate2 server, bool checkRevocation, params X509Certificate2[] sentBesides)
    {
        using var listener = new Socket(SocketType.Stream, ProtocolType.Tcp);
        listener.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        listener.Listen(1);
        using var client = new Socket(SocketType.Stream, ProtocolType.Tcp);
        await client.ConnectAsync(listener.LocalEndPoint!);
        using var accepted = await listener.AcceptAsync();
        await using var serving = new SslStream(new NetworkStream(accepted));
        await using var asking = new SslStream(new NetworkStream(client));
        var context = SslStreamCertificateContext.Create(server, [.. sentBesides], offline: true);
        var answered = serving.AuthenticateAsServerAsync(new SslServerAuthenticationOptions { ServerCertificateContext = context });
        try
        {
            await asking.AuthenticateAsClientAsync(new CertificateTrust([_root.Certificate], checkRevocation).Options(Host, own: null));
            await answered;
            return null;
        }
        catch (AuthenticationException e)
        {
            client.Close();
            await answered.ContinueWith(_ => { }, TaskScheduler.Default);
            var failure = FailureClassifier.Classify(new TimeoutException(), new IOException("opening a connection", e), usesTls: true, loggedIn: false);
            Assert.That(failure.Kind, Is.EqualTo(MongoFailureKind.TlsFailed));
            return failure.Message;
        }
    }

    private static string Utc(DateTime time) => time.ToUniversalTime().ToString("yyyy-MM-dd HH:mm 'UTC'", System.Globalization.CultureInfo.InvariantCulture);

    private sealed class Authority(X509Certificate2 certificate) : IDisposable
    {
        public X509Certificate2 Certificate => certificate;

        public static Authority Root(string name, string? host = null)
        {
            using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
            return new Authority(Request(name, key, isAuthority: host is null, host).CreateSelfSigned(Now.AddYears(-1), Now.AddYears(1)));
        }

        public Authority Subordinate(string name) => new(Signed(name, isAuthority: true, null, Now.AddDays(-100), Now.AddDays(100)));

        public X509Certificate2 Issue(string host, DateTimeOffset? from = null, DateTimeOffset? to = null, string? purpose = null, params X509Extension[] extensions) =>
            Signed($"CN={host}", isAuthority: false, host, from ?? Now.AddDays(-50), to ?? Now.AddDays(50), purpose, extensions);

        public byte[] Revoke(X509Certificate2 one)
        {
            var list = new CertificateRevocationListBuilder();
            list.AddEntry(one);
            return list.Build(certificate, 1, Now.AddDays(1), HashAlgorithmName.SHA256, thisUpdate: Now.AddDays(-1));
        }

        public void Dispose() => certificate.Dispose();

        private X509Certificate2 Signed(string name, bool isAuthority, string? host, DateTimeOffset from, DateTimeOffset to, string? purpose = null, params X509Extension[] extensions)
        {
            using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
            var request = Request(name, key, isAuthority, host);
            if (purpose is not null)
            {
                request.CertificateExtensions.Add(new X509EnhancedKeyUsageExtension([new Oid(purpose)], critical: false));
            }

            foreach (var extension in extensions)
            {
                request.CertificateExtensions.Add(extension);
            }

            using var signed = request.Create(certificate, from, to, RandomNumberGenerator.GetBytes(8));
            using var whole = signed.CopyWithPrivateKey(key);
            return X509CertificateLoader.LoadPkcs12(whole.Export(X509ContentType.Pkcs12), null);
        }

        private static CertificateRequest Request(string name, ECDsa key, bool isAuthority, string? host)
        {
            var request = new CertificateRequest(name, key, HashAlgorithmName.SHA256);
            request.CertificateExtensions.Add(new X509BasicConstraintsExtension(isAuthority, false, 0, true));
            if (isAuthority)
            {
                // Without it no revocation list of this CA counts.
                request.CertificateExtensions.Add(new X509KeyUsageExtension(X509KeyUsageFlags.KeyCertSign | X509KeyUsageFlags.CrlSign, critical: true));
                request.CertificateExtensions.Add(new X509SubjectKeyIdentifierExtension(request.PublicKey, critical: false));
            }

            if (host is not null)
            {
                var names = new SubjectAlternativeNameBuilder();
                names.AddDnsName(host);
                request.CertificateExtensions.Add(names.Build());
            }

            return request;
        }
    }
}
