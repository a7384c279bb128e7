using System.Net;

namespace Modestano.Operator.Runtime;

/// <summary>
/// Where names lead, by the machine's resolver. Whoever checks an address has to connect to that address, and not to the name again: who answers
/// for the name may answer otherwise the second time (DNS rebinding).
/// </summary>
internal class NameResolution
{
    /// <summary>The machine's resolver.</summary>
    public static NameResolution OfTheMachine { get; } = new();

    /// <summary>The addresses of a name.</summary>
    /// <exception cref="System.Net.Sockets.SocketException">It has none, or nobody tells.</exception>
    public virtual IPAddress[] Find(string name) => System.Net.Dns.GetHostAddresses(name);

    /// <inheritdoc cref="Find"/>
    public virtual Task<IPAddress[]> FindAsync(string name, CancellationToken cancellationToken) => System.Net.Dns.GetHostAddressesAsync(name, cancellationToken);
}
