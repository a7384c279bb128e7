using Modestano.Crds.V1Alpha1;
using Modestano.Operator.Dns.Planning;
using Modestano.Operator.Overrides;
using Modestano.Operator.Runtime;

namespace Modestano.Operator.Dns.Control;

/// <summary>Events of a record, on transitions only; steps are in the log, too.</summary>
internal sealed class RecordEvents(IEventRecorder recorder, ILogger<RecordEvents> logger)
{
    public void Latched(WeightedDnsRecord record, OverrideDecision decision)
    {
        if (decision.Latch is { } latch && latch.MigrationUid != record.Status?.Override?.MigrationUid)
        {
            recorder.Normal(record, DnsReasons.OverrideTaken, $"The migration {latch.MigrationName} decides on the weights from now on");
        }
        else if (decision.State == OverrideState.Orphaned && record.Status?.Override?.Orphaned != true)
        {
            recorder.Warning(record, DnsReasons.OverrideOrphaned, $"The migration {decision.Latch?.MigrationName} no longer exists: its weights are kept until spec.endpoints changes");
        }
        else if (decision.Latch is null && record.Status?.Override is { } before)
        {
            recorder.Normal(record, DnsReasons.OverrideEnded, $"The migration {before.MigrationName} no longer decides on the weights: the spec does");
        }
    }

    public void Drifted(WeightedDnsRecord record, IReadOnlyDictionary<string, int> from, IReadOnlyDictionary<string, int> to) =>
        recorder.Warning(record, DnsReasons.ChangedByOthers, $"Somebody changed the record sets: weights were {DnsPlanner.Words(from)} and are {DnsPlanner.Words(to)}");

    public void StepTaken(WeightedDnsRecord record, Step step, WriteOutcome outcome)
    {
        logger.LogInformation("{Key}: {Step} {Outcome}: {Summary}", ObjectKey.Of(record), step.Kind, outcome.GetType().Name, step.Summary);
        switch (outcome)
        {
            case WriteOutcome.Sent:
                recorder.Normal(record, step.Kind, step.Summary);
                break;
            case WriteOutcome.Refused refused:
                recorder.Warning(record, DnsReasons.RefusedByRoute53, $"Route 53 refused a batch and applied nothing of it: {refused.Failure.Message}");
                break;
            case WriteOutcome.Unknown unknown:
                recorder.Warning(record, DnsReasons.Unreachable, $"The answer to a batch was lost: {unknown.Failure.Message}");
                break;
        }
    }

    /// <summary>Tells of conditions that flipped or got another reason.</summary>
    public void Told(WeightedDnsRecord record, WeightedDnsRecordStatus status)
    {
        Condition? Before(string type) => record.Status?.Conditions?.FirstOrDefault(c => c.Type == type);
        foreach (var now in status.Conditions ?? [])
        {
            var before = Before(now.Type);
            switch (now)
            {
                case { Type: ConditionTypes.Stalled, Status: "True" } when before?.Status != "True" || before.Message != now.Message:
                    recorder.Warning(record, now.Reason, now.Message);
                    break;
                case { Type: ConditionTypes.Held, Status: "True" } when before?.Status != "True":
                    recorder.Normal(record, now.Reason, now.Message);
                    break;
                case { Type: ConditionTypes.Ready, Status: "True" } when before?.Status is "False" or "Unknown":
                    recorder.Normal(record, now.Reason, now.Message);
                    break;
                case { Type: ConditionTypes.Ready, Status: "False", Reason: DnsReasons.EndpointUnhealthy or DnsReasons.HealthUnknown or DnsReasons.NobodyWouldServe or DnsReasons.Throttled or DnsReasons.Unreachable } when before?.Reason != now.Reason:
                    recorder.Warning(record, now.Reason, now.Message);
                    break;
            }
        }
    }
}
