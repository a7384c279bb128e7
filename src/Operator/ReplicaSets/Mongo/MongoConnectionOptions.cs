namespace Modestano.Operator.ReplicaSets.Mongo;

/// <summary>What the operator's configuration says about connections to members.</summary>
public sealed record MongoConnectionOptions
{
    /// <summary>host:port of a SOCKS5 proxy through which members are reached (it also resolves their names); null: directly.</summary>
    public string? Socks5Proxy { get; init; }

    /// <summary>
    /// Suffixes of the hosts that credentials may be sent to, as <c>.example.internal</c>; empty: any host. A host matches when it equals
    /// the suffix without its leading dot, or ends with the suffix at a dot.
    /// </summary>
    public IReadOnlyList<string> AllowedHostSuffixes { get; init; } = [];

    /// <summary>How long a member may take for one answer.</summary>
    public TimeSpan ProbeTimeout { get; init; } = TimeSpan.FromSeconds(2.5);

    /// <summary>How long a client to a member stays open unused; the one to the primary is kept.</summary>
    public TimeSpan ClientIdleTime { get; init; } = TimeSpan.FromMinutes(2);

    /// <summary>Whether credentials may go to a host (<c>host:port</c>).</summary>
    public bool Allows(string host)
    {
        ArgumentNullException.ThrowIfNull(host);
        var colon = host.LastIndexOf(':');
        var name = colon < 0 ? host : host[..colon];
        return AllowedHostSuffixes.Count == 0 || AllowedHostSuffixes.Any(suffix => Matches(name, suffix));
    }

    private static bool Matches(string name, string suffix)
    {
        var bare = suffix.TrimStart('.');
        return name.Equals(bare, StringComparison.OrdinalIgnoreCase) || name.EndsWith("." + bare, StringComparison.OrdinalIgnoreCase);
    }
}
