namespace Modestano.Operator.Dns.Route53.Model;

/// <summary>Applies a batch, wholly or not at all.</summary>
public sealed class ChangeResourceRecordSetsRequest : AmazonRoute53Request
{
    /// <summary>The zone, with or without <c>/hostedzone/</c>.</summary>
    public required string HostedZoneId { get; set; }

    /// <summary>The changes.</summary>
    public required ChangeBatch ChangeBatch { get; set; }
}

/// <summary>The change that a batch became.</summary>
public sealed class ChangeResourceRecordSetsResponse : Amazon.Runtime.AmazonWebServiceResponse
{
    public required ChangeInfo ChangeInfo { get; set; }
}

/// <summary>Changes that are applied in this order, all or none.</summary>
public sealed class ChangeBatch
{
    /// <summary>At most 256 characters.</summary>
    public string? Comment { get; set; }

    /// <summary>At least one; at most 1,000 values and 32,000 characters of values, UPSERT counting twice.</summary>
    public required List<Change> Changes { get; set; }
}

/// <summary>One change.</summary>
public sealed class Change
{
    public required ChangeAction Action { get; set; }

    public required ResourceRecordSet ResourceRecordSet { get; set; }
}

/// <summary>How far a batch has got.</summary>
public sealed class ChangeInfo
{
    /// <summary>As the service wrote it: <c>/change/C…</c>.</summary>
    public required string Id { get; set; }

    public required ChangeStatus Status { get; set; }

    /// <summary>In UTC.</summary>
    public DateTime SubmittedAt { get; set; }

    public string? Comment { get; set; }
}
