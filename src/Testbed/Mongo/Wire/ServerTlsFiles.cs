using System.Security.Cryptography.X509Certificates;

namespace Modestano.Testbed.Mongo.Wire;

/// <summary>TLS as the options of mongod name it.</summary>
/// <param name="CertificateKeyFile"><c>--tlsCertificateKeyFile</c>: certificate and private key in one PEM file.</param>
/// <param name="AuthorityFile"><c>--tlsCAFile</c>; null: no certificate of a client is checked.</param>
/// <param name="RequireClientCertificates">False: <c>--tlsAllowConnectionsWithoutCertificates</c>.</param>
internal sealed record ServerTlsFiles(string CertificateKeyFile, string? AuthorityFile, bool RequireClientCertificates)
{
    /// <exception cref="System.Security.Cryptography.CryptographicException">A file holds no certificate, or no key.</exception>
    public ServerTls Load()
    {
        var pem = File.ReadAllText(CertificateKeyFile);
        var authority = AuthorityFile is null ? null : X509Certificate2.CreateFromPem(File.ReadAllText(AuthorityFile));
        return new ServerTls(X509Certificate2.CreateFromPem(pem, pem), authority, RequireClientCertificates && authority is not null);
    }
}
