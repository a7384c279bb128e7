using Modestano.Crds.V1Alpha1;
using Modestano.Operator.Dns.Decision;
using Modestano.Operator.Dns.Ownership;
using Modestano.Operator.Dns.Planning;
using Modestano.Operator.Runtime;
using static Modestano.Operator.Tests.Dns.Planning.Group;

namespace Modestano.Operator.Tests.Dns.Planning;

/// <summary>What becomes of the record sets of an object that goes.</summary>
public sealed class DeletionTests
{
    private static readonly ObservedGroup Ours = Served(("a", 255), ("b", 0));

    private static IEnumerable<TestCaseData> Removals()
    {
        yield return Case("Retain takes the marks alone", Ours, Spec("Retain"), "-TXT a, -TXT b");
        yield return Case("Retain under a hold, as no traffic moves", Ours, Spec("Retain"), "-TXT a, -TXT b", held: "held");
        yield return Case("Delete takes sets and marks", Ours, Spec("Delete"), "-A a, -A b, -TXT a, -TXT b");
        yield return Case("a policy of another version takes the marks alone", Ours, Spec("Archive"), "-TXT a, -TXT b");
        yield return Case("others' sets stay", Ours with { Sets = [.. Ours.Sets, Set("theirs", 9)] }, Spec("Delete"), "-A a, -A b, -TXT a, -TXT b");
        yield return Case("a set without a mark stays", Served(("a", 255), ("b", 9)) with { Marks = [Ours.Marks[0]] }, Spec("Delete"), "-A a, -TXT a");

        static TestCaseData Case(string what, ObservedGroup observed, WeightedDnsRecordSpec spec, string changes, string? held = null) => new TestCaseData(observed, spec, changes, held).SetArgDisplayNames(what);
    }

    [TestCaseSource(nameof(Removals))]
    public void What_goes(ObservedGroup observed, WeightedDnsRecordSpec spec, string changes, string? held)
    {
        var remove = (DeletionDecision.Remove)Plan(observed, spec, held).Decision;

        Assert.That(string.Join(", ", remove.Changes.Select(c => $"{(c.IsCreate ? "+" : "-")}{c.Set.Type} {c.Set.SetIdentifier}")), Is.EqualTo(changes));
        Assert.That(remove.MovesTraffic, Is.EqualTo(changes.Contains("-A", StringComparison.Ordinal)));
    }

    [Test]
    public void A_held_objects_sets_stay() =>
        Assert.That(Plan(Ours, Spec("Delete"), "held").Decision, Is.EqualTo(new DeletionDecision.Blocked("held")));

    [Test]
    public void Sets_stay_while_those_of_others_would_serve_nobody_without_them()
    {
        var observed = Ours with { Sets = [.. Ours.Sets, Set("theirs", 9)], Health = new Dictionary<string, EndpointHealth> { ["theirs"] = EndpointHealth.Unhealthy } };

        Assert.That(Plan(observed, Spec("Delete"), null).Decision, Is.InstanceOf<DeletionDecision.Blocked>().With.Property("Why").StartsWith("others' record sets stay in the group, and without ours "));
    }

    [TestCase("Delete")]
    [TestCase("Retain")]
    public void Where_nothing_is_marked_as_ours_nothing_is_touched(string policy)
    {
        var theirs = Ours with { Marks = [.. Ours.Marks.Select(m => OwnershipMark.For(Name, "A", m.SetIdentifier!, Owner with { Name = "neighbour" }))] };

        var plan = Plan(theirs, Spec(policy), "held");

        Assert.That(plan.Decision, Is.InstanceOf<DeletionDecision.Done>());
        Assert.That(plan.Warnings, Is.Empty);
    }

    [Test]
    public void A_lost_mark_and_an_unknown_policy_are_told()
    {
        Assert.That(Plan(Ours with { Marks = [] }, Spec("Delete"), null).Warnings.Single(), Is.EqualTo((DnsReasons.MarkLost,
            "The record sets a, b of shop.modestano.com A stay in the zone: no ownership mark of this object is beside them; remove them by hand if they are to go")));
        Assert.That(Plan(Ours, Spec("Archive"), null).Warnings.Single().Reason, Is.EqualTo(RuntimeReasons.UnknownValue));
        Assert.That(Plan(Ours, Spec("Delete"), null).Warnings, Is.Empty);
    }

    private static DeletionPlan Plan(ObservedGroup observed, WeightedDnsRecordSpec spec, string? held) => DeletionPlanner.Next(new(observed, new RecordClaim(Owner, [], null, false), spec, held));

    private static WeightedDnsRecordSpec Spec(string policy) => new()
    {
        Name = "shop.modestano.com",
        Type = "A",
        DeletionPolicy = policy,
        Endpoints = [new() { SetIdentifier = "a", Weight = 255, Values = ["192.0.2.1"] }, new() { SetIdentifier = "b", Weight = 0, Values = ["192.0.2.2"] }],
    };
}
