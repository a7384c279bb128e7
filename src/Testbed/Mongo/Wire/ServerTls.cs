using System.Net.Security;
using System.Security.Authentication;
using System.Security.Cryptography.X509Certificates;

namespace Modestano.Testbed.Mongo.Wire;

/// <summary>The server side of TLS on one member's port.</summary>
/// <param name="Certificate">The member's certificate with its private key.</param>
/// <param name="ClientCa">The authority that client certificates must come from; null: none is asked for.</param>
/// <param name="RequireClientCertificate">
/// False plays <c>net.tls.allowConnectionsWithoutCertificates</c>. True closes connections without one after the handshake, as the server
/// does (the client sees the end of the stream).
/// </param>
/// <remarks>
/// A client that does not trust the authority sees <c>PartialChain</c> here and <c>UntrustedRoot</c> with a real server: OpenSSL sends the
/// root along, which .NET never does.
/// </remarks>
public sealed record ServerTls(X509Certificate2 Certificate, X509Certificate2? ClientCa = null, bool RequireClientCertificate = false)
{
    /// <summary>Does the handshake.</summary>
    /// <exception cref="AuthenticationException">The client's certificate is missing or not accepted, or it speaks no TLS.</exception>
    public async Task<(SslStream Stream, string? Subject)> AuthenticateAsync(Stream plain, CancellationToken cancellationToken)
    {
        var stream = new SslStream(plain, leaveInnerStreamOpen: false);
        try
        {
            await stream.AuthenticateAsServerAsync(
                new SslServerAuthenticationOptions
                {
                    ServerCertificate = Certificate,
                    ClientCertificateRequired = ClientCa is not null,
                    EnabledSslProtocols = SslProtocols.None,
                    RemoteCertificateValidationCallback = (_, certificate, _, _) => certificate is null || IsTrusted(certificate),
                },
                cancellationToken);
            var subject = stream.RemoteCertificate is { } remote ? CertificateName.Rfc2253(remote) : null;
            return RequireClientCertificate && subject is null
                ? throw new AuthenticationException("no SSL certificate provided by peer; connection rejected")
                : (stream, subject);
        }
        catch
        {
            await stream.DisposeAsync();
            throw;
        }
    }

    private bool IsTrusted(X509Certificate certificate)
    {
        using var copy = new X509Certificate2(certificate);
        return PrivateTrust.IsSignedBy(ClientCa!, copy);
    }
}
