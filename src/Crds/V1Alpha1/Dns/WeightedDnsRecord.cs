using k8s;
using k8s.Models;
using Modestano.Crds.Schema;

namespace Modestano.Crds.V1Alpha1;

/// <summary>A group of weighted Route 53 record sets with one name and type.</summary>
[KubernetesEntity(Group = ApiGroup.Name, ApiVersion = ApiGroup.Version, Kind = "WeightedDnsRecord", PluralName = "weighteddnsrecords")]
[CustomResource("WeightedDnsRecord", "weighteddnsrecords", "wdr")]
[PrinterColumn("Ready", "string", ".status.conditions[?(@.type==\"Ready\")].status")]
[PrinterColumn("Record", "string", ".spec.name")]
[PrinterColumn("Type", "string", ".spec.type")]
[PrinterColumn("Served", "string", ".status.summary.served")]
[PrinterColumn("Wanted", "string", ".status.summary.wanted")]
[PrinterColumn("InSync", "string", ".status.conditions[?(@.type==\"InSync\")].status")]
[PrinterColumn("Last action", "string", ".status.lastAction.summary", Priority = 1)]
[PrinterColumn("Message", "string", ".status.conditions[?(@.type==\"Ready\")].message", Priority = 1)]
[PrinterColumn("Age", "date", ".metadata.creationTimestamp")]
public sealed class WeightedDnsRecord : IKubernetesObject<V1ObjectMeta>, ISpec<WeightedDnsRecordSpec>, IStatus<WeightedDnsRecordStatus?>
{
    /// <inheritdoc/>
    public string ApiVersion { get; set; } = ApiGroup.GroupVersion;

    /// <inheritdoc/>
    public string Kind { get; set; } = "WeightedDnsRecord";

    /// <inheritdoc/>
    public V1ObjectMeta Metadata { get; set; } = new();

    /// <summary>What is wanted.</summary>
    public WeightedDnsRecordSpec Spec { get; set; } = new();

    /// <summary>What was seen and done.</summary>
    public WeightedDnsRecordStatus? Status { get; set; }
}
