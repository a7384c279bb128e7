using Modestano.Crds.V1Alpha1;
using Modestano.Operator.Dns.Control;
using Modestano.Operator.Dns.Observation;
using Modestano.Operator.Dns.Ownership;
using Modestano.Operator.Dns.Planning;
using Modestano.Operator.Dns.Planning.Rules;

namespace Modestano.Operator.Tests.Dns.Control;

/// <summary>What is remembered of a record, and what of it outlives the process.</summary>
public sealed class RecordMemoryTests
{
    private static readonly DateTimeOffset Start = new(2026, 11, 24, 3, 0, 0, TimeSpan.Zero);
    private static readonly IReadOnlyDictionary<string, int> Ours = new Dictionary<string, int> { ["a"] = 255, ["b"] = 0 };
    private static readonly IReadOnlyDictionary<string, int> Theirs = new Dictionary<string, int> { ["a"] = 9, ["b"] = 1 };

    [TestCase(9, true)]
    [TestCase(11, false)]
    public void Undone_twice_within_ten_minutes_is_contested(int minutes, bool contested)
    {
        var memory = new RecordMemory().Saw(new OwnSets("ours", Ours), "wish", false, Start);
        memory = memory.Saw(new OwnSets("theirs", Theirs), "wish", false, Start.AddMinutes(1)).Wrote(new OwnSets("ours", Ours));
        memory = memory.Saw(new OwnSets("theirs", Theirs), "wish", false, Start.AddMinutes(1 + minutes));

        Assert.That(memory.IsContested, Is.EqualTo(contested));
        Assert.That(memory.DriftedFrom, Is.EqualTo(Ours));
    }

    [Test]
    public void What_may_be_our_own_change_is_nobodys_doing()
    {
        var memory = new RecordMemory().Saw(new OwnSets("ours", Ours), "wish", false, Start).Saw(new OwnSets("theirs", Theirs), "wish", ownChangeOpen: true, Start);

        Assert.That((memory.Undone.Count, memory.DriftedFrom), Is.EqualTo((0, (IReadOnlyDictionary<string, int>?)null)));
    }

    [Test]
    public void Put_back_by_hand_nothing_is_left_to_decide()
    {
        var memory = new RecordMemory().Saw(new OwnSets("ours", Ours), "wish", false, Start).Saw(new OwnSets("theirs", Theirs), "wish", false, Start.AddMinutes(1));

        memory = memory.Saw(new OwnSets("ours", Ours), "wish", false, Start.AddMinutes(2)).Saw(new OwnSets("ours", Ours), "wish", false, Start.AddMinutes(3));

        Assert.That(memory.DriftedFrom, Is.Null);
    }

    [Test]
    public void A_new_wish_ends_the_fight_and_a_quiet_hour_forgets_a_single_blow()
    {
        var memory = new RecordMemory().Saw(new OwnSets("ours", Ours), "wish", false, Start).Saw(new OwnSets("theirs", Theirs), "wish", false, Start.AddMinutes(1)).Wrote(new OwnSets("ours", Ours));

        Assert.That(memory.Saw(new OwnSets("ours", Ours), "another", false, Start.AddMinutes(2)).ToStatus(), Is.Null);
        Assert.That(memory.Saw(new OwnSets("ours", Ours), "wish", false, Start.AddMinutes(2)).ToStatus()!.UndoneAt, Has.Count.EqualTo(1));
        Assert.That(memory.Saw(new OwnSets("ours", Ours), "wish", false, Start.AddHours(1)).ToStatus(), Is.Null);
    }

    [TestCase(false)]
    [TestCase(true)]
    public void A_new_process_recalls_what_the_former_one_knew(bool twice)
    {
        var memory = new RecordMemory().Saw(new OwnSets("ours", Ours), "wish", false, Start).Saw(new OwnSets("theirs", Theirs), "wish", false, Start.AddMinutes(1));
        memory = twice ? memory.Wrote(new OwnSets("ours", Ours)).Saw(new OwnSets("theirs", Theirs), "wish", false, Start.AddMinutes(2)) : memory;
        var status = new WeightedDnsRecordStatus
        {
            OwnFingerprint = "theirs",
            Endpoints = [new() { SetIdentifier = "a", ServedWeight = 9, WantedWeight = 255 }, new() { SetIdentifier = "b", ServedWeight = 1, WantedWeight = 0 }, new() { SetIdentifier = "of another", ServedWeight = 7 }, new() { SetIdentifier = "to come", WantedWeight = 1 }],
            Drift = memory.ToStatus(),
        };

        var recalled = RecordMemory.Recalled(new WeightedDnsRecord { Status = status });

        Assert.That((recalled.IsContested, recalled.Wish, recalled.Undone), Is.EqualTo((twice, memory.Wish, memory.Undone)));
        Assert.That(recalled.DriftedFrom, Is.EqualTo(Ours));
        Assert.That((recalled.Left!.Fingerprint, recalled.Left.Weights), Is.EqualTo(("theirs", Theirs)));
    }

