using System.Net;
using System.Net.Sockets;
using Modestano.Operator.Configuration;
using Modestano.Operator.Runtime;

namespace Modestano.Operator.ReplicaSets.Mongo;

/// <summary>
/// What a granted name leads to: it must not be the operator's own machine or a metadata service. Looked at before a client is made, so that
/// nobody learns from a failure which ports are open there, again for each connection, which is made to the very addresses that were looked at,
/// and once more at the connection before a byte is sent.
/// Through a proxy the name is resolved elsewhere, and only what is written is looked at.
/// </summary>
internal sealed class GrantedAddresses(MongoConnectionOptions options, ObjectKey set, string host)
{
    /// <summary>Where names lead.</summary>
    public NameResolution Names => options.Names;

    /// <summary>Whether names are resolved here.</summary>
    public bool AreLookedAt => options.Socks5Proxy is null;

    /// <summary>The addresses of the host's name in the order in which the driver would try them.</summary>
    /// <exception cref="HostNotGrantedException">One of them must not be connected to.</exception>
    /// <exception cref="SocketException">There are none.</exception>
    public IReadOnlyList<IPAddress> Checked(IReadOnlyCollection<IPAddress> found)
    {
        if (RefusalOf(found) is { } refusal)
        {
            throw new HostNotGrantedException(refusal);
        }

        return found.Count > 0 ? [.. found.OrderBy(a => a.AddressFamily == AddressFamily.InterNetwork ? 0 : 1)] : throw new SocketException((int)SocketError.HostNotFound);
    }

    /// <summary>Why the host must not be connected to now; null: it may, or its name leads nowhere in time, which the driver tells better.</summary>
    public async Task<string?> RefusalAsync(TimeSpan deadline, CancellationToken cancellationToken)
    {
        if (options.Grants.RefusalForHost(set.Namespace, host) is { } refusal)
        {
            return refusal;
        }

        var name = GrantedHost.Read(host)!;
        if (!AreLookedAt || name.Address is not null)
        {
            return null;
        }

        try
        {
            return RefusalOf(await Names.FindAsync(name.Name, cancellationToken).WaitAsync(deadline, cancellationToken));
        }
        catch (Exception e) when (e is SocketException or ArgumentException or TimeoutException)
        {
            return null;
        }
    }

    /// <summary>Called by the driver for each socket that it has connected.</summary>
    /// <exception cref="HostNotGrantedException">It leads where it must not.</exception>
    public void Check(Socket connected)
    {
        if (AreLookedAt && connected.RemoteEndPoint is IPEndPoint { Address: var address }
            && RefusalOf([address]) is { } refusal)
        {
            throw new HostNotGrantedException(refusal);
        }
    }

    private string? RefusalOf(IEnumerable<IPAddress> addresses) =>
        addresses.Select(a => options.Grants.RefusalForAddress(set.Namespace, host, a)).FirstOrDefault(r => r is not null);
}

/// <summary>A connection was not made, because the grants do not allow it; the message is for the object's status.</summary>
internal sealed class HostNotGrantedException(string refusal) : IOException(refusal);
