using System.ComponentModel.DataAnnotations;
using Modestano.Crds.Schema;

namespace Modestano.Crds.V1Alpha1;

/// <summary>A move of primary and traffic from one region to another.</summary>
[CelRule("self.from != self.to", "from and to must be different regions")]
[CelRule("has(self.dnsRecordRefs) == has(oldSelf.dnsRecordRefs)", "dnsRecordRefs cannot be added or removed: make a new migration")]
public sealed record RegionMigrationSpec
{
    /// <summary>The replica set whose primary moves.</summary>
    [Required]
    [CelRule("self == oldSelf", "replicaSetRef cannot be changed: make a new migration")]
    public LocalObjectReference ReplicaSetRef { get; init; } = new();

    /// <summary>The region that the primary and the traffic leave.</summary>
    [Required, StringLength(63, MinimumLength = 1)]
    [CelRule("self == oldSelf", "from cannot be changed: make a new migration")]
    public string From { get; init; } = "";

    /// <summary>The region that they go to.</summary>
    [Required, StringLength(63, MinimumLength = 1)]
    [CelRule("self == oldSelf", "to cannot be changed: make a new migration")]
    public string To { get; init; } = "";

    /// <summary>The records whose weights shift, all in step.</summary>
    [ListMap("name"), MaxLength(100)]
    [CelRule("self == oldSelf", "dnsRecordRefs cannot be changed: make a new migration")]
    public IReadOnlyList<MigratedDnsRecord>? DnsRecordRefs { get; init; }

    /// <summary>Proceed, Hold (stay where it is) or RollBack.</summary>
    [AllowedValues("Proceed", "Hold", "RollBack"), SchemaDefault("\"Proceed\"")]
    public string Intent { get; init; } = "Proceed";

    /// <summary>When the primary moves.</summary>
    [SchemaDefault("{}")]
    public PrimaryMoveSpec Primary { get; init; } = new();

    /// <summary>How traffic moves: ascending to 100.</summary>
    [Required, MinLength(1), MaxLength(20)]
    [CelRule("self[size(self) - 1].percent == 100", "the last traffic step must have percent: 100")]
    [CelAscending("percent", "trafficSteps must be ascending")]
    public IReadOnlyList<TrafficStep> TrafficSteps { get; init; } = [];

    /// <summary>
    /// When a step, the primary's move and each part of the decommissioning may begin; absent: at any time. What has begun goes on; a roll-back never
    /// waits for a window.
    /// </summary>
    [MaxLength(20)]
    public IReadOnlyList<MigrationWindow>? Windows { get; init; }

    /// <summary>What must hold before each step.</summary>
    [SchemaDefault("{}")]
    public GatesSpec Gates { get; init; } = new();

    /// <summary>What a failing gate does; missing data always only holds.</summary>
    [AllowedValues("Hold", "RollBack"), SchemaDefault("\"Hold\"")]
    public string OnGateFailure { get; init; } = "Hold";

    /// <summary>What deleting a running migration does.</summary>
    [AllowedValues("Hold", "RollBack"), SchemaDefault("\"Hold\"")]
    public string OnDelete { get; init; } = "Hold";

    /// <summary>Whether the old region's members leave the set.</summary>
    [SchemaDefault("{}")]
    public DecommissionSpec Decommission { get; init; } = new();
}

/// <summary>A record that a migration steers.</summary>
public sealed record MigratedDnsRecord
{
    /// <summary>The WeightedDnsRecord's name.</summary>
    [Required, StringLength(253, MinimumLength = 1)]
    public string Name { get; init; } = "";

    /// <summary>How the new region's share is split where it has several endpoints: parts by set identifier; absent: equal.</summary>
    [MaxLength(100)]
    [CelRule("self.all(id, self[id] >= 0) && (size(self) == 0 || self.exists(id, self[id] > 0))", "the parts of targetWeights are 0 or more, and one of them is above 0")]
    public IReadOnlyDictionary<string, int>? TargetWeights { get; init; }
}

/// <summary>When the primary moves.</summary>
public sealed record PrimaryMoveSpec
{
    /// <summary>The traffic share, per cent, at which the primary moves; 0: before any traffic.</summary>
    [Range(0, 100), SchemaDefault("50")]
    public int MoveAtPercent { get; init; } = 50;
}

