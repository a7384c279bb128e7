using Modestano.Crds.V1Alpha1;
using Modestano.Operator.Dns.Control;
using Modestano.Operator.Dns.Decision;
using Modestano.Operator.Dns.Observation;
using Modestano.Operator.Dns.Ownership;
using Modestano.Operator.Dns.Planning;
using Modestano.Operator.Dns.Status;
using Modestano.Operator.Overrides;
using Modestano.Operator.Tests.Dns.Planning;

namespace Modestano.Operator.Tests.Migrations;

/// <summary>A record that follows a migration with the operator's own latch, planner and report, on a zone that does at once what it is told.</summary>
internal sealed class SteeredRecord(WeightedDnsRecord record)
{
    private ObservedGroup _group = new([], [], new Dictionary<string, EndpointHealth>(), null);
    private DnsChangeStatus? _change;

    /// <summary>A batch was carried out: weights before and after, what was wanted in the end, and whether it was to be one batch.</summary>
    public event Action<Batch>? Changed;

    /// <summary>What Route 53 serves.</summary>
    public IReadOnlyDictionary<string, int> Served => Group.Weights(_group);

    /// <summary>One pass of the operator.</summary>
    public void Pass(RegionMigration? migration, DateTimeOffset now)
    {
        var latched = record.Status?.Override;
        var claim = migration is null ? null : MigrationClaim.OnRecord(migration, record.Metadata.Name);
        var decision = OverrideLatch.Decide(latched, claim is null ? [] : [claim], latched is not null && migration?.Metadata.Uid == latched.MigrationUid, OverriddenSpec.Of(record));
        if (decision.MustLatchFirst)
        {
            record.Status = (record.Status ?? new()) with { Override = decision.Latch };
            return;
        }

        var plan = Plan(decision, now);
        if (plan.Decision is Step step)
        {
            var before = Served;
            _change = ChangeRecord.Sent("C1", true, now, step.AnswerTtl);
            _group = Group.Apply(_group, step.Changes) with { Change = ChangeRecord.Read(_change) };
            Changed?.Invoke(new Batch(before, Served, plan.Wanted, decision.Immediate, decision.Latch));
            plan = Plan(decision, now);
        }

        record.Status = RecordReport.Of(record, new PassView("Z1", Group.Name, _group, _change, null, plan, decision, null), now);
    }

    private DnsPlan Plan(OverrideDecision decision, DateTimeOffset now) => DnsPlanner.Next(new(
        _group,
        DesiredGroup.Of(record, decision.Latch, RecordObserver.Served(_group.Sets), new RecordClaim(Group.Owner, [], null, false)),
        RecordPolicy.Of(record, decision, null, _group),
        now));

    /// <param name="Before">Weights before it.</param>
    /// <param name="After">Weights after it.</param>
    /// <param name="Wanted">Weights at the end of the way.</param>
    /// <param name="Immediate">The way is to be one batch.</param>
    /// <param name="Latch">What steers; null: the spec.</param>
    public sealed record Batch(IReadOnlyDictionary<string, int> Before, IReadOnlyDictionary<string, int> After, IReadOnlyDictionary<string, int> Wanted, bool Immediate, LatchedOverride? Latch);
}
