using System.Net;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace Modestano.Testbed.Mongo.Wire;

/// <summary>A private certificate authority for one world: it exists in memory and signs what the world needs.</summary>
public sealed class CertificateAuthority : IDisposable
{
    private const string ForServers = "1.3.6.1.5.5.7.3.1";
    private const string ForClients = "1.3.6.1.5.5.7.3.2";

    /// <summary>How long a certificate is valid where nothing else is said.</summary>
    public static readonly TimeSpan Validity = TimeSpan.FromDays(365);

    private static readonly TimeSpan Backdating = TimeSpan.FromDays(1);

    private readonly TimeProvider _time;

    /// <param name="name">Common name of the authority.</param>
    /// <param name="time">The clock that validity counts from.</param>
    public CertificateAuthority(string name, TimeProvider time)
    {
        _time = time;
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest($"CN={name}", key, HashAlgorithmName.SHA256);
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(true, false, 0, true));
        request.CertificateExtensions.Add(new X509KeyUsageExtension(X509KeyUsageFlags.KeyCertSign | X509KeyUsageFlags.CrlSign, true));
        request.CertificateExtensions.Add(new X509SubjectKeyIdentifierExtension(request.PublicKey, false));
        Certificate = request.CreateSelfSigned(time.GetUtcNow() - Backdating, time.GetUtcNow() + Validity);
    }

    /// <summary>The authority's own certificate.</summary>
    public X509Certificate2 Certificate { get; }

    /// <summary>It as PEM, for a Secret or a file that clients trust.</summary>
    public string CertificatePem => Certificate.ExportCertificatePem();

    /// <summary>Makes a server's certificate with its key; a member shows it to the other members as their client, too.</summary>
    /// <param name="host">The name (or address) by which clients reach the server.</param>
    /// <param name="addresses">Addresses by which they may reach it, too.</param>
    public X509Certificate2 IssueServer(string host, params IPAddress[] addresses) => IssueServer(host, Validity, addresses);

    /// <summary>The same, for a certificate that ends before the authority does.</summary>
    /// <param name="host">The name (or address) by which clients reach the server.</param>
    /// <param name="validity">How long from now it is valid.</param>
    /// <param name="addresses">Addresses by which they may reach it, too.</param>
    public X509Certificate2 IssueServer(string host, TimeSpan validity, params IPAddress[] addresses)
    {
        var names = new SubjectAlternativeNameBuilder();
        var isAddress = IPAddress.TryParse(host, out var literal);
        foreach (var address in isAddress ? addresses.Append(literal!).Distinct() : addresses)
        {
            names.AddIpAddress(address);
        }

        if (!isAddress)
        {
            names.AddDnsName(host);
        }

        return Issue($"CN={host}", [ForServers, ForClients], names, validity);
    }

    /// <summary>Makes a client's certificate with its key.</summary>
    /// <param name="subject">Its subject, for example <c>CN=operator,O=Modestano</c>; a MONGODB-X509 user has this name.</param>
    public X509Certificate2 IssueClient(string subject) => Issue(subject, [ForClients], null, Validity);

    /// <inheritdoc/>
    public void Dispose() => Certificate.Dispose();

    private X509Certificate2 Issue(string subject, string[] purposes, SubjectAlternativeNameBuilder? names, TimeSpan validity)
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest(subject, key, HashAlgorithmName.SHA256);
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(false, false, 0, true));
        request.CertificateExtensions.Add(new X509EnhancedKeyUsageExtension([.. purposes.Select(purpose => new Oid(purpose))], false));
        if (names is not null)
        {
            request.CertificateExtensions.Add(names.Build());
        }

        // Nothing that it signs outlives the authority.
        var (end, last) = (_time.GetUtcNow() + validity, new DateTimeOffset(Certificate.NotAfter));
        using var signed = request.Create(Certificate, _time.GetUtcNow() - Backdating, end < last ? end : last, RandomNumberGenerator.GetBytes(16));
        return signed.CopyWithPrivateKey(key);
    }
}
