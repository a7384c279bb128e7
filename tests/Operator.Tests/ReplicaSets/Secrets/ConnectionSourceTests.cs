using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using k8s.Models;
using Microsoft.Extensions.Time.Testing;
using Modestano.Crds.V1Alpha1;
using Modestano.Operator.Configuration;
using Modestano.Operator.ReplicaSets.Mongo;
using Modestano.Operator.ReplicaSets.Secrets;
using Modestano.Operator.Runtime;

namespace Modestano.Operator.Tests.ReplicaSets.Secrets;

[FixtureLifeCycle(LifeCycle.InstancePerTestCase)]
public class ConnectionSourceTests
{
    private readonly FakeTimeProvider _time = new();
    private readonly FakeSecrets _secrets = new();

    private ConnectionSource Source => field ??= new ConnectionSource(_secrets, _time, new MongoConnectionOptions { Grants = Grants.Namespaced, LeastSecurity = LeastSecurity.Any });

    [Test]
    public async Task User_and_password_come_from_the_secret()
    {
        _secrets.Put("login", ApiGroup.CredentialsSecretType, ("username", "operator"), ("password", "s3cret"));

        var connection = await Source.GetAsync(Set(), CancellationToken.None);

        Assert.That((connection.UserName, connection.Password, connection.Mechanism), Is.EqualTo(("operator", "s3cret", "SCRAM-SHA-256")));
        Assert.That(connection.ToString(), Does.Not.Contain("s3cret"));
        Assert.That(connection.Fingerprint, Does.Not.Contain("s3cret"));
    }

    [Test]
    public async Task A_secret_that_does_not_exist_is_named()
    {
        var refused = await Assert.ThrowsAsync<ConnectionRefusedException>(() => Source.GetAsync(Set(), CancellationToken.None));

        Assert.That(refused!.Reason, Is.EqualTo(ConnectionReasons.SecretNotFound));
        Assert.That(refused.Message, Does.Contain("Secret login does not exist"));
    }

    [Test]
    public async Task A_secret_of_another_type_is_not_read()
    {
        _secrets.Put("login", "Opaque", ("username", "operator"), ("password", "s3cret"));

        var refused = await Assert.ThrowsAsync<ConnectionRefusedException>(() => Source.GetAsync(Set(), CancellationToken.None));

        Assert.That(refused!.Reason, Is.EqualTo(ConnectionReasons.SecretTypeNotAllowed));
        Assert.That(refused.Message, Does.Contain("mongo.modestano.io/credentials").And.Not.Contain("s3cret"));
    }

    [Test]
    public async Task A_missing_key_is_named()
    {
        _secrets.Put("login", ApiGroup.CredentialsSecretType, ("username", "operator"));

        var refused = await Assert.ThrowsAsync<ConnectionRefusedException>(() => Source.GetAsync(Set(), CancellationToken.None));

        Assert.That(refused!.Message, Does.Contain("no key password"));
    }

    [Test]
    public async Task A_password_that_ends_in_a_newline_says_so()
    {
        _secrets.Put("login", ApiGroup.CredentialsSecretType, ("username", "operator"), ("password", "s3cret\n"));

        var refused = await Assert.ThrowsAsync<ConnectionRefusedException>(() => Source.GetAsync(Set(), CancellationToken.None));

        Assert.That(refused!.Reason, Is.EqualTo(ConnectionReasons.SecretValueNotUsable));
        Assert.That(refused.Message, Does.Contain("the password ends in a newline").And.Not.Contain("s3cret"));
    }

