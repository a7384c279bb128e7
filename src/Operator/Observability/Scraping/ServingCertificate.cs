using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Modestano.Operator.Configuration;

namespace Modestano.Operator.Observability.Scraping;

/// <summary>The certificate of /metrics: from a folder that somebody else renews, or self-signed and as old as the process.</summary>
internal sealed class ServingCertificate(string? folder, TimeProvider time, ILogger<ServingCertificate> logger)
{
    private static readonly TimeSpan LookAgainAfter = TimeSpan.FromSeconds(10);
    private readonly Lock _gate = new();
    private X509Certificate2? _current;
    private DateTime _writtenAt;
    private long _lookedAt;

    /// <summary>The certificate for the next handshake. A renewed one that cannot be read leaves the one before in use.</summary>
    /// <exception cref="ConfigurationException">There is none yet and the folder's cannot be used.</exception>
    public X509Certificate2 Current()
    {
        lock (_gate)
        {
            if (folder is null)
            {
                return _current ??= SelfSigned();
            }

            if (_current is null || time.GetElapsedTime(_lookedAt) > LookAgainAfter)
            {
                _lookedAt = time.GetTimestamp();
                Reload(folder);
            }

            return _current!;
        }
    }

    private void Reload(string from)
    {
        var (certificate, key) = (Path.Combine(from, "tls.crt"), Path.Combine(from, "tls.key"));
        try
        {
            // A Secret's mount changes by a link that points elsewhere: both files change at once.
            var writtenAt = File.GetLastWriteTimeUtc(certificate);
            if (_current is null || writtenAt != _writtenAt)
            {
                _current = X509Certificate2.CreateFromPemFile(certificate, key);
                _writtenAt = writtenAt;
            }
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or CryptographicException)
        {
            if (_current is null)
            {
                throw new ConfigurationException([$"{OperatorSettings.MetricsCertDir.Flag}: tls.crt and tls.key in '{from}' cannot be used: {e.Message}"]);
            }

            logger.LogWarning("The renewed certificate in {Folder} cannot be used: {Error}; the one of before stays", from, e.Message);
        }
    }

    private X509Certificate2 SelfSigned()
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest("CN=modestano-operator", key, HashAlgorithmName.SHA256);
        var names = new SubjectAlternativeNameBuilder();
        names.AddDnsName(Environment.MachineName.ToLowerInvariant());
        names.AddDnsName("localhost");
        request.CertificateExtensions.Add(names.Build());
        var now = time.GetUtcNow();
        return request.CreateSelfSigned(now.AddMinutes(-5), now.AddYears(1));
    }
}
