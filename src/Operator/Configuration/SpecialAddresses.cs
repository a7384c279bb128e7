using System.Net;
using System.Net.Sockets;

namespace Modestano.Operator.Configuration;

/// <summary>
/// Addresses that no name and no wide range leads to: only a range of the grants that lies within them does. What an IPv6 address carries of an
/// IPv4 one (mapped, NAT64 of RFC 6052, 6to4 of RFC 3056) counts as that one.
/// </summary>
internal static class SpecialAddresses
{
    /// <summary>The machine itself, its neighbours on the link, everybody at once, and the metadata services of clouds that are not link-local.</summary>
    public static IReadOnlyList<IPNetwork> Guarded { get; } =
    [
        IPNetwork.Parse("0.0.0.0/8"),
        IPNetwork.Parse("127.0.0.0/8"),
        IPNetwork.Parse("169.254.0.0/16"),
        IPNetwork.Parse("224.0.0.0/4"),
        IPNetwork.Parse("240.0.0.0/4"),
        IPNetwork.Parse("168.63.129.16/32"), // Azure
        IPNetwork.Parse("100.100.100.200/32"), // Alibaba Cloud
        IPNetwork.Parse("192.0.0.192/32"), // Oracle Cloud
        IPNetwork.Parse("::/128"),
        IPNetwork.Parse("::1/128"),
        IPNetwork.Parse("fe80::/10"),
        IPNetwork.Parse("fec0::/10"),
        IPNetwork.Parse("ff00::/8"),
        IPNetwork.Parse("fd00:ec2::/32"), // AWS: metadata, DNS and time
        IPNetwork.Parse("fd20:ce::254/128"), // Google Cloud
        IPNetwork.Parse("2001::/32"), // Teredo: what is inside is not in the open
        IPNetwork.Parse("64:ff9b:1::/48"), // NAT64 of a prefix length that nobody can know
    ];

    /// <summary>Networks of one's own: a cluster's pods and services are among them.</summary>
    public static IReadOnlyList<IPNetwork> Private { get; } =
    [
        IPNetwork.Parse("10.0.0.0/8"),
        IPNetwork.Parse("172.16.0.0/12"),
        IPNetwork.Parse("192.168.0.0/16"),
        IPNetwork.Parse("100.64.0.0/10"),
        IPNetwork.Parse("198.18.0.0/15"),
        IPNetwork.Parse("fc00::/7"),
    ];

    private static readonly IPNetwork _nat64 = IPNetwork.Parse("64:ff9b::/96");
    private static readonly IPNetwork _sixToFour = IPNetwork.Parse("2002::/16");
    private static readonly IPNetwork _compatible = IPNetwork.Parse("::/96");

    /// <summary>The address that is meant: an IPv4 one where the IPv6 one carries it.</summary>
    public static IPAddress Plain(IPAddress address)
    {
        if (address.AddressFamily != AddressFamily.InterNetworkV6)
        {
            return address;
        }

        var bytes = address.GetAddressBytes();
        var unscoped = new IPAddress(bytes);
        return unscoped.IsIPv4MappedToIPv6 || _nat64.Contains(unscoped) ? new IPAddress(bytes.AsSpan(12, 4))
            : _sixToFour.Contains(unscoped) ? new IPAddress(bytes.AsSpan(2, 4))
            : _compatible.Contains(unscoped) && !unscoped.Equals(IPAddress.IPv6Loopback) && !unscoped.Equals(IPAddress.IPv6Any) ? new IPAddress(bytes.AsSpan(12, 4))
            : unscoped;
    }

    /// <summary>The range of a list that holds an address; null: none does.</summary>
    public static IPNetwork? RangeOf(IPAddress plain, IReadOnlyList<IPNetwork> ranges)
    {
        foreach (var range in ranges)
        {
            if (range.Contains(plain))
            {
                return range;
            }
        }

        return null;
    }

    /// <summary>Whether a granted range opens an address: of a guarded range, only one that lies within it does.</summary>
    /// <param name="granted">The ranges of a grant.</param>
    /// <param name="plain">The address.</param>
    /// <param name="guarded">The range to be named expressly; null: the address is in none.</param>
    public static bool AreOpenedBy(IReadOnlyList<IPNetwork> granted, IPAddress plain, IPNetwork? guarded) => granted.Any(g =>
        g.Contains(plain) && (guarded is not { } range || (range.Contains(g.BaseAddress) && g.PrefixLength >= range.PrefixLength)));
}
