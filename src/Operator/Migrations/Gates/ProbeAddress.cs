using System.Net;
using Modestano.Operator.Configuration;

namespace Modestano.Operator.Migrations.Gates;

/// <summary>
/// Which addresses a probe may reach. A spec names the endpoints, so without this a namespace could make the operator call whatever the
/// operator can reach: its node's metadata service, itself, the pods and services of others.
/// </summary>
public static class ProbeAddress
{
    /// <summary>Why the address must not be probed; null: it may.</summary>
    /// <param name="address">The address, as resolved.</param>
    /// <param name="policy">What is allowed to all.</param>
    /// <param name="grant">What is allowed to the records of this provider.</param>
    public static string? Refusal(IPAddress address, ProbePolicy policy, ProbeGrant grant)
    {
        ArgumentNullException.ThrowIfNull(address);
        ArgumentNullException.ThrowIfNull(policy);
        ArgumentNullException.ThrowIfNull(grant);
        var plain = SpecialAddresses.Plain(address);
        if (IPAddress.IsLoopback(plain))
        {
            return policy.AllowLoopback ? null : "it is a loopback address";
        }

        // Whatever a provider's ranges say: nobody serves users from there.
        if (SpecialAddresses.RangeOf(plain, SpecialAddresses.Guarded) is not null)
        {
            return "it is a link-local, metadata or multicast address, or none of a host";
        }

        return SpecialAddresses.RangeOf(plain, SpecialAddresses.Private) is { } range && !SpecialAddresses.AreOpenedBy(grant.Cidrs, plain, range)
            ? "it is an address of a private network, which probes.cidrs of the DNS provider in the operator's grants does not name"
            : null;
    }
}
