using System.ComponentModel.DataAnnotations;
using Modestano.Crds.Schema;

namespace Modestano.Crds.V1Alpha1;

/// <summary>What was seen of the records, and what is done about them.</summary>
public sealed record WeightedDnsRecordStatus
{
    /// <summary>The generation of the spec that this status evaluated.</summary>
    public long? ObservedGeneration { get; init; }

    /// <summary>The id of the hosted zone in use.</summary>
    public string? HostedZoneId { get; init; }

    /// <summary>Identifies the records as read: what a person copies into adoption.expectedFingerprint.</summary>
    public string? Fingerprint { get; init; }

    /// <summary>Identifies the records of this object alone as they were last left or seen: what others have in the same group does not count.</summary>
    public string? OwnFingerprint { get; init; }

    /// <summary>Ready-made words for the columns of kubectl.</summary>
    public DnsSummary? Summary { get; init; }

    /// <summary>Served and wanted weights.</summary>
    [ListMap("setIdentifier"), MaxLength(200)]
    public IReadOnlyList<EndpointStatus>? Endpoints { get; init; }

    /// <summary>The latest change batch.</summary>
    public DnsChangeStatus? Change { get; init; }

    /// <summary>What a person wants to know before anything is changed; in mode Observe only.</summary>
    [MaxLength(20)]
    public IReadOnlyList<CheckStatus>? Checks { get; init; }

    /// <summary>What others did to the records; absent: nothing that matters now.</summary>
    public DnsDriftStatus? Drift { get; init; }

    /// <summary>When the next step is due.</summary>
    public DateTime? NextStepTime { get; init; }

    /// <summary>The latest effect.</summary>
    public LastAction? LastAction { get; init; }

    /// <summary>What a migration steers here.</summary>
    public LatchedOverride? Override { get; init; }

    /// <summary>The conditions.</summary>
    [ListMap("type"), MaxLength(30)]
    public IReadOnlyList<Condition>? Conditions { get; init; }
}

/// <summary>Words for the columns of kubectl.</summary>
public sealed record DnsSummary
{
    /// <summary>Served weights, as <c>eu-west-1:255 eu-west-2:0</c>.</summary>
    public string? Served { get; init; }

    /// <summary>Wanted weights in the same form.</summary>
    public string? Wanted { get; init; }
}

/// <summary>One weighted record set as seen.</summary>
public sealed record EndpointStatus
{
    /// <summary>The set identifier.</summary>
    [Required]
    public string SetIdentifier { get; init; } = "";

    /// <summary>The region from the spec.</summary>
    public string? Region { get; init; }

    /// <summary>The weight that Route 53 holds; absent: there is no such record.</summary>
    public int? ServedWeight { get; init; }

    /// <summary>The weight at the end.</summary>
    public int? WantedWeight { get; init; }

    /// <summary>Share of the group's weights that is served, per cent with one decimal as a string.</summary>
    public string? ServedShare { get; init; }

    /// <summary>Share at the end.</summary>
    public string? WantedShare { get; init; }

    /// <summary>Health check: Healthy, Unhealthy, Unknown, Deleted; absent: none attached.</summary>
    public string? Health { get; init; }
}

/// <summary>The latest change batch.</summary>
public sealed record DnsChangeStatus
{
    /// <summary>The change's id, without <c>/change/</c>.</summary>
    [Required]
    public string Id { get; init; } = "";

    /// <summary>PENDING, INSYNC, or UNCONFIRMED where the answer to it is not known (yet).</summary>
    [Required]
    public string State { get; init; } = "";

    /// <summary>When Route 53 took it.</summary>
    [Required]
    public DateTime SubmittedAt { get; init; }

    /// <summary>When it was seen to be INSYNC.</summary>
    public DateTime? InSyncAt { get; init; }

    /// <summary>Seconds from then on for which resolvers may still hold an answer from before it.</summary>
    public long? AnswerTtl { get; init; }
}

/// <summary>What others did to the records against what is wanted.</summary>
public sealed record DnsDriftStatus
{
    /// <summary>What was wanted then, as UID, generation, migration and revision: a new wish ends the drift.</summary>
    [Required]
    public string Wish { get; init; } = "";

    /// <summary>When changes of this operator were undone; twice within ten minutes, and it stops.</summary>
    [MaxLength(10)]
    public IReadOnlyList<DateTime>? UndoneAt { get; init; }

    /// <summary>Weights before somebody changed them, while nobody has put them back.</summary>
    public IReadOnlyDictionary<string, int>? Before { get; init; }
}
