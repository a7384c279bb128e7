using Modestano.Operator.Dns.Decision;
using Modestano.Operator.Dns.Ownership;
using Modestano.Operator.Dns.Planning;
using Modestano.Operator.Dns.Planning.Rules;
using static Modestano.Operator.Tests.Dns.Planning.Group;

namespace Modestano.Operator.Tests.Dns.Planning;

/// <summary>One table a rule.</summary>
public sealed class PlannerTests
{
    private static readonly ShiftPolicy AtOnce = new();
    private static readonly ShiftPolicy Quarter = new() { MaxStepPercent = 25, Interval = TimeSpan.FromMinutes(5) };

    private static IEnumerable<TestCaseData> Steps()
    {
        yield return Case("a group that is not there is created at its weights", Served(), Wanted(("a", 255), ("b", 0)), Quarter, "a:255 b:0");
        yield return Case("without shift the weights go at once", Served(("a", 255), ("b", 0)), Wanted(("a", 0), ("b", 255)), AtOnce, "a:0 b:255");
        yield return Case("D2: a step moves no more than its part", Served(("a", 255), ("b", 0)), Wanted(("a", 0), ("b", 255)), Quarter, "a:191 b:64");
        yield return Case("D2: roll-back takes one batch", Served(("a", 64), ("b", 191)), Wanted(("a", 255), ("b", 0)), Quarter with { Immediate = true }, "a:255 b:0");
        yield return Case("D2: roll-back does not wait for a pending change", Served(("a", 64), ("b", 191)) with { Change = new(ChangeState.Pending, Now, null) }, Wanted(("a", 255), ("b", 0)), Quarter with { Immediate = true }, "a:255 b:0");
        yield return Case("D5: roll-back goes to the healthy ones, and one that is unhealthy keeps its share", Sick(EndpointHealth.Unhealthy, ("a", 12), ("b", 13), ("c", 230)), Wanted(("a", 128), ("b", 127), ("c", 0)), Quarter with { Immediate = true }, "a:242 b:13 c:0");
        yield return Case("D5: nor does one without traffic get any", Sick(EndpointHealth.Unhealthy, ("a", 0), ("b", 0), ("c", 255)), Wanted(("a", 128), ("b", 127), ("c", 0)), Quarter with { Immediate = true }, "a:255 b:0 c:0");
        yield return Case("D5: nor one whose check was deleted", Sick(EndpointHealth.Deleted, ("a", 0), ("b", 0), ("c", 255)), Wanted(("a", 128), ("b", 127), ("c", 0)), Quarter with { Immediate = true }, "a:255 b:0 c:0");
        yield return Case("equal shares in other numbers move nothing and take one step", Served(("a", 1), ("b", 1)), Wanted(("a", 128), ("b", 128)), Quarter, "a:128 b:128");
        yield return Case("an endpoint that left the spec loses its weight first", Served(("a", 128), ("b", 127)), Wanted(("a", 255)), Quarter, "a:192 b:63");
        yield return Case("and goes once it has none", Served(("a", 255), ("b", 0)), Wanted(("a", 255)), Quarter, "a:255");
        yield return Case("a new endpoint comes at weight 0 while the interval runs", Served(("a", 255)) with { Change = InSync(TimeSpan.FromMinutes(2)) }, Wanted(("a", 128), ("b", 127)), Quarter, "a:255 b:0");
        yield return Case("all-zero weights, which serve equally, are left in steps too", Served(("a", 0), ("b", 0)), Wanted(("a", 0), ("b", 255)), Quarter, "a:64 b:191");
        yield return Case("D6: a fenced endpoint is removed at weight 0", Served(("a", 64), ("b", 191)), Wanted(("a", 0), ("b", 255)) with { Fence = true }, AtOnce, "b:255");
        yield return Case("D6: a fenced endpoint comes back with its first weight", Served(("a", 255)), Wanted(("a", 0), ("b", 255)) with { Fence = true }, Quarter, "a:191 b:64");
        yield return Case("D3: others in the group count and stay", Foreign(("a", 0), ("b", 100), "b"), Wanted(("a", 100)), Quarter, "a:33 b:100");

        static ObservedGroup Sick(EndpointHealth health, params (string Id, int Weight)[] served) => Served(served) with { Health = new Dictionary<string, EndpointHealth> { ["b"] = health } };
        static TestCaseData Case(string what, ObservedGroup observed, DesiredGroup desired, ShiftPolicy policy, string after) => new TestCaseData(observed, desired, policy, after).SetArgDisplayNames(what);
    }

