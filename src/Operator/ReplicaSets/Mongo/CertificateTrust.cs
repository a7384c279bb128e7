using System.Net.Security;
using System.Security.Authentication;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace Modestano.Operator.ReplicaSets.Mongo;

/// <summary>
/// Verifies members' certificates against the CA of the spec, or the system's where it names none. The host name must match either way. A
/// refusal is thrown with its cause in words: a callback that only says no leaves a person with "rejected by the callback".
/// </summary>
/// <param name="authorities">The CA certificates of the spec; null: the system's.</param>
/// <param name="checkRevocation">Whether the CAs are asked if they have revoked a certificate; one that cannot be asked about is refused.</param>
internal sealed class CertificateTrust(X509Certificate2Collection? authorities, bool checkRevocation)
{
    private const string ServerPurpose = "1.3.6.1.5.5.7.3.1";

    /// <summary>How long a CA may take to tell what it has revoked.</summary>
    private static readonly TimeSpan RevocationTimeout = TimeSpan.FromSeconds(5);

    /// <summary>The terms of a handshake.</summary>
    /// <param name="host">The member's name, as the certificate must have it.</param>
    /// <param name="own">The operator's certificate; null: none is shown.</param>
    public SslClientAuthenticationOptions Options(string host, X509Certificate2? own) => new()
    {
        TargetHost = host,
        AllowRenegotiation = false,
        ClientCertificates = own is null ? null : [own],
        CertificateChainPolicy = Policy(),
        RemoteCertificateValidationCallback = Validate,
    };

    /// <summary>
    /// How a chain is built. Nobody is asked for anything at this time: where a missing issuer or a revocation list is to be had stands in the
    /// member's certificate, which nobody has vouched for yet, and would have the operator call any URL.
    /// </summary>
    public X509ChainPolicy Policy()
    {
        var policy = new X509ChainPolicy { RevocationMode = X509RevocationMode.NoCheck, DisableCertificateDownloads = true };

        // A client's certificate must not pass for a member's; one without extendedKeyUsage is good for everything (RFC 5280, 4.2.1.12).
        policy.ApplicationPolicy.Add(new Oid(ServerPurpose));
        if (authorities is not null)
        {
            policy.TrustMode = X509ChainTrustMode.CustomRootTrust;
            policy.CustomTrustStore.AddRange(authorities);
        }

        return policy;
    }

    /// <summary>For <see cref="SslStream"/>, with the chain that it built by <see cref="Policy"/>.</summary>
    /// <exception cref="AuthenticationException">The certificate is not trusted; the message tells why and what to do.</exception>
    public bool Validate(object sender, X509Certificate? certificate, X509Chain? chain, SslPolicyErrors errors)
    {
        if (certificate is null)
        {
            throw new AuthenticationException("the member showed no certificate");
        }

        using var leaf = X509CertificateLoader.LoadCertificate(certificate.GetRawCertData());
        var problems = (errors & SslPolicyErrors.RemoteCertificateChainErrors) != 0 ? CertificateWords.OfChain(chain, authorities)
            : checkRevocation ? Revoked(leaf, chain)
            : [];
        if ((errors & SslPolicyErrors.RemoteCertificateNameMismatch) != 0)
        {
            problems.Add(CertificateWords.OtherName(leaf, (sender as SslStream)?.TargetHostName));
        }

        return problems.Count == 0 ? true : throw new AuthenticationException(string.Join("; ", problems.Take(3)));
    }

    // By now a trusted CA has signed the URLs that are asked.
    private List<string> Revoked(X509Certificate2 leaf, X509Chain? trusted)
    {
        using var chain = new X509Chain { ChainPolicy = Policy() };
        chain.ChainPolicy.RevocationMode = X509RevocationMode.Online;
        chain.ChainPolicy.RevocationFlag = X509RevocationFlag.ExcludeRoot;
        chain.ChainPolicy.UrlRetrievalTimeout = RevocationTimeout;
        foreach (var element in trusted?.ChainElements ?? Enumerable.Empty<X509ChainElement>())
        {
            chain.ChainPolicy.ExtraStore.Add(element.Certificate);
        }

        return chain.Build(leaf) ? [] : CertificateWords.OfChain(chain, authorities, asksForRevocation: true);
    }
}
