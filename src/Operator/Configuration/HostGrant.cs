using System.Globalization;
using System.Net;

namespace Modestano.Operator.Configuration;

/// <summary>MongoDB hosts that the objects of some namespaces may name, with a login or without one.</summary>
public sealed record HostGrant
{
    /// <summary>Who may name them.</summary>
    public required NamespaceList Namespaces { get; init; }

    /// <summary>A host's name is one of these, or ends in one of them behind a dot; <c>*</c>: any name.</summary>
    public IReadOnlyList<string> Suffixes { get; init; } = [];

    /// <summary>Addresses that a host may be written as. Loopback, link-local and metadata addresses are reached, by name too, only where a range here lies within theirs.</summary>
    public IReadOnlyList<IPNetwork> Cidrs { get; init; } = [];

    /// <summary>Their ports; null: any.</summary>
    public IReadOnlyList<int>? Ports { get; init; }

    /// <summary>Any name and address at any port: the default of an operator that is limited to namespaces.</summary>
    internal static HostGrant Any { get; } = new()
    {
        Namespaces = new NamespaceList(["*"]),
        Suffixes = ["*"],
        Cidrs = [IPNetwork.Parse("0.0.0.0/0"), IPNetwork.Parse("::/0")],
    };

    /// <summary>Whether a host may be connected to, as far as its name tells.</summary>
    internal bool Includes(string inNamespace, GrantedHost host) =>
        Namespaces.Includes(inNamespace)
        && (Ports is null || Ports.Contains(host.Port))
        && (host.Address is { } address ? Includes(address) : Suffixes.Any(suffix => DnsSuffix.Matches(host.Name, suffix)));

    /// <summary>Whether a host may be connected to at an address that its name led to.</summary>
    internal bool Includes(string inNamespace, GrantedHost host, IPAddress resolved)
    {
        if (!Includes(inNamespace, host))
        {
            return false;
        }

        var plain = SpecialAddresses.Plain(resolved);
        return SpecialAddresses.RangeOf(plain, SpecialAddresses.Guarded) is not { } guarded || SpecialAddresses.AreOpenedBy(Cidrs, plain, guarded);
    }

    private bool Includes(IPAddress address)
    {
        var plain = SpecialAddresses.Plain(address);
        return SpecialAddresses.AreOpenedBy(Cidrs, plain, SpecialAddresses.RangeOf(plain, SpecialAddresses.Guarded));
    }
}

/// <summary>A member's host as a configuration writes it.</summary>
/// <param name="Name">The name or address, without brackets.</param>
/// <param name="Port">The port.</param>
/// <param name="Address">The address, where it is written as one; null: a name.</param>
internal sealed record GrantedHost(string Name, int Port, IPAddress? Address)
{
    /// <summary>MongoDB's port where none is written.</summary>
    public const int DefaultPort = 27017;

    /// <summary>Reads <c>host:port</c>; null: it is neither a name nor an address.</summary>
    public static GrantedHost? Read(string text)
    {
        // IPv6 addresses with a port stand in brackets.
        var colon = text.LastIndexOf(':');
        var hasPort = colon > 0 && (text[colon - 1] == ']' || text.IndexOf(':', StringComparison.Ordinal) == colon);
        var name = (hasPort ? text[..colon] : text).Trim('[', ']');
        var port = DefaultPort;
        if (name.Length == 0 || name.Contains('%', StringComparison.Ordinal) || name.Contains('/', StringComparison.Ordinal)
            || (hasPort && !int.TryParse(text[(colon + 1)..], NumberStyles.None, CultureInfo.InvariantCulture, out port)))
        {
            return null;
        }

        return new GrantedHost(name, port, IPAddress.TryParse(name, out var address) ? address : null);
    }
}
