using Modestano.Operator.Migrations.Gates;
using Modestano.Operator.ReplicaSets.Observation;

namespace Modestano.Operator.Tests.Migrations;

[TestFixture]
public sealed class DecommissionGateTests
{
    private static readonly string[] Staying = ["b1", "b2"];

    public static IEnumerable<TestCaseData> Table()
    {
        yield return Case("Nothing_is_known_of_a_set_that_cannot_be_observed", null, "redundancy Unknown; application-connections Unknown");
        yield return Case("Members_that_serve_and_nobody_connected_pass", Set([]), "redundancy Passing 2/2; application-connections Passing 0/0");
        yield return Case("A_member_that_stays_and_does_not_serve_fails", Set([], serving: false), "redundancy Failing 1/2; application-connections Passing 0/0");
        yield return Case("A_member_that_did_not_tell_is_not_taken_for_unused", Set(null), "redundancy Passing 2/2; application-connections Unknown");
        yield return Case(
            "An_application_that_is_connected_is_named",
            Set([new("checkout", ["10.0.0.4", "10.0.0.5"], 7), new("mongosh", ["10.0.0.9"], 1)]),
            "redundancy Passing 2/2; application-connections Failing 8/0 a1 is used by 2 applications: checkout from 10.0.0.4 and 1 more, mongosh from 10.0.0.9; stop them or give them the new hosts");
        yield return Case(
            "Of_many_applications_the_first_are_named",
            Set([.. "abcde".Select(c => new ConnectedApplication($"{c}", ["10.0.0.4"], 1))]),
            "redundancy Passing 2/2; application-connections Failing 5/0 a1 is used by 5 applications: a from 10.0.0.4, b from 10.0.0.4, c from 10.0.0.4, …; stop them or give them the new hosts");
    }

    [TestCaseSource(nameof(Table))]
    public void The_gates_of_decommissioning_say(object? health, string expected)
    {
        var gates = DecommissionGates.Evaluate((ReplicaSetHealth?)health, Staying, ["a1"], DateTimeOffset.UnixEpoch).ToList();
        Assert.That(string.Join("; ", gates.Select(g => $"{g.Name} {g.Result}{(g.Value is null ? "" : $" {g.Value}/{g.Limit}")}{(g is { Name: "application-connections", Result: "Failing" } ? $" {g.Message}" : "")}")), Is.EqualTo(expected));
    }

    [Test]
    public void Connections_do_not_count_before_the_members_are_hidden() =>
        Assert.That(DecommissionGates.Evaluate(Set(null), Staying, [], DateTimeOffset.UnixEpoch).Select(g => g.Name), Is.EqualTo(new[] { "redundancy" }));

    private static ReplicaSetHealth Set(IReadOnlyList<ConnectedApplication>? applications, bool serving = true) => new("b1",
    [
        new MemberFigures("a1", "eu-west-1", true, true, true, TimeSpan.Zero, null) { Applications = applications },
        new MemberFigures("b1", "eu-west-2", true, true, true, TimeSpan.Zero, null),
        new MemberFigures("b2", "eu-west-2", true, true, serving, TimeSpan.Zero, null),
    ]);

    private static TestCaseData Case(string name, ReplicaSetHealth? health, string expected) => new TestCaseData(health, expected).SetName(name);
}
