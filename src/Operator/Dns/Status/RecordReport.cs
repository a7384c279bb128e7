using Modestano.Crds.V1Alpha1;
using Modestano.Operator.Dns.Decision;
using Modestano.Operator.Dns.Planning;
using Modestano.Operator.Dns.Weights;
using Modestano.Operator.Overrides;
using Modestano.Operator.Runtime;

namespace Modestano.Operator.Dns.Status;

/// <summary>Turns what a pass saw and decided into status. Pure.</summary>
internal static class RecordReport
{
    /// <summary>Status after a pass that saw the record.</summary>
    public static WeightedDnsRecordStatus Of(WeightedDnsRecord record, PassView view, DateTimeOffset now)
    {
        var (plan, group) = (view.Plan, view.Group);
        return (record.Status ?? new WeightedDnsRecordStatus()) with
        {
            ObservedGeneration = record.Metadata.Generation,
            HostedZoneId = view.ZoneId,
            Fingerprint = group.Fingerprint,
            OwnFingerprint = view.OwnFingerprint,
            Summary = new DnsSummary { Served = Words(plan.Served), Wanted = Words(plan.Wanted) },
            Endpoints = Endpoints(record, view.Override.Latch, plan, group),
            Change = view.Change,
            Checks = view.Checks,
            Drift = view.Drift,
            NextStepTime = plan.Decision is Wait { Until: { } until } ? Observation.ChangeRecord.WholeSeconds(until) : null,
            LastAction = view.LastAction ?? record.Status?.LastAction,
            Override = OverrideLatch.Acknowledge(view.Override, plan.Reached, plan.InFlight),
            Conditions = Conditions(record, view.Override, plan.Decision, InSync(view.Change), RecordWarnings.Of(record, view), now),
        };
    }

    /// <summary>Status after a pass that could not see the record: what was known stays, and an override is not acknowledged.</summary>
    public static WeightedDnsRecordStatus Blind(WeightedDnsRecord record, OverrideDecision decision, DnsDecision outcome, DateTimeOffset now)
    {
        var status = record.Status ?? new WeightedDnsRecordStatus();
        return status with
        {
            ObservedGeneration = record.Metadata.Generation,
            Override = OverrideLatch.Acknowledge(decision, reached: false, inFlight: true),
            Conditions = Conditions(record, decision, outcome, InSync(status.Change), null, now),
        };
    }

    private static List<EndpointStatus> Endpoints(WeightedDnsRecord record, LatchedOverride? latch, DnsPlan plan, ObservedGroup group)
    {
        var (served, wanted) = (plan.Served.Count > 0 ? Shares.Of(plan.Served) : new Dictionary<string, double>(), Shares.Of(plan.Wanted));
        return [.. plan.Served.Keys.Union(plan.Wanted.Keys).Order(StringComparer.Ordinal).Select(id => new EndpointStatus
        {
            SetIdentifier = id,
            Region = record.Spec.Endpoints.FirstOrDefault(e => e.SetIdentifier == id)?.Region ?? latch?.Endpoints?.FirstOrDefault(e => e.SetIdentifier == id)?.Region,
            ServedWeight = plan.Served.TryGetValue(id, out var weight) ? weight : null,
            WantedWeight = plan.Wanted.TryGetValue(id, out var goal) ? goal : null,
            ServedShare = served.TryGetValue(id, out var share) ? Shares.Percent(share) : null,
            WantedShare = wanted.TryGetValue(id, out var goalShare) ? Shares.Percent(goalShare) : null,
            Health = group.Health.TryGetValue(id, out var health) ? health.ToString() : null,
        })];
    }