    [Test]
    public void What_a_batch_of_unknown_outcome_left_is_not_recalled()
    {
        var status = new WeightedDnsRecordStatus { OwnFingerprint = "ours", Change = ChangeRecord.AboutToBeSent(Start, 60) };

        Assert.That(RecordMemory.Recalled(new WeightedDnsRecord { Status = status }).Left, Is.Null);
        Assert.That(RecordMemory.Recalled(new WeightedDnsRecord()).Left, Is.Null);
    }

    [Test]
    public void A_batch_that_was_refused_is_not_sent_again_for_some_minutes_and_any_other_is()
    {
        var refused = new Step(StepKinds.Shift, [new RecordChange(true, Planning.Group.Set("a", 1))], "", false, 60);
        var memory = new RecordMemory().WasRefused(refused, new Stalled(DnsReasons.RefusedByRoute53, "no"), Start);

        Assert.That(PastStepsRule.Apply(refused, memory.Past, Start.AddMinutes(4)), Is.InstanceOf<Stalled>().And.Property("Reason").EqualTo(DnsReasons.RefusedByRoute53));
        Assert.That(PastStepsRule.Apply(refused, memory.Past, Start.AddMinutes(6)), Is.SameAs(refused));
        var other = refused with { Changes = [new RecordChange(true, Planning.Group.Set("a", 2))] };
        Assert.That(PastStepsRule.Apply(other, memory.Past, Start), Is.SameAs(other));
    }

    [Test]
    public void What_others_do_to_their_sets_in_the_group_is_no_change_of_ours()
    {
        var wanted = Planning.Group.Wanted(("a", 255));
        var alone = Planning.Group.Served(("a", 255));
        var crowded = alone with
        {
            Sets = [.. alone.Sets, Planning.Group.Set("theirs", 200), Planning.Group.Set("of our neighbour", 3)],
            Marks = [.. alone.Marks, OwnershipMark.For(Planning.Group.Name, "A", "of our neighbour", Planning.Group.Owner with { Name = "neighbour" })],
        };
        var memory = new RecordMemory().Saw(OwnSets.Of(alone, wanted), "wish", false, Start);

        memory = memory.Saw(OwnSets.Of(crowded, wanted), "wish", false, Start.AddMinutes(1)).Saw(OwnSets.Of(alone, wanted), "wish", false, Start.AddMinutes(2));

        Assert.That((memory.Undone.Count, memory.DriftedFrom), Is.EqualTo((0, (IReadOnlyDictionary<string, int>?)null)));
    }

    [Test]
    public void What_is_read_and_is_not_what_was_sent_is_named_with_both()
    {
        var wanted = Planning.Group.Wanted(("a", 255), ("b", 0));
        var sent = Planning.Group.Served(("a", 255), ("b", 0));
        var read = sent with { Marks = [sent.Marks[0]], Sets = [sent.Sets[0], Planning.Group.Set("b", 7)] };

        var memory = new RecordMemory().Wrote(OwnSets.Of(sent, wanted)).Saw(OwnSets.Of(read, wanted), "", false, Start);

        var told = (Stalled)PastStepsRule.Apply(new Stalled(DnsReasons.NotOurs, "left alone"), memory.Past, Start);
        Assert.That(told.Reason, Is.EqualTo(DnsReasons.NotAsSent));
        Assert.That(told.Message, Does.Contain("what Route 53 serves after our change is not what was sent")
            .And.Contain("b: sent weight 0, 192.0.2.98 for 60 s, marked as ours; read weight 7, 192.0.2.98 for 60 s, without our mark").And.Not.Contain("a: sent"));
        var served = PastStepsRule.Apply(new Stalled(DnsReasons.NotOurs, "left alone"), memory.Saw(OwnSets.Of(sent, wanted), "", false, Start).Past, Start);
        Assert.That(served, Is.EqualTo(new Stalled(DnsReasons.NotOurs, "left alone")));
    }
}