    [TestCaseSource(nameof(Steps))]
    public void The_next_batch_leaves_these_weights(ObservedGroup observed, DesiredGroup desired, ShiftPolicy policy, string after)
    {
        var plan = DnsPlanner.Next(new(observed, desired, policy, Now));

        Assert.That(plan.Decision, Is.InstanceOf<Step>());
        Assert.That(After(observed, plan.Decision), Is.EqualTo(after));
    }

    private static IEnumerable<TestCaseData> Waits()
    {
        var (half, other) = (Served(("a", 128), ("b", 127)), Wanted(("a", 0), ("b", 255)));
        ObservedGroup Health(EndpointHealth health) => half with { Health = new Dictionary<string, EndpointHealth> { ["b"] = health } };

        yield return Case("D1: all weights 0", half, Wanted(("a", 0), ("b", 0)), AtOnce, DnsReasons.NobodyWouldServe);
        yield return Case("D1: weight only for the unhealthy", Health(EndpointHealth.Unhealthy), other, AtOnce, DnsReasons.NobodyWouldServe);
        yield return Case("D2: INSYNC", half with { Change = new(ChangeState.Pending, Now, null) }, other, Quarter, DnsReasons.ChangePending);
        yield return Case("D2: the TTL", half with { Change = InSync(TimeSpan.FromSeconds(59)) }, other, Quarter, DnsReasons.WaitingForTtl);
        yield return Case("D2: the former TTL, which was longer", half with { Change = InSync(TimeSpan.FromSeconds(3599)) with { AnswerTtl = 3600 } }, other, Quarter, DnsReasons.WaitingForTtl);
        yield return Case("D2: the interval", half with { Change = InSync(TimeSpan.FromSeconds(359)) }, other, Quarter, DnsReasons.WaitingForInterval);
        yield return Case("D5: an endpoint that is unhealthy gets no more", Health(EndpointHealth.Unhealthy), Wanted(("a", 100), ("b", 155)), Quarter, DnsReasons.EndpointUnhealthy);
        yield return Case("D5: a roll-back whose healthy endpoints have all waits for the other", Served(("a", 242), ("b", 13), ("c", 0)) with { Health = new Dictionary<string, EndpointHealth> { ["b"] = EndpointHealth.Unhealthy } }, Wanted(("a", 128), ("b", 127), ("c", 0)), Quarter with { Immediate = true }, DnsReasons.EndpointUnhealthy);
        yield return Case("D5: a roll-back to nobody who is healthy waits", Served(("a", 0), ("b", 0), ("c", 255)) with { Health = new Dictionary<string, EndpointHealth> { ["a"] = EndpointHealth.Unhealthy, ["b"] = EndpointHealth.Unhealthy } }, Wanted(("a", 128), ("b", 127), ("c", 0)), Quarter with { Immediate = true }, DnsReasons.NobodyWouldServe);
        yield return Case("D5: a step forward waits for all of its endpoints", Served(("a", 255), ("b", 0), ("c", 0)) with { Health = new Dictionary<string, EndpointHealth> { ["b"] = EndpointHealth.Unhealthy } }, Wanted(("a", 0), ("b", 128), ("c", 127)), Quarter, DnsReasons.EndpointUnhealthy);
        yield return Case("D5: nor one of which nothing is known", Health(EndpointHealth.Unknown), other, Quarter, DnsReasons.HealthUnknown);
        yield return Case("D5: a migration's permission has run out", half, other, Quarter with { Steered = true, PermittedUntil = Now }, DnsReasons.NotPermitted);
        yield return Case("D5: a migration gave none", half, other, Quarter with { Steered = true }, DnsReasons.NotPermitted);
        yield return Case("D5: roll-back needs permission too", half, other, Quarter with { Steered = true, Immediate = true }, DnsReasons.NotPermitted);
        yield return Case("somebody holds", half, other, AtOnce with { Held = "the night shift" }, DnsReasons.Held);
        yield return Case("mode Observe", half, other, AtOnce with { ObserveOnly = true }, DnsReasons.Observing);
        yield return Case("at the end: the TTL once more", half with { Change = InSync(TimeSpan.FromSeconds(10)) }, Wanted(("a", 128), ("b", 127)), Quarter, DnsReasons.WaitingForTtl);

        static TestCaseData Case(string what, ObservedGroup observed, DesiredGroup desired, ShiftPolicy policy, string reason) => new TestCaseData(observed, desired, policy, reason).SetArgDisplayNames(what);
    }

