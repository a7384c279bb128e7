namespace Modestano.Operator.Configuration;

/// <summary>The grants file as YAML has it.</summary>
internal sealed class GrantsDocument
{
    public List<ProviderEntry>? Providers { get; set; }

    public List<PrometheusEntry>? Prometheus { get; set; }

    public List<HostEntry>? Hosts { get; set; }

    public List<string>? CredentialHostSuffixes { get; set; }

    public ProbesEntry? Probes { get; set; }

    public List<AdoptionEntry>? Adoptions { get; set; }

    public List<FreezeEntry>? Freezes { get; set; }

    public List<string>? PreviousInstanceIds { get; set; }
}

internal sealed class ProviderEntry
{
    public string? Name { get; set; }

    public List<string>? Namespaces { get; set; }

    public List<string>? Zones { get; set; }

    public List<string>? NameSuffixes { get; set; }

    public List<string>? RecordTypes { get; set; }

    public string? RoleArn { get; set; }

    public string? Endpoint { get; set; }

    public double? RequestsPerSecond { get; set; }

    public ProviderProbesEntry? Probes { get; set; }
}

internal sealed class PrometheusEntry
{
    public string? Name { get; set; }

    public List<string>? Namespaces { get; set; }

    public string? Url { get; set; }

    public string? BearerTokenFile { get; set; }

    public string? EnforcedLabel { get; set; }

    public Dictionary<string, string>? Queries { get; set; }

    public bool? AllSeries { get; set; }
}

internal sealed class HostEntry
{
    public List<string>? Namespaces { get; set; }

    public List<string>? Suffixes { get; set; }

    public List<string>? Cidrs { get; set; }

    public List<int>? Ports { get; set; }
}

internal sealed class ProviderProbesEntry
{
    public List<int>? Ports { get; set; }

    public List<string>? Cidrs { get; set; }
}

internal sealed class AdoptionEntry
{
    public List<string>? Namespaces { get; set; }

    public List<string>? PreviousOwners { get; set; }
}

internal sealed class FreezeEntry
{
    public string? Name { get; set; }

    public string? Schedule { get; set; }

    public string? Duration { get; set; }

    public string? TimeZone { get; set; }
}

internal sealed class ProbesEntry
{
    public bool? AllowLoopback { get; set; }
}
