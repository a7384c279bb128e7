using k8s;
using k8s.Models;
using Modestano.Crds.Schema;

namespace Modestano.Crds.V1Alpha1;

/// <summary>The wanted topology of one MongoDB replica set whose members already run.</summary>
[KubernetesEntity(Group = ApiGroup.Name, ApiVersion = ApiGroup.Version, Kind = "MongoReplicaSet", PluralName = "mongoreplicasets")]
[CustomResource("MongoReplicaSet", "mongoreplicasets", "mrs")]
[PrinterColumn("Ready", "string", ".status.conditions[?(@.type==\"Ready\")].status")]
[PrinterColumn("Phase", "string", ".status.phase")]
[PrinterColumn("Primary", "string", ".status.primary")]
[PrinterColumn("Region", "string", ".status.primaryRegion")]
[PrinterColumn("Members", "string", ".status.summary.members")]
[PrinterColumn("Votes", "string", ".status.summary.votes")]
[PrinterColumn("Lag", "string", ".status.summary.worstLag")]
[PrinterColumn("Last action", "string", ".status.lastAction.brief", Priority = 1)]
[PrinterColumn("Message", "string", ".status.conditions[?(@.type==\"Ready\")].message", Priority = 1)]
[PrinterColumn("Age", "date", ".metadata.creationTimestamp")]
public sealed class MongoReplicaSet : IKubernetesObject<V1ObjectMeta>, ISpec<MongoReplicaSetSpec>, IStatus<MongoReplicaSetStatus?>
{
    /// <inheritdoc/>
    public string ApiVersion { get; set; } = ApiGroup.GroupVersion;

    /// <inheritdoc/>
    public string Kind { get; set; } = "MongoReplicaSet";

    /// <inheritdoc/>
    public V1ObjectMeta Metadata { get; set; } = new();

    /// <summary>What is wanted.</summary>
    public MongoReplicaSetSpec Spec { get; set; } = new();

    /// <summary>What was seen and done.</summary>
    public MongoReplicaSetStatus? Status { get; set; }
}
