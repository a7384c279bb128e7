using Modestano.Crds.V1Alpha1;
using Modestano.Operator.Dns.Observation;
using Modestano.Operator.Dns.Planning;
using Modestano.Operator.Dns.Sending;
using Modestano.Operator.Dns.Status;
using Modestano.Operator.Overrides;
using Modestano.Operator.Runtime;

namespace Modestano.Operator.Dns.Control;

/// <summary>Takes one step: leaves a trace in status, then asks the zone's batcher to send it as soon as it still may be.</summary>
internal sealed class RecordStep(
    ZoneBatcher batcher,
    OverrideReader overrides,
    IEntityClient<WeightedDnsRecord> client,
    IEntityQueue<WeightedDnsRecord> queue,
    RecordEvents events,
    DnsMetrics metrics,
    TimeProvider time)
{
    /// <summary>Asks for the batch of a step; its outcome makes a pass due.</summary>
    /// <exception cref="StatusConflictException">Somebody changed the object since this pass began: nothing was asked for.</exception>
    public async Task AskAsync(WeightedDnsRecord record, AccessFound found, PassView view, Step step, CancellationToken cancellationToken)
    {
        // Written first (M4): whatever happens from here on, the next pass knows that a batch may have been applied. The write also proves
        // that this pass saw the latest object.
        var before = record.Status ?? new WeightedDnsRecordStatus();
        var trace = before with
        {
            HostedZoneId = found.ZoneId,
            Change = ChangeRecord.AboutToBeSent(time.GetUtcNow(), step.AnswerTtl),
            Drift = view.Drift,
            Override = OverrideLatch.Acknowledge(view.Override, reached: false, inFlight: true),
        };
        var stored = await client.UpdateStatusAsync(record, With(record, trace), cancellationToken);
        var key = ObjectKey.Of(record);
        // The batch is sent outside of this pass; what is logged of its outcome still belongs to it.
        var pass = ExecutionContext.Capture()!;
        batcher.Ask(new StepPart
        {
            Key = key,
            Uid = record.Metadata.Uid,
            Account = found.Account!,
            ZoneId = found.ZoneId,
            Changes = step.Changes,
            Comment = $"{record.Metadata.NamespaceProperty}/{record.Metadata.Name}: {step.Summary}",
            MayStill = token => MayStillAsync(stored, view, step, token),
            Told = outcome =>
            {
                ExecutionContext.Run(pass, _ => events.StepTaken(record, step, outcome), null);
                metrics.Stepped(step.Kind, outcome.GetType().Name);
                queue.Enqueue(key);
            },
            Step = step,
            View = view,
            Trace = trace.Change,
        });
    }

    private async Task<Permission> MayStillAsync(WeightedDnsRecord planned, PassView view, Step step, CancellationToken cancellationToken)
    {
        var live = await client.GetAsync(ObjectKey.Of(planned), cancellationToken);
        if (live is null || live.Metadata.Uid != planned.Metadata.Uid || live.Metadata.Generation != planned.Metadata.Generation
            || (live.Metadata.DeletionTimestamp is not null && planned.Metadata.DeletionTimestamp is null))
        {
            return new Permission("the object was changed or deleted in between", null);
        }

        var decision = await overrides.ReadAsync(live, live.Status?.Override, cancellationToken);
        if (RecordHold.Of(live, decision) is { } held && step.Kind != StepKinds.Confirm)
        {
            return new Permission(held, null);
        }

        // Confirming writes what is there, so a migration that holds does not keep it back.
        if (!decision.StillAllows(view.Override) && !(step.Kind == StepKinds.Confirm && !decision.MustLatchFirst))
        {
            return new Permission("the migration asks for something else now", null);
        }

        return step.RaisesShare && decision.Latch?.Weights is not null
            ? new Permission(null, decision.PermittedUntil is { } until ? new DateTimeOffset(DateTime.SpecifyKind(until, DateTimeKind.Utc)) : DateTimeOffset.MinValue)
            : Permission.Given;
    }

    private static WeightedDnsRecord With(WeightedDnsRecord record, WeightedDnsRecordStatus status) => new() { Metadata = record.Metadata, Spec = record.Spec, Status = status };
}
