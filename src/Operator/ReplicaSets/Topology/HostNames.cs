using System.Diagnostics.CodeAnalysis;
using System.Net;
using System.Net.Sockets;

namespace Modestano.Operator.ReplicaSets.Topology;

/// <summary>
/// Whether two <c>host:port</c> mean the same address: without case, a trailing dot, or the ways to write an IPv6 address (RFC 4343, 1034, 5952).
/// MongoDB compares them as text, so the configuration's spelling is the one to use.
/// </summary>
public static class HostNames
{
    /// <summary>Compares by meaning.</summary>
    public static IEqualityComparer<string> Comparer { get; } = new ByMeaning();

    /// <summary>Whether both mean the same address.</summary>
    public static bool Same(string? one, string? other) => Comparer.Equals(one, other);

    /// <summary>The name or address of a <c>host:port</c>, without port and brackets.</summary>
    public static string NameOf(string host)
    {
        ArgumentNullException.ThrowIfNull(host);
        return Split(host).Name.Trim('[', ']');
    }

    /// <summary>The host as one of the others spells it; itself where none means the same.</summary>
    public static string SpelledAs(this string host, IEnumerable<string> others)
    {
        ArgumentNullException.ThrowIfNull(others);
        string? same = null;
        foreach (var other in others)
        {
            if (other == host)
            {
                return host;
            }

            same ??= Same(other, host) ? other : null;
        }

        return same ?? host;
    }

    private static string Normal(string host)
    {
        var (name, port) = Split(host);
        var bare = name.Trim('[', ']');
        return bare.Contains(':', StringComparison.Ordinal) && IPAddress.TryParse(bare, out var address) && address.AddressFamily == AddressFamily.InterNetworkV6
            ? $"[{address}]{port}"
            : name.TrimEnd('.').ToLowerInvariant() + port;
    }

    private static (string Name, string Port) Split(string host)
    {
        var colon = host.LastIndexOf(':');
        return colon < 0 || host.EndsWith(']') ? (host, "") : (host[..colon], host[colon..]);
    }

    private sealed class ByMeaning : IEqualityComparer<string>
    {
        public bool Equals(string? x, string? y) => x == y || (x is not null && y is not null && Normal(x) == Normal(y));

        public int GetHashCode([DisallowNull] string obj) => Normal(obj).GetHashCode(StringComparison.Ordinal);
    }
}
