using System.Net;
using System.Net.Security;
using MongoDB.Driver.Core.Connections;

namespace Modestano.Operator.ReplicaSets.Mongo.Wire;

/// <summary>
/// TLS over the driver's connections, instead of the driver's own: that one cannot be told how a chain is built, and would fetch whatever URL
/// the certificate of an unknown server names.
/// </summary>
/// <param name="inner">Makes the connections below.</param>
/// <param name="terms">The terms for a member's name.</param>
/// <param name="longest">How long a handshake may take.</param>
internal sealed class TlsStreamFactory(IStreamFactory inner, Func<string, SslClientAuthenticationOptions> terms, TimeSpan longest) : IStreamFactory
{
    /// <inheritdoc/>
    public Stream CreateStream(EndPoint endPoint, CancellationToken cancellationToken)
    {
        var secured = new SslStream(inner.CreateStream(endPoint, cancellationToken));
        using var limited = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        try
        {
            // The synchronous handshake knows no token: it ends with its stream.
            using var ends = limited.Token.Register(secured.Dispose);
            limited.CancelAfter(longest);
            secured.AuthenticateAsClient(terms(Host(endPoint)));
            return secured;
        }
        catch (Exception e)
        {
            secured.Dispose();
            if (limited.IsCancellationRequested && !cancellationToken.IsCancellationRequested)
            {
                throw TooSlow(e);
            }

            throw;
        }
    }

    /// <inheritdoc/>
    public async Task<Stream> CreateStreamAsync(EndPoint endPoint, CancellationToken cancellationToken)
    {
        var secured = new SslStream(await inner.CreateStreamAsync(endPoint, cancellationToken));
        using var limited = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        try
        {
            limited.CancelAfter(longest);
            await secured.AuthenticateAsClientAsync(terms(Host(endPoint)), limited.Token);
            return secured;
        }
        catch (Exception e)
        {
            await secured.DisposeAsync();
            if (limited.IsCancellationRequested && !cancellationToken.IsCancellationRequested)
            {
                throw TooSlow(e);
            }

            throw;
        }
    }

    private static string Host(EndPoint endPoint) => endPoint switch
    {
        DnsEndPoint name => name.Host,
        IPEndPoint address => address.Address.ToString(),
        _ => endPoint.ToString() ?? "",
    };

    private TimeoutException TooSlow(Exception e) => new($"the TLS handshake took longer than {longest.TotalSeconds:0} s", e);
}
