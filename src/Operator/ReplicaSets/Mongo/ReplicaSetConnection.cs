using System.Collections.Concurrent;
using System.Net.Security;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;

namespace Modestano.Operator.ReplicaSets.Mongo;

/// <summary>How to reach and log in to the members of one set, with the secrets in clear: never log it (its text form names no secret).</summary>
public sealed class ReplicaSetConnection
{
    /// <summary>SCRAM-SHA-256, SCRAM-SHA-1 or MONGODB-X509; null: no login.</summary>
    public string? Mechanism { get; init; }

    /// <summary>The user.</summary>
    public string? UserName { get; init; }

    /// <summary>The password.</summary>
    public string? Password { get; init; }

    /// <summary>Whether to speak TLS.</summary>
    public bool UseTls { get; init; } = true;

    /// <summary>The certificate authorities to trust; null: the system's.</summary>
    public X509Certificate2Collection? CertificateAuthorities { get; init; }

    /// <summary>The operator's certificate with its private key.</summary>
    public X509Certificate2? ClientCertificate { get; init; }

    /// <summary>Changes whenever anything of the connection changes; tells nothing about the secrets.</summary>
    public string Fingerprint => _fingerprint ??= MakeFingerprint();

    /// <summary>The login that all of its connections share; null: there is none with a password.</summary>
    internal SharedLogin? Login => Mechanism is { } mechanism && SharedLogin.Mechanisms.Contains(mechanism) ? LazyInitializer.EnsureInitialized(ref _login, () => new SharedLogin(mechanism)) : null;

    /// <summary>When the certificates end that members showed over this connection, by host.</summary>
    internal ConcurrentDictionary<string, DateTimeOffset> CertificateEnds { get; } = new(StringComparer.OrdinalIgnoreCase);

    /// <summary>The options of a TLS connection, with an eye on the certificate that comes.</summary>
    internal SslClientAuthenticationOptions Noting(string host, SslClientAuthenticationOptions options)
    {
        var validate = options.RemoteCertificateValidationCallback;
        options.RemoteCertificateValidationCallback = (sender, certificate, chain, errors) =>
        {
            if (certificate is X509Certificate2 shown)
            {
                CertificateEnds[host] = shown.NotAfter;
            }

            return validate?.Invoke(sender, certificate, chain, errors) ?? errors == SslPolicyErrors.None;
        };
        return options;
    }

    private SharedLogin? _login;
    private string? _fingerprint;

    /// <summary>The same without login, for a member that has no users yet.</summary>
    public ReplicaSetConnection WithoutLogin() =>
        new() { UseTls = UseTls, CertificateAuthorities = CertificateAuthorities, ClientCertificate = ClientCertificate };

    /// <inheritdoc/>
    public override string ToString() => $"{Mechanism ?? "no login"}, {(UseTls ? "TLS" : "plain text")}";

    private string MakeFingerprint()
    {
        var text = string.Join(
            '\n',
            Mechanism,
            UserName,
            Password,
            UseTls,
            string.Join(',', CertificateAuthorities?.Select(c => c.Thumbprint) ?? []),
            ClientCertificate?.Thumbprint);
        return Convert.ToHexString(SHA256.HashData(Encoding.UTF8.GetBytes(text)));
    }
}
