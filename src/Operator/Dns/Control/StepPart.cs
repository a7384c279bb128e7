using Modestano.Crds.V1Alpha1;
using Modestano.Operator.Dns.Observation;
using Modestano.Operator.Dns.Planning;
using Modestano.Operator.Dns.Sending;
using Modestano.Operator.Dns.Status;
using Modestano.Operator.Runtime;

namespace Modestano.Operator.Dns.Control;

/// <summary>A step of a record on its way through the zone's batcher.</summary>
internal sealed class StepPart : BatchPart
{
    /// <summary>The step.</summary>
    public required Step Step { get; init; }

    /// <summary>What the pass saw that planned it.</summary>
    public required PassView View { get; init; }

    /// <summary>The change as status has it since before the batch.</summary>
    public required DnsChangeStatus Trace { get; init; }

    /// <summary>What is known once the outcome is.</summary>
    public StepTaken Result(WriteOutcome outcome) => outcome switch
    {
        WriteOutcome.Sent sent => Known(ChangeRecord.Sent(sent.ChangeId, sent.InSync, EndedAt, Step.AnswerTtl), Applied(), "Succeeded", Step.Summary),
        WriteOutcome.Unknown => Known(Trace, View.Group, "Unknown", $"No answer came to the batch that was to {Step.Intent}"),
        WriteOutcome.Refused => Known(View.Change, View.Group, "Refused", $"Route 53 refused to {Step.Intent}"),
        _ => Known(View.Change, View.Group, null, ""),
    };

    /// <summary>What is next, now that the outcome is known.</summary>
    /// <param name="outcome">The outcome.</param>
    /// <param name="planned">What the planner makes of the group after it.</param>
    /// <param name="record">The record.</param>
    public DnsDecision Next(WriteOutcome outcome, DnsDecision planned, WeightedDnsRecord record) => outcome switch
    {
        WriteOutcome.NotSent notSent => new Wait(DnsReasons.NotPermitted, $"A batch was planned and may no longer be sent: {notSent.Why}", null),
        WriteOutcome.Refused { Failure: var failure } => FailureWords.Of(failure, record, Account.ExternalId),
        WriteOutcome.Unknown => new Wait(DnsReasons.Unreachable, "The answer to a change batch was lost: the record sets are read again, then written once more to be sure", null),
        _ when planned is Step => new Wait(DnsReasons.Shifting, Step.Summary, null),
        _ => planned,
    };

    /// <summary>The group as the applied batch leaves it.</summary>
    private ObservedGroup Applied()
    {
        var (sets, marks) = (View.Group.Sets.ToList(), View.Group.Marks.ToList());
        foreach (var change in Changes)
        {
            var list = change.Set.Name == View.RecordName ? sets : marks;
            list.RemoveAll(set => set.SetIdentifier == change.Set.SetIdentifier);
            if (change.IsCreate)
            {
                list.Add(change.Set);
            }
        }

        return View.Group with { Sets = sets, Marks = marks };
    }

    private StepTaken Known(DnsChangeStatus? change, ObservedGroup group, string? outcome, string summary) => new(
        change,
        group with { Change = ChangeRecord.Read(change) },
        outcome is null ? null : new LastAction
        {
            Kind = "ChangeBatch",
            Summary = OneLine.Of(summary, 1024),
            Time = ChangeRecord.WholeSeconds(EndedAt),
            Outcome = outcome,
        });
}

/// <summary>What became of a step.</summary>
/// <param name="Change">The latest change for status.</param>
/// <param name="Group">The record sets as they are now, as far as it is known.</param>
/// <param name="Action">For status; null: nothing was sent.</param>
internal sealed record StepTaken(DnsChangeStatus? Change, ObservedGroup Group, LastAction? Action);
