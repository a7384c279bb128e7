using k8s.Models;
using Modestano.Crds.V1Alpha1;
using Modestano.Operator.Overrides;
using Modestano.Operator.ReplicaSets.Observation;
using Modestano.Operator.ReplicaSets.Topology;

namespace Modestano.Operator.ReplicaSets.Control;

/// <summary>Who holds a set: a person by an annotation, or a migration. Pure.</summary>
internal static class HoldReason
{
    /// <summary>In one sentence; null: nobody does.</summary>
    public static string? Of(MongoReplicaSet entity, OverrideDecision overriding, ObservedReplicaSet? observed)
    {
        if (entity.GetAnnotation(Annotations.Hold) is { } why)
        {
            return $"held by the annotation {Annotations.Hold}: {why}";
        }

        if (overriding.Untaken is { } untaken && entity.Spec.PrimaryRegion != untaken.To
            && entity.Spec.Regions.Any(r => r.Name == untaken.To && r.Members.Any(m => HostNames.Same(m.Host, observed?.Primary))))
        {
            // Restored without a status, neither of the two knows any more that the spec's region is the old one.
            return $"RegionMigration {untaken.MigrationName} has not taken up this set, and the spec would move the primary out of {untaken.To}: nothing is done until it has, or is deleted";
        }

        return !overriding.Hold ? null : overriding.State == OverrideState.Silent
            ? $"RegionMigration {overriding.Latch?.MigrationName} lives but asks for less than it did: nothing is done until it asks anew"
            : $"RegionMigration {overriding.Latch?.MigrationName} holds";
    }
}
