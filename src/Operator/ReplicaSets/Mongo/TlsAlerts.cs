namespace Modestano.Operator.ReplicaSets.Mongo;

/// <summary>What the other side of a TLS handshake says before it hangs up, by OpenSSL's names of the alerts (RFC 8446, section 6).</summary>
internal static class TlsAlerts
{
    private static readonly (string Alert, string Words)[] All =
    [
        ("alert unknown ca", "the member does not trust the CA of the operator's client certificate: check tls.clientCertificateSecretRef against the member's CA file"),
        ("alert certificate expired", "the member says that the operator's client certificate has expired: renew the Secret of tls.clientCertificateSecretRef"),
        ("alert certificate required", "the member asks for a client certificate: set tls.clientCertificateSecretRef"),
        ("alert bad certificate", "the member refuses the operator's client certificate"),
        ("alert certificate unknown", "the member refuses the operator's client certificate"),
        ("alert unsupported certificate", "the member refuses the operator's client certificate: it is not made for clients (extendedKeyUsage)"),
        ("alert protocol version", "the member and the operator have no version of TLS in common"),
        ("unsupported protocol", "the member and the operator have no version of TLS in common"),
        ("alert handshake failure", "the member and the operator have no cipher in common, or it asks for a client certificate"),
        ("wrong version number", "the member does not speak TLS"),
    ];

    /// <summary>The words for the first alert in a chain of exceptions; null: none is told.</summary>
    public static string? Words(IEnumerable<Exception> cause)
    {
        var texts = cause.Select(e => e.Message).ToList();
        return All.FirstOrDefault(a => texts.Exists(t => t.Contains(a.Alert, StringComparison.OrdinalIgnoreCase))).Words;
    }
}
