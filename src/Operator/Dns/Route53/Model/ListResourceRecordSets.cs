namespace Modestano.Operator.Dns.Route53.Model;

/// <summary>Lists record sets from a place on, in order of reversed labels, type, identifier.</summary>
public sealed class ListResourceRecordSetsRequest : AmazonRoute53Request
{
    /// <summary>The zone, with or without <c>/hostedzone/</c>.</summary>
    public required string HostedZoneId { get; set; }

    /// <summary>Where to start; absent: at the beginning.</summary>
    public string? StartRecordName { get; set; }

    /// <summary>Only with a name.</summary>
    public RRType? StartRecordType { get; set; }

    /// <summary>Only with a type.</summary>
    public string? StartRecordIdentifier { get; set; }

    /// <summary>At most 300; absent: 100. A string, as the SDK has it.</summary>
    public string? MaxItems { get; set; }
}

/// <summary>One page.</summary>
public sealed class ListResourceRecordSetsResponse : Amazon.Runtime.AmazonWebServiceResponse
{
    public required List<ResourceRecordSet> ResourceRecordSets { get; set; }

    /// <summary>True: the Next fields name the first set that is not in this page.</summary>
    public bool IsTruncated { get; set; }

    public string? NextRecordName { get; set; }

    public RRType? NextRecordType { get; set; }

    public string? NextRecordIdentifier { get; set; }

    public string? MaxItems { get; set; }
}
