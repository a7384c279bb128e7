using Modestano.Crds.V1Alpha1;
using Modestano.Operator.Dns.Observation;
using Modestano.Operator.Dns.Planning;
using Modestano.Operator.Dns.Records;
using Modestano.Operator.Overrides;
using Modestano.Operator.Runtime;

namespace Modestano.Operator.Dns.Control;

/// <summary>Takes one step: leaves a trace in status, makes sure that it may still happen, sends the batch, and tells what became of it.</summary>
internal sealed class RecordStep(
    ZoneBatcher writer,
    OverrideReader overrides,
    IEntityClient<WeightedDnsRecord> client,
    RecordEvents events,
    DnsMetrics metrics,
    TimeProvider time)
{
    /// <summary>Sends the batch of a step.</summary>
    /// <exception cref="StatusConflictException">Somebody changed the object since this pass began: nothing was sent.</exception>
    public async Task<StepTaken> TakeAsync(WeightedDnsRecord record, AccessFound found, PassView view, Step step, CancellationToken cancellationToken)
    {
        // Written first (M4): whatever happens from here on, the next pass knows that a batch may have been applied. The write also proves
        // that this pass saw the latest object.
        var before = record.Status ?? new WeightedDnsRecordStatus();
        var trace = before with
        {
            HostedZoneId = found.ZoneId,
            Change = ChangeRecord.AboutToBeSent(time.GetUtcNow()),
            Override = OverrideLatch.Acknowledge(view.Override, reached: false, inFlight: true),
        };
        var stored = await client.UpdateStatusAsync(record, With(record, trace), cancellationToken);

        var comment = $"{record.Metadata.NamespaceProperty}/{record.Metadata.Name}: {step.Summary}";
        var outcome = await writer.WriteAsync(found.Account!, found.ZoneId, step.Changes, comment, token => MayStillAsync(stored, view, step, token), cancellationToken);
        var now = time.GetUtcNow();
        events.StepTaken(record, step, outcome);
        metrics.Stepped(step.Kind, outcome.GetType().Name);
        return outcome switch
        {
            WriteOutcome.Sent sent => Taken(stored, outcome, ChangeRecord.Sent(sent.ChangeId, sent.InSync, now), Apply(view.Group, step.Changes, RecordNames.Normalize(record.Spec.Name)), Action(step, "Succeeded", now)),
            WriteOutcome.Unknown => Taken(stored, outcome, trace.Change, view.Group, Action(step, "Unknown", now)),
            WriteOutcome.Refused => Taken(stored, outcome, view.Change, view.Group, Action(step, "Refused", now)),
            _ => Taken(stored, outcome, view.Change, view.Group, null),
        };
    }

    private async Task<Permission> MayStillAsync(WeightedDnsRecord planned, PassView view, Step step, CancellationToken cancellationToken)
    {
        var live = await client.GetAsync(ObjectKey.Of(planned), cancellationToken);
        if (live is null || live.Metadata.Uid != planned.Metadata.Uid || live.Metadata.Generation != planned.Metadata.Generation || live.Metadata.DeletionTimestamp is not null)
        {
            return new Permission("the object was changed or deleted in between", null);
        }

        var decision = await overrides.ReadAsync(live, live.Status?.Override, cancellationToken);
        if (RecordReport.Held(live, decision) is { } held && step.Kind != StepKinds.Confirm)
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

    /// <summary>The group as an applied batch leaves it.</summary>
    private static ObservedGroup Apply(ObservedGroup group, IReadOnlyList<RecordChange> changes, string recordName)
    {
        var (sets, marks) = (group.Sets.ToList(), group.Marks.ToList());
        foreach (var change in changes)
        {
            var list = change.Set.Name == recordName ? sets : marks;
            list.RemoveAll(set => set.SetIdentifier == change.Set.SetIdentifier);
            if (change.IsCreate)
            {
                list.Add(change.Set);
            }
        }

        return group with { Sets = sets, Marks = marks };
    }

    private static StepTaken Taken(WeightedDnsRecord stored, WriteOutcome outcome, DnsChangeStatus? change, ObservedGroup group, LastAction? action) =>
        new(stored, outcome, change, group with { Change = ChangeRecord.Read(change) }, action);

    private static LastAction Action(Step step, string outcome, DateTimeOffset now) =>
        new() { Kind = "ChangeBatch", Summary = step.Summary.Length <= 1024 ? step.Summary : step.Summary[..1024], Time = ChangeRecord.WholeSeconds(now), Outcome = outcome };

    private static WeightedDnsRecord With(WeightedDnsRecord record, WeightedDnsRecordStatus status) => new() { Metadata = record.Metadata, Spec = record.Spec, Status = status };
}

/// <summary>What became of a step.</summary>
/// <param name="Stored">The object as stored with the trace of the step.</param>
/// <param name="Outcome">What became of the batch.</param>
/// <param name="Change">The latest change for status.</param>
/// <param name="Group">The record sets as they are now, as far as it is known.</param>
/// <param name="Action">For status; null: nothing was sent.</param>
internal sealed record StepTaken(WeightedDnsRecord Stored, WriteOutcome Outcome, DnsChangeStatus? Change, ObservedGroup Group, LastAction? Action);
