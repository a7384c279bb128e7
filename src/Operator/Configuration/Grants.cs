namespace Modestano.Operator.Configuration;

/// <summary>What namespaces may use beyond the cluster: decided by whoever installs the operator, never by a manifest.</summary>
/// <param name="Providers">DNS providers by name.</param>
/// <param name="Prometheus">Prometheus servers by name.</param>
/// <param name="CredentialHostSuffixes">A credential is sent only to hosts with one of these suffixes; null: to any host.</param>
/// <param name="Probes">What endpoint probes may reach.</param>
public sealed record Grants(
    IReadOnlyList<ProviderGrant> Providers,
    IReadOnlyList<PrometheusGrant> Prometheus,
    IReadOnlyList<string>? CredentialHostSuffixes,
    ProbePolicy Probes)
{
    /// <summary>Nothing is granted to anybody: the default in cluster-wide mode.</summary>
    public static Grants None { get; } = new([], [], [], new ProbePolicy(false));

    /// <summary>The default where the operator is limited to namespaces: those who write there installed it, so credentials may go to any host.</summary>
    public static Grants Namespaced { get; } = None with { CredentialHostSuffixes = null };

    /// <summary>The DNS provider that a namespace may use under a name.</summary>
    public Granted<ProviderGrant> FindProvider(string name, string inNamespace) =>
        Find(Providers.FirstOrDefault(p => p.Name == name && p.Namespaces.Includes(inNamespace)), "DNS provider", "providers", name, inNamespace);

    /// <summary>The Prometheus server that a namespace may use under a name.</summary>
    public Granted<PrometheusGrant> FindPrometheus(string name, string inNamespace) =>
        Find(Prometheus.FirstOrDefault(p => p.Name == name && p.Namespaces.Includes(inNamespace)), "Prometheus server", "prometheus", name, inNamespace);

    /// <summary>Why a credential may not be sent to a host; null: it may.</summary>
    /// <param name="host">A host name or address, without port.</param>
    public string? RefusalForCredentialHost(string host)
    {
        if (CredentialHostSuffixes is null || CredentialHostSuffixes.Any(suffix => DnsSuffix.Matches(host, suffix)))
        {
            return null;
        }

        return CredentialHostSuffixes.Count == 0
            ? $"the operator's grants name no hosts that credentials may be sent to; add the suffix of '{host}' to credentialHostSuffixes"
            : $"credentials may not be sent to '{host}': it ends in none of {string.Join(", ", CredentialHostSuffixes)} "
                + "(credentialHostSuffixes of the operator's grants)";
    }

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

        if (!NameSuffixes.Any(suffix => DnsSuffix.Matches(recordName, suffix)))
        {
            return $"DNS provider '{Name}' does not grant the name '{recordName}'; it grants {string.Join(", ", NameSuffixes)} and names below";
        }

        return RecordTypes.Contains(recordType, StringComparer.OrdinalIgnoreCase)
            ? null
            : $"DNS provider '{Name}' does not grant records of type {recordType}; it grants {string.Join(", ", RecordTypes)}";
    }
}

/// <summary>A Prometheus server that gates may query.</summary>
public sealed record PrometheusGrant
{
    /// <summary>The name in <c>prometheusRef</c>.</summary>
    public required string Name { get; init; }

    /// <summary>Who may use it.</summary>
    public required NamespaceList Namespaces { get; init; }

    /// <summary>The server's base URL, ending in a slash.</summary>
    public required Uri Url { get; init; }

    /// <summary>File with a bearer token, read again for each query; null: none is sent.</summary>
    public string? BearerTokenFile { get; init; }
}

/// <summary>What endpoint probes may reach. Link-local addresses are always refused.</summary>
/// <param name="AllowLoopback">Whether 127.0.0.0/8 and ::1 may be probed: for development.</param>
public sealed record ProbePolicy(bool AllowLoopback);

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
