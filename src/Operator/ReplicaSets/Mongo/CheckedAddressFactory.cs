using System.Net;
using System.Net.Sockets;
using MongoDB.Driver.Core.Connections;

namespace Modestano.Operator.ReplicaSets.Mongo;

/// <summary>
/// Resolves a member's name itself and has the driver connect to the addresses that were looked at: by itself the driver would resolve the name
/// again, and who answers for it may have changed his mind.
/// </summary>
/// <param name="inner">Makes the connections.</param>
/// <param name="addresses">Looks at addresses.</param>
internal sealed class CheckedAddressFactory(IStreamFactory inner, GrantedAddresses addresses) : IStreamFactory
{
    /// <inheritdoc/>
    public Stream CreateStream(EndPoint endPoint, CancellationToken cancellationToken)
    {
        if (!NeedsLook(endPoint, out var name))
        {
            return inner.CreateStream(endPoint, cancellationToken);
        }

        var found = addresses.Checked(addresses.Names.Find(name.Host));
        for (var i = 0; ; i++)
        {
            try
            {
                return inner.CreateStream(new IPEndPoint(found[i], name.Port), cancellationToken);
            }
            catch (Exception e) when (i + 1 < found.Count && IsOfOneAddress(e))
            {
                // Another one may answer.
            }
        }
    }

    /// <inheritdoc/>
    public async Task<Stream> CreateStreamAsync(EndPoint endPoint, CancellationToken cancellationToken)
    {
        if (!NeedsLook(endPoint, out var name))
        {
            return await inner.CreateStreamAsync(endPoint, cancellationToken);
        }

        var found = addresses.Checked(await addresses.Names.FindAsync(name.Host, cancellationToken));
        for (var i = 0; ; i++)
        {
            try
            {
                return await inner.CreateStreamAsync(new IPEndPoint(found[i], name.Port), cancellationToken);
            }
            catch (Exception e) when (i + 1 < found.Count && IsOfOneAddress(e))
            {
                // Another one may answer.
            }
        }
    }

    // A written address is what it is, and a proxy resolves names by itself.
    private bool NeedsLook(EndPoint endPoint, out DnsEndPoint name)
    {
        name = (endPoint as DnsEndPoint)!;
        return name is not null && addresses.AreLookedAt && !IPAddress.TryParse(name.Host, out _);
    }

    private static bool IsOfOneAddress(Exception e) => e is SocketException or IOException or TimeoutException && e is not HostNotGrantedException;
}
