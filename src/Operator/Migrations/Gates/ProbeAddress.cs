using System.Net;
using Modestano.Operator.Configuration;

namespace Modestano.Operator.Migrations.Gates;

/// <summary>
/// Which addresses a probe may reach. A spec names the endpoints, so without this a namespace could make the operator call whatever the
/// operator can reach: its node's metadata service, itself.
/// </summary>
public static class ProbeAddress
{
    /// <summary>Why the address must not be probed; null: it may.</summary>
    public static string? Refusal(IPAddress address, ProbePolicy policy)
    {
        ArgumentNullException.ThrowIfNull(address);
        ArgumentNullException.ThrowIfNull(policy);
        var plain = address.IsIPv4MappedToIPv6 ? address.MapToIPv4() : address;
        if (IPAddress.IsLoopback(plain))
        {
            return policy.AllowLoopback ? null : "it is a loopback address";
        }

        var bytes = plain.GetAddressBytes();
        if (plain.IsIPv6LinkLocal || plain.IsIPv6Multicast || (bytes.Length == 4 && ((bytes[0] == 169 && bytes[1] == 254) || bytes[0] >= 224)))
        {
            return "it is a link-local or multicast address";
        }

        return plain.Equals(IPAddress.Any) || plain.Equals(IPAddress.IPv6Any) || bytes[0] == 0 && bytes.Length == 4 ? "it is no host's address" : null;
    }
}
