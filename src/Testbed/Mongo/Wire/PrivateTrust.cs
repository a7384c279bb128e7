using System.Net.Security;
using System.Security.Cryptography.X509Certificates;
using MongoDB.Driver;

namespace Modestano.Testbed.Mongo.Wire;

/// <summary>Trust in one private authority, for a driver's TLS settings.</summary>
public static class PrivateTrust
{
    /// <summary>Settings that accept what the authority signed, for the right name only.</summary>
    public static SslSettings In(X509Certificate2 authority) => new()
    {
        CheckCertificateRevocation = false,
        ServerCertificateValidationCallback = (_, certificate, _, errors) =>
            (errors & ~SslPolicyErrors.RemoteCertificateChainErrors) == SslPolicyErrors.None
            && certificate is X509Certificate2 leaf && IsSignedBy(authority, leaf),
    };

    internal static bool IsSignedBy(X509Certificate2 authority, X509Certificate2 certificate)
    {
        using var chain = new X509Chain();
        chain.ChainPolicy.TrustMode = X509ChainTrustMode.CustomRootTrust;
        chain.ChainPolicy.CustomTrustStore.Add(authority);
        chain.ChainPolicy.RevocationMode = X509RevocationMode.NoCheck;
        return chain.Build(certificate);
    }
}