    [TestCase("-----BEGIN CERTIFICATE-----\nnothing of the kind\n-----END CERTIFICATE-----\n", "certificate 2 of the 2 in ca.crt is broken")]
    [TestCase("-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n", "certificate 2 of the 2 in ca.crt is broken")]
    [TestCase("-----BEGIN CERTIFICATE-----\nAAAA", "certificate 2 of the 2 in ca.crt is broken")]
    public async Task A_bundle_with_a_broken_certificate_is_refused(string second, string words)
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        using var good = new CertificateRequest("CN=good", key, HashAlgorithmName.SHA256).CreateSelfSigned(DateTimeOffset.UtcNow.AddDays(-1), DateTimeOffset.UtcNow.AddDays(1));
        var pem = good.ExportCertificatePem() + "\n";
        _secrets.Put("login", ApiGroup.CredentialsSecretType, ("username", "operator"), ("password", "s3cret"));
        _secrets.Put("ca", ApiGroup.Name + "/ca", ("ca.crt", pem + second));
        var set = Set();
        var withCa = new MongoReplicaSet { Metadata = set.Metadata, Spec = set.Spec with { Connection = set.Spec.Connection with { Tls = new TlsSpec { CaSecretRef = new SecretKeyReference { Name = "ca" } } } } };

        var refused = await Assert.ThrowsAsync<ConnectionRefusedException>(() => Source.GetAsync(withCa, CancellationToken.None));
        Assert.That((refused!.Reason, refused.Message), Is.EqualTo((ConnectionReasons.CertificateNotReadable, $"Secret ca: {words}: correct it, or take it out")));

        _secrets.Put("ca", ApiGroup.Name + "/ca", ("ca.crt", pem + pem));
        Assert.That((await Source.GetAsync(withCa, CancellationToken.None)).CertificateAuthorities, Has.Count.EqualTo(2));
    }

    [Test]
    public async Task A_rotated_password_is_read_after_ten_minutes()
    {
        _secrets.Put("login", ApiGroup.CredentialsSecretType, ("username", "operator"), ("password", "old"));
        await Source.GetAsync(Set(), CancellationToken.None);
        _secrets.Put("login", ApiGroup.CredentialsSecretType, ("username", "operator"), ("password", "new"));

        _time.Advance(TimeSpan.FromMinutes(9));
        Assert.That((await Source.GetAsync(Set(), CancellationToken.None)).Password, Is.EqualTo("old"));
        _time.Advance(TimeSpan.FromMinutes(1));
        Assert.That((await Source.GetAsync(Set(), CancellationToken.None)).Password, Is.EqualTo("new"));
    }

    [Test]
    public async Task A_failed_login_has_the_secret_read_again_but_not_in_each_pass()
    {
        _secrets.Put("login", ApiGroup.CredentialsSecretType, ("username", "operator"), ("password", "wrong"));
        await Source.GetAsync(Set(), CancellationToken.None);

        for (var i = 0; i < 60; i++)
        {
            Source.Doubt(ObjectKey.Of(Set()));
            await Source.GetAsync(Set(), CancellationToken.None);
            _time.Advance(TimeSpan.FromSeconds(1));
        }

        Assert.That(_secrets.Reads, Is.EqualTo(4));
    }

    private static MongoReplicaSet Set() => new()
    {
        Metadata = new V1ObjectMeta { Name = "marketplace", NamespaceProperty = "shop" },
        Spec = new MongoReplicaSetSpec { Connection = new ConnectionSpec { CredentialsSecretRef = new LocalObjectReference { Name = "login" } } },
    };

    private sealed class FakeSecrets : ISecretSource
    {
        private readonly Dictionary<string, V1Secret> _secrets = [];

        public int Reads { get; private set; }

        public void Put(string name, string type, params (string Key, string Value)[] data) => _secrets[name] = new V1Secret
        {
            Metadata = new V1ObjectMeta { Name = name },
            Type = type,
            Data = data.ToDictionary(d => d.Key, d => Encoding.UTF8.GetBytes(d.Value)),
        };

        public Task<V1Secret?> GetAsync(string @namespace, string name, CancellationToken cancellationToken)
        {
            Reads++;
            return Task.FromResult(_secrets.GetValueOrDefault(name));
        }
    }
}
