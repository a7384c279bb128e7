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
        var all = string.Concat(Delegated(view), Deleted(view.Group), Fence(record, view.Group));
        return all.Length == 0 ? null : all;
    }

    private static string? Delegated(PassView view) => view.Delegated is { } delegated ? $"; but {delegated}" : null;

    private static string? Deleted(ObservedGroup group) =>
        group.Health.Where(h => h.Value == EndpointHealth.Deleted).Select(h => h.Key).Order(StringComparer.Ordinal).ToList() is { Count: > 0 } ids ? $". {GateRule.Deleted(ids)}" : null;

    private static string? Fence(WeightedDnsRecord record, ObservedGroup group) =>
        !record.Spec.Fence && FenceRule.MayServeAnyway(group) is { Count: > 0 } open
            ? $"; weight 0 is no fence for {string.Join(", ", open)}, because health checks are attached: when all others are unhealthy Route 53 answers with it (set spec.fence: true to remove the record instead)"
            : null;
}
