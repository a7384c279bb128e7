using Modestano.Crds.V1Alpha1;
using Modestano.Operator.Migrations.Gates;

namespace Modestano.Operator.Tests.Migrations;

/// <summary>When the old region is fit to take traffic and primary back: not perfect, but not dead and not far behind.</summary>
[TestFixture]
public sealed class WayBackGateTests
{
    private const string Old = "eu-west-1";

    public static IEnumerable<TestCaseData> Table()
    {
        yield return Case("Nothing_is_known_of_a_set_that_was_not_observed_since", null, "Unknown Unknown");
        yield return Case("A_healthy_region_passes", Set("a1", "a2", "a3"), "Passing Passing");
        yield return Case("One_of_three_that_is_down_does_not_hold_it", Set("a1 down", "a2", "a3"), "Passing Passing");
        yield return Case("Two_of_three_that_are_down_do", Set("a1 down", "a2 down", "a3"), "Failing Failing");
        yield return Case("One_of_two_voters_that_is_down_beside_a_member_that_yielded_its_vote_does_not_hold_it", Set("a1 down", "a2", "a3 voteless"), "Passing Passing");
        yield return Case("Both_voters_that_are_down_do", Set("a1 down", "a2 down", "a3 voteless"), "Failing Failing");
        yield return Case("One_of_two_members_that_is_down_does_not_hold_it", Set("a1 down", "a2"), "Passing Passing");
        yield return Case("The_only_member_that_is_down_does", Set("a1 down"), "Failing Failing");
        yield return Case("Members_that_applications_do_not_see_do_not_count", Set("a1 down", "a2 down", "a3 hidden", "a4 hidden"), "Failing Failing");
        yield return Case("One_that_is_behind_does_not_hold_it", Set("a1 late", "a2", "a3 voteless"), "Passing Passing");
        yield return Case("Most_that_are_behind_do", Set("a1 late", "a2 late", "a3"), "Passing Failing");
        yield return Case("Lag_that_is_not_known_is_no_good_lag", Set("a1 unknown", "a2 unknown", "a3"), "Passing Unknown");
        yield return Case("A_region_without_a_vote_does", Set("a1 voteless", "a2 voteless"), "Failing Passing");
        yield return Case("No_majority_of_the_voters_does", Set(["a1", "a2"], ["b1 down", "b2 down", "b3 down"]), "Failing Passing");
        yield return Case("The_region_that_it_leaves_may_be_dead", Set(["a1", "a2", "a3"], ["b1 down", "b2 down"]), "Passing Passing");
    }

    [TestCaseSource(nameof(Table))]
    public void Voters_and_lag_say(object? health, string expected)
    {
        var gates = WayBackGates.Evaluate((ReplicaSetHealth?)health, Old, new GatesSpec(), new(2026, 11, 23, 3, 0, 0, TimeSpan.Zero));
        Assert.That(string.Join(' ', gates.Select(g => g.Result)), Is.EqualTo(expected), string.Join("; ", gates.Select(g => g.Message)));
    }

    private static ReplicaSetHealth Set(params string[] old) => Set(old, ["b1", "b2", "b3"]);

    private static ReplicaSetHealth Set(string[] old, string[] other) => new("b1", [.. old.Concat(other).Select(Member)]);

    private static MemberFigures Member(string text)
    {
        var (name, how) = (text[..2], text[2..].Trim());
        return new MemberFigures(
            name, name[0] == 'a' ? Old : "eu-west-2", how is not ("voteless" or "hidden"), true, how != "down",
            how switch { "late" => TimeSpan.FromHours(1), "unknown" or "down" => null, _ => TimeSpan.Zero }, TimeSpan.FromHours(48))
        {
            IsVisible = how != "hidden",
        };
    }

    private static TestCaseData Case(string name, ReplicaSetHealth? health, string expected) => new TestCaseData(health, expected).SetName(name);
}
