namespace Modestano.Operator.Dns.Route53.Model;

/// <summary>Reads one zone.</summary>
public sealed class GetHostedZoneRequest : AmazonRoute53Request
{
    /// <summary>With or without <c>/hostedzone/</c>.</summary>
    public required string Id { get; set; }
}

/// <summary>The zone.</summary>
public sealed class GetHostedZoneResponse : Amazon.Runtime.AmazonWebServiceResponse
{
    public required HostedZone HostedZone { get; set; }

    /// <summary>The name servers of a public zone; null for a private one.</summary>
    public DelegationSet? DelegationSet { get; set; }
}

/// <summary>Lists zones at or after a name: compare the names, and expect twins (public and private).</summary>
public sealed class ListHostedZonesByNameRequest : AmazonRoute53Request
{
    public string? DNSName { get; set; }

    public string? HostedZoneId { get; set; }

    public string? MaxItems { get; set; }
}

/// <summary>One page.</summary>
public sealed class ListHostedZonesByNameResponse : Amazon.Runtime.AmazonWebServiceResponse
{
    public required List<HostedZone> HostedZones { get; set; }

    public string? DNSName { get; set; }

    public string? HostedZoneId { get; set; }

    public bool IsTruncated { get; set; }

    public string? NextDNSName { get; set; }

    public string? NextHostedZoneId { get; set; }

    public string? MaxItems { get; set; }
}

/// <summary>A hosted zone.</summary>
public sealed class HostedZone
{
    /// <summary>As the service wrote it: <c>/hostedzone/Z…</c>.</summary>
    public required string Id { get; set; }

    /// <summary>With a trailing dot.</summary>
    public required string Name { get; set; }

    public string? CallerReference { get; set; }

    public HostedZoneConfig? Config { get; set; }

    public long? ResourceRecordSetCount { get; set; }
}

/// <summary>Comment and kind of a zone.</summary>
public sealed class HostedZoneConfig
{
    public string? Comment { get; set; }

    public bool PrivateZone { get; set; }
}

/// <summary>The name servers that serve a zone.</summary>
public sealed class DelegationSet
{
    public required List<string> NameServers { get; set; }
}