/// <summary>One step of the traffic.</summary>
public sealed record TrafficStep
{
    /// <summary>Share of the traffic of from and to together that goes to the new region.</summary>
    [Required, Range(0, 100)]
    public int Percent { get; init; }

    /// <summary>How long the step is held after all records are in sync; absent: until a person promotes it.</summary>
    [DurationRange("0s", "720h")]
    public Duration? Hold { get; init; }
}

/// <summary>What must hold before each step.</summary>
[CelRule("!has(self.probes) || !has(self.prometheus) || self.probes.all(p, !self.prometheus.exists(q, q.name == p.name))", "a probe and a query need different names")]
public sealed record GatesSpec
{
    /// <summary>No data-bearing voter may be further behind than this.</summary>
    [DurationRange("1s", "1h"), SchemaDefault("\"5s\"")]
    public Duration MaxReplicationLag { get; init; } = Duration.FromSeconds(5);

    /// <summary>HTTP probes of the new region's endpoints.</summary>
    [ListMap("name"), MaxLength(20)]
    public IReadOnlyList<ProbeGate>? Probes { get; init; }

    /// <summary>Prometheus queries.</summary>
    [ListMap("name"), MaxLength(20)]
    public IReadOnlyList<PrometheusGate>? Prometheus { get; init; }
}

/// <summary>An HTTP probe of the values of a record's endpoints in the new region.</summary>
public sealed record ProbeGate
{
    /// <summary>The gate's name.</summary>
    [Required, StringLength(63, MinimumLength = 1)]
    public string Name { get; init; } = "";

    /// <summary>The WeightedDnsRecord whose endpoints are probed; one of dnsRecordRefs.</summary>
    [Required, StringLength(253, MinimumLength = 1)]
    public string EndpointRef { get; init; } = "";

    /// <summary>The path, starting with one slash.</summary>
    [Required, StringLength(1024, MinimumLength = 1), RegularExpression("^/([^/].*)?$")]
    public string Path { get; init; } = "/";

    /// <summary>http or https; absent: https.</summary>
    [AllowedValues("http", "https")]
    public string? Scheme { get; init; }

    /// <summary>The port; absent: the scheme's.</summary>
    [Range(1, 65535)]
    public int? Port { get; init; }
}

/// <summary>A Prometheus instant query with bounds.</summary>
[CelRule("has(self.min) || has(self.max)", "set min, max or both")]
[CelRule("!has(self.min) || !has(self.max) || double(self.min) <= double(self.max)", "min must not be above max: no value could pass")]
public sealed record PrometheusGate
{
    /// <summary>The gate's name.</summary>
    [Required, StringLength(63, MinimumLength = 1)]
    public string Name { get; init; } = "";

    /// <summary>A grant in the operator's configuration: which server.</summary>
    [Required, StringLength(63, MinimumLength = 1)]
    public string PrometheusRef { get; init; } = "";

    /// <summary>A query that yields one number; or the name of one, where the grant has named queries.</summary>
    [Required, StringLength(4096, MinimumLength = 1)]
    public string Query { get; init; } = "";

    /// <summary>The least allowed value, a decimal number as a string.</summary>
    [StringLength(40), RegularExpression(@"^-?[0-9]+(\.[0-9]+)?$")]
    public string? Min { get; init; }

    /// <summary>The largest allowed value, a decimal number as a string.</summary>
    [StringLength(40), RegularExpression(@"^-?[0-9]+(\.[0-9]+)?$")]
    public string? Max { get; init; }

    /// <summary>How many evaluations in a row must fail before the gate fails; absent: 1.</summary>
    [Range(1, 100)]
    public int? FailureThreshold { get; init; }
}

/// <summary>Whether the old region's members leave the set (M5).</summary>
public sealed record DecommissionSpec
{
    /// <summary>Never: they stay; Remove: they leave after the delay.</summary>
    [AllowedValues("Never", "Remove"), SchemaDefault("\"Never\"")]
    public string Mode { get; init; } = "Never";

    /// <summary>How long after the last traffic step.</summary>
    [DurationRange("0s", "8760h"), SchemaDefault("\"24h\"")]
    public Duration After { get; init; } = new(TimeSpan.FromHours(24));

    /// <summary>A person attests that the clients' seed lists hold the new hosts.</summary>
    [SchemaDefault("false")]
    public bool ClientsConfirmed { get; init; }
}
