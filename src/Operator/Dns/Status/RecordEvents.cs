using Modestano.Crds.V1Alpha1;
using Modestano.Operator.Dns.Decision;
using Modestano.Operator.Dns.Planning;
using Modestano.Operator.Dns.Sending;
using Modestano.Operator.Overrides;
using Modestano.Operator.Runtime;

namespace Modestano.Operator.Dns.Status;

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

    /// <summary>Somebody, or the service itself, made something else of our latest batch.</summary>
    public void NotAsSent(WeightedDnsRecord record, string differs) =>
        recorder.Warning(record, DnsReasons.NotAsSent, $"Seen that what Route 53 serves after our change is not what was sent: {differs}");

    /// <summary>The record is not answered from this zone.</summary>
    public void Delegated(WeightedDnsRecord record, string warning) => recorder.Warning(record, DnsReasons.Delegated, warning);

    public void StepTaken(WeightedDnsRecord record, Step step, WriteOutcome outcome)
    {
        logger.LogInformation("{Key}: {Step} {Outcome}: {Summary}", ObjectKey.Of(record), step.Kind, outcome.GetType().Name, step.Summary);
        switch (outcome)
        {
            case WriteOutcome.Sent:
                recorder.Normal(record, step.Kind, step.Summary);
                break;
            // What a refusal means is told with the conditions, once.
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
                case { Type: ConditionTypes.Ready, Status: "False", Reason: DnsReasons.EndpointUnhealthy or DnsReasons.HealthUnknown or DnsReasons.NobodyWouldServe or DnsReasons.HealthCheckDeleted or DnsReasons.Throttled or DnsReasons.Unreachable or DnsReasons.UnreadableAnswer } when before?.Reason != now.Reason:
                    recorder.Warning(record, now.Reason, now.Message);
                    break;
            }
        }
    }
}
