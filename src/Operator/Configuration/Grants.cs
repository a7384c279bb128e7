using System.Net;

namespace Modestano.Operator.Configuration;

/// <summary>What namespaces may use beyond the cluster: decided by whoever installs the operator, never by a manifest.</summary>
/// <param name="Providers">DNS providers by name.</param>
/// <param name="Prometheus">Prometheus servers by name.</param>
/// <param name="Hosts">MongoDB hosts that objects may name.</param>
/// <param name="Probes">What endpoint probes may reach.</param>
public sealed record Grants(
    IReadOnlyList<ProviderGrant> Providers,
    IReadOnlyList<PrometheusGrant> Prometheus,
    IReadOnlyList<HostGrant> Hosts,
    ProbePolicy Probes)
{
    /// <summary>Nothing is granted to anybody: the default in cluster-wide mode.</summary>
    public static Grants None { get; } = new([], [], [], new ProbePolicy(false));

    /// <summary>The default where the operator is limited to namespaces: those who write there installed it, so they may name any host.</summary>
    public static Grants Namespaced { get; } = None with { Hosts = [HostGrant.Any] };

    /// <summary>Former owners whom namespaces may follow.</summary>
    public IReadOnlyList<AdoptionGrant> Adoptions { get; init; } = [];

    /// <summary>Times in which no migration begins to move something.</summary>
    internal IReadOnlyList<Freeze> Freezes { get; init; } = [];

    /// <summary>Names that this installation had in marks and external ids before; they stay valid.</summary>
    public IReadOnlyList<string> PreviousInstanceIds { get; init; } = [];

    /// <summary>What the grants file says in a way that will end, one sentence each.</summary>
    public IReadOnlyList<string> Warnings { get; init; } = [];

    /// <summary>The DNS provider that a namespace may use under a name.</summary>
    public Granted<ProviderGrant> FindProvider(string name, string inNamespace) =>
        Find(Providers.FirstOrDefault(p => p.Name == name && p.Namespaces.Includes(inNamespace)), "DNS provider", "providers", name, inNamespace);

    /// <summary>The Prometheus server that a namespace may use under a name.</summary>
    public Granted<PrometheusGrant> FindPrometheus(string name, string inNamespace) =>
        Find(Prometheus.FirstOrDefault(p => p.Name == name && p.Namespaces.Includes(inNamespace)), "Prometheus server", "prometheus", name, inNamespace);

    /// <summary>Whether the objects of a namespace may take over what a former owner marked.</summary>
    public bool MayFollow(string inNamespace, string previousOwner) => Adoptions.Any(grant => grant.Includes(inNamespace, previousOwner));

    /// <summary>Why a MongoDB host may not be connected to; null: as far as its name tells, it may.</summary>
    /// <param name="inNamespace">The namespace of the object that names it.</param>
    /// <param name="host">host:port.</param>
    public string? RefusalForHost(string inNamespace, string host)
    {
        ArgumentNullException.ThrowIfNull(host);
        return GrantedHost.Read(host) is { } read && Hosts.Any(grant => grant.Includes(inNamespace, read)) ? null : HostRefusal(inNamespace, host);
    }

    /// <summary>Why a MongoDB host may not be connected to at the address that its name led to; null: it may.</summary>
    /// <param name="inNamespace">The namespace of the object that names it.</param>
    /// <param name="host">host:port.</param>
    /// <param name="resolved">The address. It is not told: a name inside is not for everybody to resolve.</param>
    public string? RefusalForAddress(string inNamespace, string host, IPAddress resolved)
    {
        ArgumentNullException.ThrowIfNull(host);
        if (GrantedHost.Read(host) is not { } read || !Hosts.Any(grant => grant.Includes(inNamespace, read)))
        {
            return HostRefusal(inNamespace, host);
        }

        return Hosts.Any(grant => grant.Includes(inNamespace, read, resolved))
            ? null
            : $"'{host}' leads to a loopback, link-local or metadata address, which is reached only where an entry in 'hosts' of the operator's grants names it in cidrs";
    }

    private static string HostRefusal(string inNamespace, string host) =>
        $"MongoDB host '{host}' is not granted to namespace '{inNamespace}': an entry in 'hosts' of the operator's grants has to name both, and the port "
        + "(`kubectl modestano grants` prints what the objects of today need)";

    // Whether the name exists for another namespace is nobody's business: both cases read the same.
    private static Granted<T> Find<T>(T? grant, string what, string list, string name, string inNamespace)
        where T : class =>
        grant is null
            ? new Granted<T>(
                null, $"{what} '{name}' is not granted to namespace '{inNamespace}': an entry in '{list}' of the operator's grants has to name both")
            : new Granted<T>(grant, null);
}

