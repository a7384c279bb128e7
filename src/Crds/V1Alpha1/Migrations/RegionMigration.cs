using k8s;
using k8s.Models;
using Modestano.Crds.Schema;

namespace Modestano.Crds.V1Alpha1;

/// <summary>The whole cutover of a replica set and its traffic from one region to another as one object.</summary>
[KubernetesEntity(Group = ApiGroup.Name, ApiVersion = ApiGroup.Version, Kind = "RegionMigration", PluralName = "regionmigrations")]
[CustomResource("RegionMigration", "regionmigrations", "rmig")]
[PrinterColumn("Ready", "string", ".status.conditions[?(@.type==\"Ready\")].status")]
[PrinterColumn("Phase", "string", ".status.phase")]
[PrinterColumn("Step", "string", ".status.step.summary")]
[PrinterColumn("Traffic", "string", ".status.traffic")]
[PrinterColumn("Primary", "string", ".status.primaryRegion")]
[PrinterColumn("Held", "string", ".status.conditions[?(@.type==\"Held\")].status")]
[PrinterColumn("Waiting for", "string", ".status.waitingFor")]
[PrinterColumn("From", "string", ".spec.from", Priority = 1)]
[PrinterColumn("To", "string", ".spec.to", Priority = 1)]
[PrinterColumn("Age", "date", ".metadata.creationTimestamp")]
public sealed class RegionMigration : IKubernetesObject<V1ObjectMeta>, ISpec<RegionMigrationSpec>, IStatus<RegionMigrationStatus?>
{
    /// <inheritdoc/>
    public string ApiVersion { get; set; } = ApiGroup.GroupVersion;

    /// <inheritdoc/>
    public string Kind { get; set; } = "RegionMigration";

    /// <inheritdoc/>
    public V1ObjectMeta Metadata { get; set; } = new();

    /// <summary>What is wanted.</summary>
    public RegionMigrationSpec Spec { get; set; } = new();

    /// <summary>What was seen and done.</summary>
    public RegionMigrationStatus? Status { get; set; }
}
