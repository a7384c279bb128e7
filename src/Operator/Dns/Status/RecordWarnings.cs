using Modestano.Crds.V1Alpha1;
using Modestano.Operator.Dns.Planning;
using Modestano.Operator.Dns.Planning.Rules;

namespace Modestano.Operator.Dns.Status;

/// <summary>What a person should know of a record that is as wanted. Pure.</summary>
internal static class RecordWarnings
{
    /// <summary>The warnings, as they follow a sentence; null: none.</summary>
    public static string? Of(WeightedDnsRecord record, PassView view)
    {
        var all = string.Concat(Delegated(view), Deleted(view.Group), Fence(record, view.Group), Unmanaged(record, view));
        return all.Length == 0 ? null : all;
    }

    private static string? Delegated(PassView view) => view.Delegated is { } delegated ? $"; but {delegated}" : null;

    private static string? Deleted(ObservedGroup group) =>
        group.Health.Where(h => h.Value == EndpointHealth.Deleted).Select(h => h.Key).Order(StringComparer.Ordinal).ToList() is { Count: > 0 } ids ? $". {GateRule.Deleted(ids)}" : null;

    private static string? Fence(WeightedDnsRecord record, ObservedGroup group) =>
        !record.Spec.Fence && FenceRule.MayServeAnyway(group) is { Count: > 0 } open
            ? $"; weight 0 is no fence for {string.Join(", ", open)}, because health checks are attached: when all others are unhealthy Route 53 answers with it (set spec.fence: true to remove the record instead)"
            : null;

    // A set that was left under a former name goes on serving, and nothing else says so.
    private static string? Unmanaged(WeightedDnsRecord record, PassView view)
    {
        var owners = OwnershipRule.Owners(view.Group);
        bool IsNobodys(string id) => !owners.ContainsKey(id) && record.Spec.Endpoints.All(e => e.SetIdentifier != id) && view.Override.Latch?.Weights?.ContainsKey(id) != true;
        var sets = view.Group.Sets.Where(s => s is { SetIdentifier: { } id, Weight: > 0 } && IsNobodys(id)).OrderBy(s => s.SetIdentifier, StringComparer.Ordinal).Select(s => $"{s.SetIdentifier} (weight {s.Weight})").ToList();
        return sets.Count == 0 ? null : $"; beside it {string.Join(", ", sets)} of the same name serves too and bears no mark of an owner: list it in spec.endpoints, or remove it in Route 53, if it should not";
    }
}
