using System.ComponentModel.DataAnnotations;
using Modestano.Crds.Schema;

namespace Modestano.Crds.V1Alpha1;

/// <summary>The wanted replica-set topology.</summary>
[CelRule("self.regions.exists(r, r.name == self.primaryRegion)", "primaryRegion must be the name of one of the regions")]
public sealed record MongoReplicaSetSpec
{
    /// <summary>The name of the replica set, as in <c>rs.conf()._id</c>.</summary>
    [Required, StringLength(127, MinimumLength = 1)]
    [CelRule("self == oldSelf", "replicaSetName cannot be changed: MongoDB cannot rename a replica set")]
    public string ReplicaSetName { get; init; } = "";

    /// <summary>How the operator connects to the members.</summary>
    [Required]
    public ConnectionSpec Connection { get; init; } = new();

    /// <summary>The region that the primary belongs to: the name of one of <see cref="Regions"/>.</summary>
    [Required, StringLength(63, MinimumLength = 1)]
    public string PrimaryRegion { get; init; } = "";

    /// <summary>The regions and their members.</summary>
    [Required, ListMap("name"), MinLength(1), MaxLength(10)]
    [CelTotal("size(item.members)", 50, "a replica set has at most 50 members")]
    [CelTotal("item.members.filter(m, has(m.votes) && m.votes == 1).size()", 7, "a replica set has at most 7 voting members: set votes: 1 on at most 7, or leave votes out and they are derived")]
    public IReadOnlyList<RegionSpec> Regions { get; init; } = [];

    /// <summary>Replica-set settings; only what is set is managed.</summary>
    public ReplicaSetSettings? Settings { get; init; }

    /// <summary>The cluster-wide default write concern, where a plan needs it to be explicit.</summary>
    public DefaultWriteConcern? DefaultWriteConcern { get; init; }

    /// <summary>How changes are made.</summary>
    [SchemaDefault("{}")]
    public ReconfigurationSpec Reconfiguration { get; init; } = new();

    /// <summary>Initiate: run replSetInitiate when every member is uninitialised and status knows no replicaSetId.</summary>
    [AllowedValues("Never", "Initiate"), SchemaDefault("\"Never\"")]
    public string Bootstrap { get; init; } = "Never";

    /// <summary>The one way to force a configuration, for a set without majority (invariant R6).</summary>
    public RecoverySpec? Recovery { get; init; }
}

/// <summary>How the operator connects to the members.</summary>
[CelRule("self.mechanism == 'MONGODB-X509' || has(self.credentialsSecretRef) || (has(self.tls) && self.tls.mode == 'Disabled')", "credentialsSecretRef is required for SCRAM over TLS; set mechanism: MONGODB-X509 to log in by certificate")]
public sealed record ConnectionSpec
{
    /// <summary>A Secret of type <c>mongo.modestano.io/credentials</c> with keys <c>username</c> and <c>password</c>. Absent: no login.</summary>
    public LocalObjectReference? CredentialsSecretRef { get; init; }

    /// <summary>How the operator logs in.</summary>
    [AllowedValues("SCRAM-SHA-256", "SCRAM-SHA-1", "MONGODB-X509"), SchemaDefault("\"SCRAM-SHA-256\"")]
    public string Mechanism { get; init; } = "SCRAM-SHA-256";

    /// <summary>Transport security.</summary>
    [SchemaDefault("{}")]
    public TlsSpec Tls { get; init; } = new();
}

/// <summary>Transport security.</summary>
public sealed record TlsSpec
{
    /// <summary>Required: TLS with a verified certificate; Disabled: plain text, only by saying so.</summary>
    [AllowedValues("Required", "Disabled"), SchemaDefault("\"Required\"")]
    public string Mode { get; init; } = "Required";

    /// <summary>The certificate authority in PEM; absent: the system's. Key defaults to <c>ca.crt</c>.</summary>
    public SecretKeyReference? CaSecretRef { get; init; }

    /// <summary>A Secret of type <c>kubernetes.io/tls</c> with the operator's client certificate.</summary>
    public LocalObjectReference? ClientCertificateSecretRef { get; init; }
}

/// <summary>A region and its members.</summary>
public sealed record RegionSpec
{
    /// <summary>The region's name, as <c>eu-west-2</c>; also the replica-set tag <c>region</c>, where a member has none.</summary>
    [Required, StringLength(63, MinimumLength = 1)]
    public string Name { get; init; } = "";

    /// <summary>The members in this region.</summary>
    [Required, ListMap("host"), MinLength(1), MaxLength(50)]
    public IReadOnlyList<MemberSpec> Members { get; init; } = [];
}