    [TestCaseSource(nameof(Waits))]
    public void Nothing_is_done_and_the_reason_is(ObservedGroup observed, DesiredGroup desired, ShiftPolicy policy, string reason)
    {
        var plan = DnsPlanner.Next(new(observed, desired, policy, Now));

        Assert.That(plan.Decision, Is.InstanceOf<Wait>().And.Property("Reason").EqualTo(reason));
        Assert.That(plan.Reached, Is.False);
    }

    private static IEnumerable<TestCaseData> Stalls()
    {
        var unmarked = Served(("a", 255), ("b", 0)) with { Marks = [] };
        var wanted = Wanted(("a", 255), ("b", 0));
        var simple = new ObservedGroup([Set("a", 0) with { SetIdentifier = null, Weight = null }], [], new Dictionary<string, EndpointHealth>(), null);
        yield return Case("D3: nobody marked it", unmarked, wanted, DnsReasons.NotOurs);
        yield return Case("D3: it is another installation's", Served(("a", 255)) with { Marks = [OwnershipMark.For(Name, "A", "a", Owner with { Instance = "other" })] }, wanted, DnsReasons.NotOurs);
        yield return Case("D3: it changed since somebody looked", unmarked, wanted with { Adopt = true, ExpectedFingerprint = "old" }, DnsReasons.FingerprintDiffers);
        yield return Case("a simple record is in the way", simple, wanted, DnsReasons.SimpleRecordInTheWay);
        yield return Case("a simple record that no endpoint stands for", simple with { Sets = [simple.Sets[0] with { Values = ["198.51.100.1"] }] }, wanted with { Adopt = true }, DnsReasons.SimpleRecordInTheWay);
        yield return Case("another policy is in the way", simple with { Sets = [Set("a", 0) with { Weight = null, OtherPolicy = "latency" }] }, wanted with { Adopt = true }, DnsReasons.OtherPolicyInTheWay);
        yield return Case("others have another TTL", Foreign(("a", 1), ("b", 1), "b") with { }, Wanted(("a", 1)) with { Ttl = 30 }, DnsReasons.TtlOfOthersDiffers);

        static TestCaseData Case(string what, ObservedGroup observed, DesiredGroup desired, string reason) => new TestCaseData(observed, desired, reason).SetArgDisplayNames(what);
    }

    [TestCaseSource(nameof(Stalls))]
    public void Only_a_person_can_help_and_the_reason_is(ObservedGroup observed, DesiredGroup desired, string reason)
    {
        var plan = DnsPlanner.Next(new(observed, desired, Quarter, Now));

        Assert.That(plan.Decision, Is.InstanceOf<Stalled>().And.Property("Reason").EqualTo(reason));
    }

    [Test]
    public void A_simple_record_becomes_weighted_in_one_batch_that_moves_no_traffic()
    {
        var observed = new ObservedGroup([Set("a", 0) with { SetIdentifier = null, Weight = null }], [], new Dictionary<string, EndpointHealth>(), null);
        var desired = Wanted(("a", 100), ("b", 155)) with { Adopt = true, ExpectedFingerprint = observed.Fingerprint };

        var plan = DnsPlanner.Next(new(observed, desired, AtOnce, Now));

        var after = Apply(observed, ((Step)plan.Decision).Changes);
        Assert.That(DnsPlanner.Words(Weights(after)), Is.EqualTo("a:255 b:0"));
        Assert.That(after.Sets.Where(s => s.SetIdentifier is null), Is.Empty);
        Assert.That(after.Marks, Has.Count.EqualTo(2));
    }

    [Test]
    public void A_weight_is_swapped_together_with_all_of_ours_and_the_marks_stay()
    {
        var changes = ((Step)DnsPlanner.Next(new(Served(("a", 255), ("b", 0), ("c", 0)), Wanted(("a", 191), ("b", 64), ("c", 0)), AtOnce, Now)).Decision).Changes;

        Assert.That(changes.Select(c => (c.IsCreate, c.Set.SetIdentifier)), Is.EqualTo(new[] { (false, "a"), (false, "b"), (false, "c"), (true, "a"), (true, "b"), (true, "c") }));
        Assert.That(changes.Select(c => c.Set.Type), Has.All.EqualTo("A"));
    }