    private static IReadOnlyList<Condition> Conditions(
        WeightedDnsRecord record, OverrideDecision decision, DnsDecision outcome, (bool? Status, string Reason, string Message) inSync, string? warnings, DateTimeOffset now)
    {
        var list = new ConditionList(record.Status?.Conditions, record.Metadata.Generation, now);
        var (ready, reason, message) = outcome switch
        {
            Settled => (true, DnsReasons.AsWanted, "Route 53 serves what is wanted" + warnings),
            Wait wait => (false, wait.Reason, wait.Message),
            Stalled stalled => (false, stalled.Reason, stalled.Message),
            _ => (false, DnsReasons.Shifting, "A change batch is under way"),
        };
        var idle = outcome is Wait { Reason: DnsReasons.Held or DnsReasons.Observing };
        list.Set(ConditionTypes.Ready, ready, reason, message);
        list.Set(ConditionTypes.Reconciling, !ready && !idle && outcome is not Stalled, reason, ready ? "Nothing is left to do" : message);
        list.Set(ConditionTypes.Stalled, outcome is Stalled, outcome is Stalled ? reason : DnsReasons.NotStalled, outcome is Stalled ? message : "Nothing needs a person");
        if (inSync.Status is { } known)
        {
            list.Set(ConditionTypes.InSync, known, inSync.Reason, inSync.Message);
        }
        else
        {
            list.SetUnknown(ConditionTypes.InSync, inSync.Reason, inSync.Message);
        }

        var held = RecordHold.Of(record, decision) ?? (decision.Untaken is not null && outcome is Wait { Reason: DnsReasons.Held } stopped ? stopped.Message : null);
        list.Set(ConditionTypes.Held, held is not null, held is null ? DnsReasons.NotHeld : DnsReasons.Held, held ?? "Nobody asked for a stop");
        list.Set(ConditionTypes.OverrideActive, decision.Latch is not null, decision.Latch is null ? DnsReasons.NoOverride : DnsReasons.Override,
            decision.Latch is { } latch ? $"The migration {latch.MigrationName} decides on the weights; edits of spec.endpoints weights wait until it has ended{Waiting(record, latch)}" : "The spec alone decides");
        if (decision.State == OverrideState.Orphaned)
        {
            list.Set(ConditionTypes.OverrideOrphaned, true, DnsReasons.MigrationGone,
                $"The migration {decision.Latch!.MigrationName} no longer exists, and the weights that it reached are kept: set the weights in spec.endpoints to what should be{Left(record, decision.Latch)}{Waiting(record, decision.Latch)}");
        }

        return list.Build();
    }

    private static (bool? Status, string Reason, string Message) InSync(DnsChangeStatus? change) => Observation.ChangeRecord.Read(change) switch
    {
        null => (true, "NoChange", "No change has been made"),
        { State: ChangeState.InSync } => (true, "InSync", "Every server of Route 53 answers with the latest change"),
        { State: ChangeState.Pending } => (false, DnsReasons.ChangePending, "Route 53 has not brought the latest change to all its servers yet"),
        _ => (null, "Unconfirmed", "The answer to the latest change was lost: it is written once more to be sure"),
    };

    /// <summary>Edits that are not in force yet.</summary>
    private static string? Waiting(WeightedDnsRecord record, LatchedOverride latch)
    {
        var served = (record.Status?.Endpoints ?? []).ToDictionary(e => e.SetIdentifier, e => e.ServedWeight ?? 0, StringComparer.Ordinal);
        return SteeredEndpoints.Waiting(record.Spec, latch, served) is { } waiting ? $". Edits that wait: {waiting}" : null;
    }

    // Of an endpoint that the spec no longer lists there is no weight to edit.
    private static string? Left(WeightedDnsRecord record, LatchedOverride latch)
    {
        var left = (latch.Weights ?? new Dictionary<string, int>()).Where(w => w.Value > 0 && record.Spec.Endpoints.All(e => e.SetIdentifier != w.Key)).Select(w => w.Key).Order(StringComparer.Ordinal).ToList();
        return left.Count == 0 ? null : $"; to keep them as they are list {string.Join(", ", left)} again, which may leave once the spec counts";
    }

    private static string Words(IReadOnlyDictionary<string, int> weights) => DnsPlanner.Words(weights);
}
