using System.Net.Security;
using System.Security.Authentication;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace Modestano.Operator.ReplicaSets.Mongo;

/// <summary>
/// Verifies members' certificates against the CA of the spec, or the system's where it names none. The host name must match either way. A
/// refusal is thrown with its cause in words: a callback that only says no leaves a person with "rejected by the callback".
/// </summary>
internal sealed class CertificateTrust(X509Certificate2Collection? authorities)
{
    private const string ServerPurpose = "1.3.6.1.5.5.7.3.1";

    /// <summary>For <see cref="SslStream"/>.</summary>
    /// <exception cref="AuthenticationException">The certificate is not trusted; the message tells why and what to do.</exception>
    public bool Validate(object sender, X509Certificate? certificate, X509Chain? chain, SslPolicyErrors errors)
    {
        if (certificate is null)
        {
            throw new AuthenticationException("the member showed no certificate");
        }

        using var leaf = X509CertificateLoader.LoadCertificate(certificate.GetRawCertData());
        var problems = ChainProblems(leaf, chain, errors);
        if ((errors & SslPolicyErrors.RemoteCertificateNameMismatch) != 0)
        {
            problems.Add(CertificateWords.OtherName(leaf, (sender as SslStream)?.TargetHostName));
        }

        return problems.Count == 0 ? true : throw new AuthenticationException(string.Join("; ", problems.Take(3)));
    }

    private List<string> ChainProblems(X509Certificate2 leaf, X509Chain? chain, SslPolicyErrors errors)
    {
        if (authorities is null)
        {
            return (errors & SslPolicyErrors.RemoteCertificateChainErrors) == 0 ? [] : CertificateWords.OfChain(chain, null);
        }

        using var own = new X509Chain();
        own.ChainPolicy.TrustMode = X509ChainTrustMode.CustomRootTrust;
        own.ChainPolicy.CustomTrustStore.AddRange(authorities);
        own.ChainPolicy.RevocationMode = X509RevocationMode.NoCheck;

        // A client's certificate must not pass for a member's; one without extendedKeyUsage is good for everything (RFC 5280, 4.2.1.12).
        own.ChainPolicy.ApplicationPolicy.Add(new Oid(ServerPurpose));

        // Where a missing issuer could be had is for the member's certificate to say: nobody is asked on its word.
        own.ChainPolicy.DisableCertificateDownloads = true;
        own.ChainPolicy.ExtraStore.AddRange(chain?.ChainPolicy.ExtraStore ?? []);
        foreach (var element in chain?.ChainElements ?? Enumerable.Empty<X509ChainElement>())
        {
            own.ChainPolicy.ExtraStore.Add(element.Certificate);
        }

        return own.Build(leaf) ? [] : CertificateWords.OfChain(own, authorities);
    }
}
