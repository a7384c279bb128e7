using System.Security.Cryptography.X509Certificates;

namespace Modestano.Testbed.Mongo.Wire;

/// <summary>Names of certificates as MONGODB-X509 users carry them.</summary>
internal static class CertificateName
{
    /// <summary>The subject as RFC 2253 writes it: most specific part first, commas without spaces, <c>CN=operator,O=Modestano</c>.</summary>
    public static string Rfc2253(X509Certificate certificate)
    {
        var name = new X500DistinguishedName(certificate.Subject);
        return name.Decode(X500DistinguishedNameFlags.None).Replace(", ", ",", StringComparison.Ordinal);
    }
}
