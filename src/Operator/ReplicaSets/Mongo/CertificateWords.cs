using System.Globalization;
using System.Security.Cryptography.X509Certificates;
using Modestano.Operator.Runtime;

namespace Modestano.Operator.ReplicaSets.Mongo;

/// <summary>What is wrong with a certificate, and what to do, for a person.</summary>
internal static class CertificateWords
{
    private const int LongestName = 120;

    /// <summary>What a chain that could not be built lacks; never empty.</summary>
    /// <param name="chain">The chain, after it was built.</param>
    /// <param name="authorities">The CA certificates of the spec; null: the system's.</param>
    /// <param name="asksForRevocation">Whether a CA that cannot be asked is a problem.</param>
    public static List<string> OfChain(X509Chain? chain, X509Certificate2Collection? authorities, bool asksForRevocation = false)
    {
        var problems = new List<string>();
        var elements = chain?.ChainElements.ToList() ?? [];
        for (var i = 0; i < elements.Count; i++)
        {
            var who = i == 0 ? "its certificate" : $"the certificate {Subject(elements[i].Certificate)} in its chain";
            problems.AddRange(elements[i].ChainElementStatus.Select(s => (asksForRevocation ? OfRevocation(s, who) : null) ?? Of(s, who, elements[i].Certificate, i == 0, chain!.ChainPolicy.VerificationTime, authorities)).OfType<string>());
        }

        // Some causes are told of the chain as a whole only.
        if (problems.Count == 0 && elements.Count > 0)
        {
            problems.AddRange(chain!.ChainStatus.Select(s => Of(s, "its chain", elements[^1].Certificate, elements.Count == 1, chain.ChainPolicy.VerificationTime, authorities)).OfType<string>());
        }

        return problems.Count > 0 ? [.. problems.Distinct()] : ["its certificate is not trusted"];
    }

    /// <summary>The certificate is another host's.</summary>
    public static string OtherName(X509Certificate2 certificate, string? asked)
    {
        var names = certificate.Extensions.OfType<X509SubjectAlternativeNameExtension>()
            .SelectMany(e => e.EnumerateDnsNames().Concat(e.EnumerateIPAddresses().Select(a => a.ToString())))
            .Select(Shown)
            .ToList();
        var host = asked is { Length: > 0 } ? asked : "the host of the spec";
        return names.Count switch
        {
            0 => $"its certificate names no host, and {host} was asked for: give it one with a subjectAltName",
            <= 3 => $"its certificate is for {string.Join(", ", names)}, and {host} was asked for: correct the host, or give it a certificate with that name",
            _ => $"its certificate is for {string.Join(", ", names.Take(3))} and {names.Count - 3} more, and {host} was asked for: correct the host, or give it a certificate with that name",
        };
    }

    /// <summary>The operator's own certificate does not count now; null: it does, or there is none.</summary>
    public static string? OwnOutOfTime(X509Certificate2? own, DateTimeOffset now) => own is not null && (now < own.NotBefore || now > own.NotAfter)
        ? OutOfTime("the operator's client certificate (tls.clientCertificateSecretRef)", own, now)
        : null;

    private static string? Of(X509ChainStatus status, string who, X509Certificate2 certificate, bool isLeaf, DateTime now, X509Certificate2Collection? authorities)
    {
        var where = authorities is null ? "the system's CA certificates do" : "the Secret of tls.caSecretRef does";
        return status.Status switch
        {
            X509ChainStatusFlags.NoError or X509ChainStatusFlags.RevocationStatusUnknown or X509ChainStatusFlags.OfflineRevocation => null,
            X509ChainStatusFlags.NotTimeValid => OutOfTime(who, certificate, now),
            X509ChainStatusFlags.UntrustedRoot when isLeaf => $"its certificate is self-signed, and {where} not hold it",
            X509ChainStatusFlags.UntrustedRoot => $"its chain ends in the unknown CA {Subject(certificate)}, which {where} not hold: put that CA's certificate there, or give the member one of a CA that is in it",
            X509ChainStatusFlags.PartialChain => NoIssuer(certificate, where, authorities),
            X509ChainStatusFlags.NotSignatureValid => $"the signature of {who} is not that of {Issuer(certificate)}: another CA of the same name issued it, as after a CA was made anew",
            X509ChainStatusFlags.NotValidForUsage => $"{who} is not made for servers: its extendedKeyUsage lacks serverAuth",
            _ => $"{who}: {status.StatusInformation.Trim()} ({status.Status})",
        };
    }

    private static string? OfRevocation(X509ChainStatus status, string who) => status.Status switch
    {
        X509ChainStatusFlags.Revoked => $"{who} has been revoked by its CA: give the member a new one",
        X509ChainStatusFlags.RevocationStatusUnknown or X509ChainStatusFlags.OfflineRevocation =>
            $"its CA could not be asked whether {who} has been revoked, as --mongo-check-revocation wants: the certificate has to name a CRL or an OCSP responder that the operator reaches",
        _ => null,
    };

    private static string NoIssuer(X509Certificate2 last, string where, X509Certificate2Collection? authorities) =>
        authorities?.Any(a => a.SubjectName.RawData.AsSpan().SequenceEqual(last.IssuerName.RawData)) == true
            ? $"{Subject(last)} was issued by another {Issuer(last)} than the one in the Secret of tls.caSecretRef: the CA was made anew; put its present certificate there"
            : $"the issuer {Issuer(last)} of {Subject(last)} is unknown: {where} not hold it, and the member does not send it. If it is a missing intermediate certificate, append it to the member's certificate file; if it is the CA, put it into tls.caSecretRef";

    private static string OutOfTime(string who, X509Certificate2 certificate, DateTimeOffset now) => now > certificate.NotAfter
        ? $"{who} expired on {Utc(certificate.NotAfter)}: renew it"
        : $"{who} is not valid before {Utc(certificate.NotBefore)}: look at the clocks, or wait until then";

    private static string Utc(DateTime time) => time.ToUniversalTime().ToString("yyyy-MM-dd HH:mm 'UTC'", CultureInfo.InvariantCulture);

    private static string Subject(X509Certificate2 certificate) => Shown(certificate.Subject);

    private static string Issuer(X509Certificate2 certificate) => Shown(certificate.Issuer);

    /// <summary>A name from somebody else's certificate, fit for a line of text.</summary>
    private static string Shown(string name) => name.Length == 0 ? "(no name)" : OneLine.Of(name, LongestName);
}
