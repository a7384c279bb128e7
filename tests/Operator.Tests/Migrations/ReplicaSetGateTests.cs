using System.Net;
using Modestano.Crds.V1Alpha1;
using Modestano.Operator.Configuration;
using Modestano.Operator.Migrations.Gates;
using Modestano.Operator.Migrations.Planning;

namespace Modestano.Operator.Tests.Migrations;

[TestFixture]
public sealed class ReplicaSetGateTests
{
    private static readonly DateTimeOffset Now = new(2026, 11, 23, 3, 0, 0, TimeSpan.Zero);

    public static IEnumerable<TestCaseData> Table()
    {
        yield return Case("Nothing_is_known_of_a_set_that_cannot_be_observed", null, "Unknown Unknown Unknown Unknown");
        yield return Case("A_healthy_set_passes", Healthy(), "Passing Passing Passing Passing");
        yield return Case("A_set_without_a_primary_fails", Healthy() with { Primary = null }, "Failing Passing Passing Passing");
        yield return Case("A_voter_of_the_region_that_does_not_serve_fails", Change(m => m.Host == "b2" ? m with { IsServing = false } : m), "Passing Failing Passing Passing");
        yield return Case("A_voter_of_another_region_that_does_not_serve_passes", Change(m => m.Host == "a1" ? m with { IsServing = false } : m), "Passing Passing Passing Passing");
        yield return Case("No_majority_of_voters_fails", Change(m => m.Region == "eu-west-1" ? m with { IsServing = false } : m), "Passing Failing Passing Passing");
        yield return Case("A_region_without_a_vote_fails", Change(m => m.Region == "eu-west-2" ? m with { IsVoter = false } : m), "Passing Failing Passing Passing");
        yield return Case("Lag_above_the_limit_fails", Change(m => m.Host == "b1" ? m with { Lag = TimeSpan.FromSeconds(6) } : m), "Passing Passing Failing Passing");
        yield return Case("Lag_at_the_limit_passes", Change(m => m.Host == "b1" ? m with { Lag = TimeSpan.FromSeconds(5) } : m), "Passing Passing Passing Passing");
        yield return Case("Unknown_lag_is_no_good_lag", Change(m => m.Host == "b1" ? m with { Lag = null } : m), "Passing Passing Unknown Passing");
        yield return Case("Lag_in_the_other_region_does_not_count", Change(m => m.Host == "a2" ? m with { Lag = TimeSpan.FromHours(1) } : m), "Passing Passing Passing Passing");
        yield return Case("A_short_oplog_fails", Change(m => m.Host == "b1" ? m with { OplogWindow = TimeSpan.FromHours(23) } : m), "Passing Passing Passing Failing");
        yield return Case("An_unknown_oplog_is_unknown", Change(m => m.Host == "b1" ? m with { OplogWindow = null } : m), "Passing Passing Passing Unknown");
    }

    [TestCaseSource(nameof(Table))]
    public void The_gates_primary_voters_lag_and_oplog_say(object? health, string expected)
    {
        var gates = ReplicaSetGates.Evaluate((ReplicaSetHealth?)health, "eu-west-2", new GatesSpec(), TimeSpan.FromHours(24), Now);
        Assert.That(string.Join(' ', gates.Select(g => g.Result)), Is.EqualTo(expected), string.Join("; ", gates.Select(g => g.Message)));
    }

    [TestCase("192.0.2.10", null)]
    [TestCase("127.0.0.1", "it is a loopback address")]
    [TestCase("::1", "it is a loopback address")]
    [TestCase("::ffff:127.0.0.1", "it is a loopback address")]
    [TestCase("169.254.169.254", "it is a link-local, metadata or multicast address, or none of a host")]
    [TestCase("fe80::1", "it is a link-local, metadata or multicast address, or none of a host")]
    [TestCase("224.0.0.1", "it is a link-local, metadata or multicast address, or none of a host")]
    [TestCase("0.0.0.0", "it is a link-local, metadata or multicast address, or none of a host")]
    public void A_probe_reaches_no_address_that_only_the_operator_can_reach(string address, string? refusal) =>
        Assert.That(ProbeAddress.Refusal(IPAddress.Parse(address), new ProbePolicy(AllowLoopback: false), new ProbeGrant([443], [])), Is.EqualTo(refusal));

    [Test]
    public void A_gate_fails_only_after_as_many_failures_in_a_row_as_the_spec_allows()
    {
        var bad = new GateStatus { Name = "error-rate", Result = GateVerdict.Failing, Message = "above 0.01" };
        var first = FailureThreshold.Apply(bad, null, 3);
        var second = FailureThreshold.Apply(bad, first, 3);
        var third = FailureThreshold.Apply(bad, second, 3);
        var good = FailureThreshold.Apply(bad with { Result = GateVerdict.Passing }, third, 3);
        var again = FailureThreshold.Apply(bad, good, 3);

        Assert.That(new[] { first, second, third, good, again }.Select(g => g.Result), Is.EqualTo(new[] { "Unknown", "Unknown", "Failing", "Passing", "Unknown" }));
        Assert.That(second.Message, Is.EqualTo("above 0.01 (2 of 3 failures in a row)"));
    }

    [Test]
    public void A_gate_that_does_not_hold_for_a_moment_is_no_failure_yet_and_one_that_does_not_for_longer_than_an_election_is()
    {
        var bad = new GateStatus { Name = "primary", Result = GateVerdict.Failing, Message = "no primary is known" };
        var first = Persistence.Apply(bad, null, Now);
        var soon = Persistence.Apply(bad, first, Now.AddSeconds(14));
        var late = Persistence.Apply(bad, soon, Now.AddSeconds(15));
        var good = Persistence.Apply(bad with { Result = GateVerdict.Passing }, late, Now.AddSeconds(20));
        var again = Persistence.Apply(bad, good, Now.AddSeconds(25));

        Assert.That(new[] { first, soon, late, good, again }.Select(g => g.Result), Is.EqualTo(new[] { "Unknown", "Unknown", "Failing", "Passing", "Unknown" }));
        Assert.That((first.Message, late.Message), Is.EqualTo(("no primary is known (counts as a failure when that lasts 15s)", "no primary is known")));
    }

    private static ReplicaSetHealth Healthy() => new("a1", [.. new[] { "a1", "a2", "a3", "b1", "b2" }.Select(h =>
        new MemberFigures(h, h[0] == 'a' ? "eu-west-1" : "eu-west-2", true, true, true, TimeSpan.Zero, TimeSpan.FromHours(48)))]);

    private static ReplicaSetHealth Change(Func<MemberFigures, MemberFigures> change) => Healthy() with { Members = [.. Healthy().Members.Select(change)] };

    private static TestCaseData Case(string name, ReplicaSetHealth? health, string expected) => new TestCaseData(health, expected).SetName(name);
}
