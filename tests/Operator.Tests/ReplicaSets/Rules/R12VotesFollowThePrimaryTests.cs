using Modestano.Operator.ReplicaSets.Observation;
using Modestano.Operator.ReplicaSets.Rules;
using Modestano.Operator.ReplicaSets.Topology;
using Modestano.Operator.Tests.ReplicaSets.Planning;

namespace Modestano.Operator.Tests.ReplicaSets.Rules;

/// <summary>R12: at rest the primary's region alone holds a voting majority, and the primary moves only where votes are or cannot come.</summary>
public class R12VotesFollowThePrimaryTests
{
    private static readonly string[] Names = [.. Sets.Names('a', 3), .. Sets.Names('b', 3)];
    private static readonly ReplicaSetConfig Six = Sets.Rested('a', Names);
    private static readonly DesiredTopology ToB = Sets.Topology("b", Names);

    private static IEnumerable<TestCaseData> Cases()
    {
        yield return Row.Kept("Three_and_two_rest_where_the_three_are", new() { From = Six, To = Six.With("b3", Sets.Joined), Wanted = Sets.Topology("a", Names) });
        yield return Row.Kept("A_tie_on_the_way_to_the_hand_off", new() { From = Six.With("b3", Sets.Joined), To = Six, Wanted = ToB });
        yield return Row.Kept("The_primary_moves_in_a_tie", new() { From = Six, Step = Steps.Down("a1", "b1"), Wanted = ToB });
        yield return Row.Broken("The_primary_does_not_move_into_a_minority_that_more_will_join", new() { From = Six.With("b2", Sets.Joined).With("b3", Sets.Joined), Step = Steps.Down("a1", "b1"), Wanted = ToB }, "would move to b with 1 of 4 votes there and more to come");
        yield return Row.Kept("It_moves_into_a_minority_that_nobody_will_join", new() { From = Sets.Rested('a', "a1", "a2", "a3", "b1"), Step = Steps.Down("a1", "b1"), Wanted = Sets.Topology("b", "a1", "a2", "a3", "b1") });
    }

    [TestCaseSource(nameof(Cases))]
    public void R12(OnTrial trial, string? words) => Row.Assert(new R12VotesFollowThePrimary(), trial, words);
}
