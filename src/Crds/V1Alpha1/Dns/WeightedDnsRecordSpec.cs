using System.ComponentModel.DataAnnotations;
using Modestano.Crds.Schema;

namespace Modestano.Crds.V1Alpha1;

/// <summary>The wanted weights of one record name and type.</summary>
[CelRule("self.endpoints.exists(e, e.weight > 0)", "at least one endpoint needs a weight above 0: Route 53 treats all-zero weights as equal")]
[CelRule("self.type != 'CNAME' || self.endpoints.all(e, !has(e.values) || size(e.values) == 1)", "a CNAME endpoint has exactly one value")]
public sealed record WeightedDnsRecordSpec
{
    /// <summary>A grant in the operator's configuration: which account, zones and names may be used from this namespace.</summary>
    [Required]
    public LocalObjectReference ProviderRef { get; init; } = new();

    /// <summary>The hosted zone, by id or by name.</summary>
    [Required]
    [CelRule("self == oldSelf", "hostedZone cannot be changed: make a new object")]
    public HostedZoneReference HostedZone { get; init; } = new();

    /// <summary>The record's name; without a trailing dot.</summary>
    [Required, StringLength(253, MinimumLength = 1)]
    [RegularExpression(@"^(\*\.)?([A-Za-z0-9_]([A-Za-z0-9_-]{0,61}[A-Za-z0-9_])?\.)*[A-Za-z0-9_]([A-Za-z0-9_-]{0,61}[A-Za-z0-9_])?$")]
    [CelRule("self == oldSelf", "name cannot be changed: make a new object")]
    [CelRule("!self.startsWith('_modestano-')", "names that begin with _modestano- are the operator's ownership marks")]
    public string Name { get; init; } = "";

    /// <summary>The record type.</summary>
    [Required, AllowedValues("A", "AAAA", "CNAME", "TXT")]
    [CelRule("self == oldSelf", "type cannot be changed: make a new object")]
    public string Type { get; init; } = "A";

    /// <summary>Seconds that resolvers keep an answer; the same for the whole group. Alias endpoints use their target's.</summary>
    [Range(0, int.MaxValue), SchemaDefault("60")]
    public int Ttl { get; init; } = 60;

    /// <summary>The endpoints, one weighted record set each.</summary>
    [Required, ListMap("setIdentifier"), MinLength(1), MaxLength(100)]
    public IReadOnlyList<EndpointSpec> Endpoints { get; init; } = [];

    /// <summary>Observe: status only; Apply: do it.</summary>
    [AllowedValues("Observe", "Apply"), SchemaDefault("\"Apply\"")]
    public string Mode { get; init; } = "Apply";

    /// <summary>How weights move; absent: to the wanted weights at once.</summary>
    public ShiftSpec? Shift { get; init; }

    /// <summary>True: an endpoint with weight 0 has its record removed, because weight 0 alone is no fence where health checks are attached (D6).</summary>
    [SchemaDefault("false")]
    public bool Fence { get; init; }

    /// <summary>Whether records that nobody marked as ours are taken over.</summary>
    [SchemaDefault("{}")]
    public DnsAdoptionSpec Adoption { get; init; } = new();

    /// <summary>What happens to the records when this object is deleted.</summary>
    [AllowedValues("Retain", "Delete"), SchemaDefault("\"Retain\"")]
    public string DeletionPolicy { get; init; } = "Retain";
}

/// <summary>A hosted zone by id, or by name.</summary>
[CelRule("has(self.id) != has(self.name)", "set exactly one of id and name")]
public sealed record HostedZoneReference
{
    /// <summary>The zone's id, as <c>Z0123456789ABCDEFGHIJ</c> in Route 53; emulators make other ones, and its API takes any of at most 32 characters.</summary>
    [StringLength(32, MinimumLength = 1), RegularExpression(@"^[A-Za-z0-9][^/\s.]*$")]
    public string? Id { get; init; }

    /// <summary>The zone's name; refused where several zones have it.</summary>
    [StringLength(253, MinimumLength = 1)]
    public string? Name { get; init; }

    /// <summary>With a name: true for the private zone of that name. With an id: what the zone has to be.</summary>
    public bool? Private { get; init; }
}

/// <summary>One weighted record set.</summary>
[CelRule("has(self.values) != has(self.alias)", "set exactly one of values and alias")]
public sealed record EndpointSpec
{
    /// <summary>Tells this record set from the others of its name and type.</summary>
    [Required, StringLength(128, MinimumLength = 1)]
    public string SetIdentifier { get; init; } = "";

    /// <summary>The region that this endpoint serves from; migrations shift by it.</summary>
    [StringLength(63, MinimumLength = 1)]
    public string? Region { get; init; }

    /// <summary>0 to 255; the share is weight over the sum of the group's weights.</summary>
    [Required, Range(0, 255)]
    public int Weight { get; init; }

    /// <summary>The record's values, as Route 53 writes them.</summary>
    [MinLength(1), MaxLength(100)]
    public IReadOnlyList<string>? Values { get; init; }

    /// <summary>An alias target instead of values.</summary>
    public AliasTargetSpec? Alias { get; init; }

    /// <summary>A Route 53 health check.</summary>
    [StringLength(64, MinimumLength = 1)]
    public string? HealthCheckId { get; init; }
}

/// <summary>An alias target.</summary>
public sealed record AliasTargetSpec
{
    /// <summary>The target's DNS name.</summary>
    [Required, StringLength(253, MinimumLength = 1)]
    public string DnsName { get; init; } = "";

    /// <summary>The hosted zone that the target lives in (an AWS service's own for load balancers).</summary>
    [Required, StringLength(32, MinimumLength = 1)]
    public string HostedZoneId { get; init; } = "";

    /// <summary>Whether the target's health counts.</summary>
    [Required]
    public bool EvaluateTargetHealth { get; init; }
}

/// <summary>How weights move.</summary>
public sealed record ShiftSpec
{
    /// <summary>Per cent of the traffic that one step may move.</summary>
    [Range(1, 100), SchemaDefault("25")]
    public int MaxStepPercent { get; init; } = 25;

    /// <summary>Time between steps, after INSYNC and the TTL.</summary>
    [DurationRange("0s", "168h"), SchemaDefault("\"5m\"")]
    public Duration Interval { get; init; } = new(TimeSpan.FromMinutes(5));
}

/// <summary>Whether records that nobody marked as ours are taken over.</summary>
[CelRule("self.mode != 'Adopt' || (has(self.expectedFingerprint) && self.expectedFingerprint != '')", "mode: Adopt needs expectedFingerprint: what status.fingerprint showed when somebody looked at the records")]
public sealed record DnsAdoptionSpec
{
    /// <summary>Never: foreign records are reported and left alone; Adopt: taken over.</summary>
    [AllowedValues("Never", "Adopt"), SchemaDefault("\"Never\"")]
    public string Mode { get; init; } = "Never";

    /// <summary>Take over only while status.fingerprint is this; nothing is taken over without it.</summary>
    [StringLength(128)]
    public string? ExpectedFingerprint { get; init; }

    /// <summary>The owner that the marks name where they are another's: instance/namespace/name. It counts only where that object or the operator's grants allow it.</summary>
    [StringLength(512, MinimumLength = 1)]
    public string? PreviousOwner { get; init; }
}
