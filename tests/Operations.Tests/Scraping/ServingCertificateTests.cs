using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;
using Modestano.Operator.Configuration;
using Modestano.Operator.Observability.Scraping;

namespace Modestano.Operations.Tests.Scraping;

public sealed class ServingCertificateTests
{
    private readonly FakeTimeProvider _time = new(DateTimeOffset.UtcNow);
    private string _folder = "";

    [SetUp]
    public void MakeFolder() => _folder = Directory.CreateTempSubdirectory("modestano-certificate-").FullName;

    [TearDown]
    public void RemoveFolder() => Directory.Delete(_folder, recursive: true);

    [Test]
    public void Without_a_folder_it_is_made_once_and_valid_now()
    {
        var certificate = Of(null);
        var first = certificate.Current();
        using (Assert.EnterMultipleScope())
        {
            Assert.That(first.HasPrivateKey, Is.True);
            Assert.That(certificate.Current().Thumbprint, Is.EqualTo(first.Thumbprint));
            Assert.That(_time.GetUtcNow().UtcDateTime, Is.InRange(first.NotBefore.ToUniversalTime(), first.NotAfter.ToUniversalTime()));
        }
    }

    [Test]
    public void A_renewed_certificate_is_taken_and_a_broken_one_is_not()
    {
        Write("CN=first", minutes: 0);
        var certificate = Of(_folder);
        Assert.That(certificate.Current().Subject, Is.EqualTo("CN=first"));

        Write("CN=second", minutes: 1);
        _time.Advance(TimeSpan.FromSeconds(11));
        Assert.That(certificate.Current().Subject, Is.EqualTo("CN=second"));

        File.WriteAllText(Path.Combine(_folder, "tls.crt"), "half a file");
        _time.Advance(TimeSpan.FromSeconds(11));
        Assert.That(certificate.Current().Subject, Is.EqualTo("CN=second"));
    }

    [Test]
    public void A_folder_without_a_certificate_is_a_mistake_in_the_configuration() =>
        Assert.That(() => Of(_folder).Current(), Throws.InstanceOf<ConfigurationException>().With.Message.Contains("--metrics-cert-dir").And.Message.Contains(_folder));

    private ServingCertificate Of(string? folder) => new(folder, _time, NullLogger<ServingCertificate>.Instance);

    private void Write(string subject, int minutes)
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        using var certificate = new CertificateRequest(subject, key, HashAlgorithmName.SHA256).CreateSelfSigned(_time.GetUtcNow(), _time.GetUtcNow().AddDays(1));
        File.WriteAllText(Path.Combine(_folder, "tls.crt"), certificate.ExportCertificatePem());
        File.WriteAllText(Path.Combine(_folder, "tls.key"), key.ExportPkcs8PrivateKeyPem());
        File.SetLastWriteTimeUtc(Path.Combine(_folder, "tls.crt"), DateTime.UnixEpoch.AddMinutes(minutes));
    }
}