    [Test]
    public void A_new_ttl_replaces_the_whole_group_at_its_weights()
    {
        var observed = Served(("a", 191), ("b", 64));
        var desired = Wanted(("a", 191), ("b", 64)) with { Ttl = 30, Sets = [Set("a", 191) with { Ttl = 30 }, Set("b", 64) with { Ttl = 30 }] };

        var plan = DnsPlanner.Next(new(observed, desired, Quarter, Now));

        Assert.That(((Step)plan.Decision).Kind, Is.EqualTo(StepKinds.Update));
        Assert.That(Apply(observed, ((Step)plan.Decision).Changes).Sets.Select(s => s.Ttl), Has.All.EqualTo(30));
    }

    private static IEnumerable<TestCaseData> OldAnswers()
    {
        var hour = Served(("a", 255), ("b", 0));
        hour = hour with { Sets = [.. hour.Sets.Select(s => s with { Ttl = 3600 })] };
        var alias = Set("a", 255) with { Ttl = null, Values = null, Alias = new("Z1", "lb.example.com.", true) };
        ObservedChange Before(ChangeState state, int ago) => new(state, Now, state == ChangeState.InSync ? Now - TimeSpan.FromSeconds(ago) : null, 3600);

        yield return Case("the TTL of what is made", Served(), Wanted(("a", 255)), 60);
        yield return Case("the TTL of what is replaced, where it is longer", hour, Wanted(("a", 0), ("b", 255)), 3600);
        yield return Case("60 s where a load balancer answers", Served() with { Sets = [alias] }, Adopting(Served() with { Sets = [alias] }, Wanted(("a", 255))) with { Ttl = 30, Sets = [alias with { HealthCheckId = "new" }] }, 60);
        yield return Case("what is left of the answers from before an earlier change", Served(("a", 255), ("b", 0)) with { Change = Before(ChangeState.InSync, 600) }, Wanted(("a", 0), ("b", 255)), 3000);
        yield return Case("all of it while that one is pending", Served(("a", 255), ("b", 0)) with { Change = Before(ChangeState.Pending, 0) }, Wanted(("a", 0), ("b", 255)), 3600);
        yield return Case("nothing of it once it is over", Served(("a", 255), ("b", 0)) with { Change = Before(ChangeState.InSync, 3600) }, Wanted(("a", 0), ("b", 255)), 60);
        yield return Case("and the marks' TTL never, as nobody resolves them", Served(("a", 255)) with { Marks = [] }, Adopting(Served(("a", 255)), Wanted(("a", 255))), 0);

        static TestCaseData Case(string what, ObservedGroup observed, DesiredGroup desired, long seconds) => new TestCaseData(observed, desired, seconds).SetArgDisplayNames(what);
    }

    [TestCaseSource(nameof(OldAnswers))]
    public void Resolvers_may_hold_answers_from_before_a_batch_for_this_many_seconds(ObservedGroup observed, DesiredGroup desired, long seconds)
    {
        var plan = DnsPlanner.Next(new(observed, desired, AtOnce with { Immediate = true }, Now));

        Assert.That(plan.Decision, Is.InstanceOf<Step>().And.Property("AnswerTtl").EqualTo(seconds));
    }

    [Test]
    public void A_change_without_a_known_outcome_is_confirmed_before_anything_else()
    {
        var observed = Served(("a", 191), ("b", 64)) with { Change = new(ChangeState.Unconfirmed, Now, null) };

        var plan = DnsPlanner.Next(new(observed, Wanted(("a", 0), ("b", 255)), Quarter, Now));

        Assert.That(((Step)plan.Decision).Kind, Is.EqualTo(StepKinds.Confirm));
        Assert.That((After(observed, plan.Decision), plan.InFlight), Is.EqualTo(("a:191 b:64", true)));
    }

    [Test]
    public void Weight_zero_with_health_checks_is_told_to_be_no_fence()
    {
        var observed = Served(("a", 255), ("b", 0));

        Assert.That(FenceRule.MayServeAnyway(observed), Is.Empty);
        Assert.That(FenceRule.MayServeAnyway(observed with { Sets = [Set("a", 255) with { HealthCheckId = "check" }, Set("b", 0)] }), Is.EqualTo(new[] { "b" }));
    }

    /// <summary>Ours and one that has no mark.</summary>
    private static ObservedGroup Foreign((string Id, int Weight) ours, (string Id, int Weight) other, string foreign)
    {
        var group = Served(ours, other);
        return group with { Marks = [.. group.Marks.Where(m => m.SetIdentifier != foreign)] };
    }
}