/// <summary>A grant, or why there is none (reason <c>NotGranted</c>).</summary>
/// <param name="Grant">The grant; null: refused.</param>
/// <param name="Refusal">What to tell the user; null: granted.</param>
public sealed record Granted<T>(T? Grant, string? Refusal)
    where T : class;

/// <summary>The namespaces of a grant.</summary>
/// <param name="Names">Their names, or <c>*</c> for all.</param>
public sealed record NamespaceList(IReadOnlyList<string> Names)
{
    /// <summary>Whether a namespace is among them.</summary>
    public bool Includes(string name) => Names.Contains("*") || Names.Contains(name);
}

/// <summary>A Route 53 account and what may be changed in it.</summary>
public sealed record ProviderGrant
{
    /// <summary>The name in <c>providerRef</c>.</summary>
    public required string Name { get; init; }

    /// <summary>Who may use it.</summary>
    public required NamespaceList Namespaces { get; init; }

    /// <summary>Hosted-zone ids, without <c>/hostedzone/</c>.</summary>
    public required IReadOnlyList<string> Zones { get; init; }

    /// <summary>A record's name is one of these, or ends in one of them behind a dot.</summary>
    public required IReadOnlyList<string> NameSuffixes { get; init; }

    /// <summary>Record types; the TXT ownership record is always part of it.</summary>
    public required IReadOnlyList<string> RecordTypes { get; init; }

    /// <summary>The role that is assumed; null: the operator's own credentials.</summary>
    public string? RoleArn { get; init; }

    /// <summary>The service's endpoint where it is not AWS's own; null: by the SDK's rules (<c>AWS_ENDPOINT_URL_ROUTE_53</c>).</summary>
    public Uri? Endpoint { get; init; }

    /// <summary>What probes of its records may reach.</summary>
    public ProbeGrant Probes { get; init; } = new([80, 443], []);

    /// <summary>Requests a second to the account, of the five that Route 53 allows.</summary>
    public double RequestsPerSecond { get; init; } = 4;

    /// <summary>Why a record may not be touched; null: it may.</summary>
    /// <param name="zoneId">Hosted-zone id, with or without <c>/hostedzone/</c>.</param>
    /// <param name="recordName">The record's name, with or without the dot at the end.</param>
    /// <param name="recordType">A, AAAA, CNAME or TXT.</param>
    public string? RefusalFor(string zoneId, string recordName, string recordType)
    {
        var zone = zoneId[(zoneId.LastIndexOf('/') + 1)..];
        if (!Zones.Contains(zone))
        {
            return $"DNS provider '{Name}' does not grant hosted zone {zone}";
        }

        return RefusalForName(recordName, recordType);
    }

    /// <summary>Why a record of this name and type may not be touched in any zone; null: in some it may.</summary>
    /// <param name="recordName">The record's name, with or without the dot at the end.</param>
    /// <param name="recordType">A, AAAA, CNAME or TXT.</param>
    public string? RefusalForName(string recordName, string recordType)
    {
        if (!NameSuffixes.Any(suffix => DnsSuffix.Matches(recordName, suffix)))
        {
            return $"DNS provider '{Name}' does not grant the name '{recordName}'; it grants {string.Join(", ", NameSuffixes)} and names below";
        }

        return RecordTypes.Contains(recordType, StringComparer.OrdinalIgnoreCase)
            ? null
            : $"DNS provider '{Name}' does not grant records of type {recordType}; it grants {string.Join(", ", RecordTypes)}";
    }
}

/// <summary>Matching of host names by suffix, label by label.</summary>
public static class DnsSuffix
{
    /// <summary>Whether a name is the suffix itself or below it; <c>*</c> matches all. A dot at either end of either does not matter.</summary>
    public static bool Matches(string name, string suffix)
    {
        if (suffix == "*")
        {
            return true;
        }

        var full = name.TrimEnd('.');
        var end = suffix.Trim('.');
        return full.Equals(end, StringComparison.OrdinalIgnoreCase)
            || (full.Length > end.Length && full[^(end.Length + 1)] == '.' && full.EndsWith(end, StringComparison.OrdinalIgnoreCase));
    }
}
