using k8s.Models;
using Modestano.Crds.V1Alpha1;
using Modestano.Operator.Dns.Decision;
using Modestano.Operator.Dns.Planning;
using Modestano.Operator.Overrides;

namespace Modestano.Operator.Dns.Control;

/// <summary>How a record's weights may move now, by its spec, its annotations and the migration that steers it. Pure.</summary>
internal static class RecordPolicy
{
    /// <param name="record">The object.</param>
    /// <param name="decision">What a migration asks for.</param>
    /// <param name="driftedFrom">Our weights before somebody else changed them; null: nobody did.</param>
    /// <param name="group">What Route 53 holds.</param>
    public static ShiftPolicy Of(WeightedDnsRecord record, OverrideDecision decision, IReadOnlyDictionary<string, int>? driftedFrom, ObservedGroup group)
    {
        var steered = decision.Latch?.Weights is not null;
        var drifted = steered && driftedFrom is not null
            ? $"Somebody changed the weights during the migration; they were {DnsPlanner.Words(driftedFrom)}: put them back by hand, or let the migration ask anew"
            : null;
        return new ShiftPolicy
        {
            ObserveOnly = record.Spec.Mode == "Observe",
            Held = RecordHold.Of(record, decision) ?? drifted ?? RecordHold.MovesBack(record, decision, group),
            MayFinish = record.GetAnnotation(Annotations.Hold) is null,
            MaxStepPercent = record.Spec.Shift?.MaxStepPercent,
            Interval = record.Spec.Shift?.Interval.Value ?? TimeSpan.Zero,
            Immediate = decision.Immediate,
            Steered = steered,
            Migration = steered ? decision.Latch?.MigrationName : null,
            PermittedUntil = decision.PermittedUntil is { } until ? new DateTimeOffset(DateTime.SpecifyKind(until, DateTimeKind.Utc)) : null,
        };
    }
}
